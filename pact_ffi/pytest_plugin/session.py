"""One run of pytest: what its tests found travels with their reports, and is written at the end.

A report reaches the process that writes, from an xdist worker too, as soon as its test has ended; so what was met is
known even when the run is interrupted or a worker dies.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pact_ffi.consumer import unfinished

if TYPE_CHECKING:
    from pact_ffi.pytest_plugin.findings import Findings
    from pact_ffi.pytest_plugin.watcher import Part, Watcher

_MARKERS = {"pact", "pact_source", "pact_broker"}


class PactSession:
    """Knows what was left out, and writes; a run without contracts has no more hooks of ours than these."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started_ns = time.time_ns()
        self._collected = 0
        self._findings: Findings | None = None
        self._unmet: list[str] = []
        self._lines: list[str] = []
        self._misused: dict[pytest.Item, str] = {}
        self._imported_for_nothing = False
        self._is_worker = hasattr(config, "workerinput")
        self._watcher: Watcher | None = None
        self.whole = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count the consumers' tests before anything is deselected; find markers that do nothing."""
        self._collected = sum("consumer_pacts" in getattr(item, "fixturenames", ()) for item in items)
        marked = any(mark.name in _MARKERS for item in items for mark in item.iter_markers())
        if self._collected or marked or self._config.getoption("pact_report"):
            self.watch()
        if marked:
            from pact_ffi.pytest_plugin.watcher import misused

            self._misused = misused(items)

    def pytest_deselected(self) -> None:
        """Notice that tests were left out, whose modules were imported all the same."""
        self._imported_for_nothing = True

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notice whether some of them were left out; what modules describe may then be for others than run now."""
        if self._imported_for_nothing or session.config.option.collectonly:
            unfinished.forget()
        left = sum("consumer_pacts" in getattr(item, "fixturenames", ()) for item in session.items)
        self.whole = self.whole and left == self._collected

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notice modules that were skipped: who knows what is in them."""
        self.whole = self.whole and not report.skipped

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Refuse a test whose marker does nothing."""
        if item in self._misused:
            pytest.fail(self._misused[item], pytrace=False)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Let a failure that a contract explains begin with the contract's words.

        Of what we refuse or report, our own frames are left out: the test's line is what a person looks for, and values
        in our variables (``--showlocals``) may be secrets. ``--full-trace`` shows them.
        """
        caught = call.excinfo or next(iter(getattr(item, "_excinfo", None) or ()), None)  # unittest's come a step later
        error = caught.value if caught is not None else None
        ours = type(error).__module__.startswith("pact_ffi.")
        if ours and error is not None:
            from pact_ffi.pytest_plugin.failures import hide_our_frames

            hide_our_frames(error)
        report = (yield).get_result()
        unfinished.told(error, item.nodeid if report.failed else None)
        if report.failed and (ours or hasattr(error, "pact_report") or hasattr(error, "exceptions")):
            from pact_ffi.pytest_plugin.failures import explanation, led

            if text := explanation(error):
                led(report, error, text)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test found, wherever it ran."""
        found = getattr(report, "pact", None)
        if found and not self._is_worker:
            from pact_ffi.pytest_plugin.findings import Findings

            self._findings = self._findings or Findings()
            self._findings.take(report.nodeid, found["records"], report.duration)
            self.whole = self.whole and found["whole"]

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Do not tell of what Ctrl-C has interrupted."""
        unfinished.told(excinfo.value)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker says of its classic services."""
        self._unmet += getattr(node, "workeroutput", {}).get("pact_unmet", [])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write what was met; end the classic services that no test stopped. A broken contract fails the run."""
        self._unmet += unfinished.finish_all()
        if self._is_worker:
            self._config.workeroutput["pact_unmet"] = self._unmet  # type: ignore[attr-defined]
            return
        if self._watcher is not None:
            self._watcher.end()
        if self._findings:
            from pact_ffi.pytest_plugin.whole import left_out

            left = "" if self.whole and session.exitstatus == 0 else "tests"
            self._lines = self._findings.write(not (left or left_out(self._config)), self._started_ns)
            self._unmet += self._findings.problems
        if report := self._config.getoption("pact_report"):
            self._report(Path(self._config.invocation_params.dir, report))
        if self._unmet and session.exitstatus in (0, 5):
            session.exitstatus = 1

    def _report(self, path: Path) -> None:
        from pact_ffi.reporting.html import write_report

        try:
            write_report(path, self._findings.records if self._findings else [], _facts(self._config))
        except Exception as error:  # a report must not end the run, nor change its outcome
            self._lines.append(f"the report {path} was not written: {type(error).__name__}: {error}")
        else:
            self._lines.append(f"report: {path}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written and verified, and which contracts were not met."""
        for title, lines, colours in (("pact", self._lines, {}), ("contracts not met", self._unmet, {"red": True})):
            if lines:
                terminalreporter.section(title, sep="=", bold=True, **colours)
                for line in lines:
                    terminalreporter.write_line(line)

    def watch(self) -> None:
        """Begin to watch the tests of this process."""
        if self._watcher is None:
            # now: a test may replace what importing needs, such as open()
            import pact_ffi.pytest_plugin.findings  # noqa: F401
            from pact_ffi.pytest_plugin.watcher import Watcher

            self._watcher = Watcher(lambda: self.whole)
            self._config.pluginmanager.register(self._watcher, "pact_ffi_watcher")

    @property
    def watching(self) -> bool:
        """Whether that has begun."""
        return self._watcher is not None


def parts_of(request: pytest.FixtureRequest) -> list[Part]:
    """Return the list of a test's parts, which is watched from now on, until the fixture that asks ends."""
    from pact_ffi.pytest_plugin.watcher import PARTS

    session = cast(PactSession, request.config.pluginmanager.get_plugin("pact_ffi_session"))
    if not session.watching:
        session.watch()
        if os.environ.get("PYTEST_CURRENT_TEST") == f"{request.node.nodeid} (call)":
            pytest.fail("this test would not be checked: let it take the pact's fixture as a parameter", pytrace=False)
    parts: list[Part] = request.node.stash.setdefault(PARTS, [])
    request.addfinalizer(parts.clear)
    return parts


def _facts(config: pytest.Config) -> dict[str, object]:
    """Return what a report says of the run itself."""
    import platform

    import pact_ffi
    from pact_ffi.broker.git import commit
    from pact_ffi.core.library import version
    from pact_ffi.errors import UsageError

    facts: dict[str, object] = {"run": time.strftime("%Y-%m-%d %H:%M:%S %z"), "project": config.rootpath.name}
    with suppress(UsageError):
        facts["commit"] = commit(config.rootpath)[:12]
    versions = {"pact-ffi": pact_ffi.__version__, "core": version(), "Python": platform.python_version()}
    return {**facts, **versions, "pytest": pytest.__version__}
