"""One run of pytest: what its tests found travels with their reports, and is written at the end.

A report reaches the process that writes, from an xdist worker too, as soon as its test has ended; so what was met is
known even when the run is interrupted or a worker dies.
"""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest

from pact_ffi.consumer import unfinished

if TYPE_CHECKING:
    from pact_ffi.pytest_plugin.findings import Findings


class Part(Protocol):
    """What a test has to do with a contract: a consumer's pact, or a provider's interaction."""

    def finish(self, failed: bool) -> None:
        """Check it when the test function has ended; raises as the test would."""

    def records(self, outcome: str) -> list[dict[str, Any]]:
        """Return what was found, given the test's ``outcome``, in plain values that can travel between processes."""


_PARTS = pytest.StashKey[list[Part]]()


class PactSession:
    """Knows whether the whole suite runs, and writes; a run without contracts has no more hooks of ours than these."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started_ns = time.time_ns()
        self._collected = 0
        self._findings: Findings | None = None
        self._unmet: list[str] = []
        self._lines: list[str] = []
        self._is_worker = hasattr(config, "workerinput")
        self.whole = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count the consumers' tests before anything is deselected."""
        self._collected = sum(map(_is_consumer, items))
        if self._collected:
            self.watch()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notice whether some of them were left out."""
        self.whole = self.whole and sum(map(_is_consumer, session.items)) == self._collected

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notice modules that were skipped: who knows what is in them."""
        self.whole = self.whole and not report.skipped

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test found, wherever it ran."""
        found = getattr(report, "pact", None)
        if found and not self._is_worker:
            from pact_ffi.pytest_plugin.findings import Findings

            self._findings = self._findings or Findings()
            self._findings.take(report.nodeid, found["records"])
            self.whole = self.whole and found["whole"]

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
        if self._findings:
            whole = self.whole and session.exitstatus == 0 and self._everything_asked_for()
            self._lines = self._findings.write(whole, self._started_ns)
            self._unmet += self._findings.problems
        report = self._config.getoption("pact_report")
        if report:
            from pact_ffi.reporting.html import write_report

            path = Path(self._config.invocation_params.dir, report)
            write_report(path, self._findings.records if self._findings else [])
            self._lines.append(f"report: {path}")
        if self._unmet and session.exitstatus in (0, 5):
            session.exitstatus = 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written and verified, and which contracts were not met."""
        for title, lines, colours in (("pact", self._lines, {}), ("contracts not met", self._unmet, {"red": True})):
            if lines:
                terminalreporter.section(title, sep="=", bold=True, **colours)
                for line in lines:
                    terminalreporter.write_line(line)

    def watch(self) -> None:
        """Begin to watch the tests of this process."""
        self._config.pluginmanager.register(_Watcher(self), "pact_ffi_watcher")

    @property
    def watching(self) -> bool:
        """Whether that has begun."""
        return self._config.pluginmanager.has_plugin("pact_ffi_watcher")

    def _everything_asked_for(self) -> bool:
        """Say whether the command line leaves no folder of tests out."""
        config, given = self._config, self._config.invocation_params
        root = config.rootpath
        wanted = [Path(found) for pattern in config.getini("testpaths") for found in glob.glob(str(root / pattern))]
        chosen = [Path(given.dir, arg).resolve() for arg in config.args]
        everything = all(any(c == w or c in w.parents for c in chosen) for w in wanted or [root])
        ignoring = any(str(arg).startswith("--ignore") for arg in given.args)
        return everything and not ignoring and not config.getoption("lf", False)


class _Watcher:
    """The hooks that cost something for every test, so that only a run with contracts has them."""

    def __init__(self, session: PactSession) -> None:
        self._session = session

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Let a contract that was not met fail its test."""
        outcome = yield
        for part in item.stash.get(_PARTS, []):
            try:
                part.finish(outcome.excinfo is not None)
            except BaseException as error:  # pytest's own outcomes are no Exception
                if outcome.excinfo is None:
                    outcome.force_exception(error)
                else:
                    item.add_report_section("call", "pact", str(error))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Give the report what the test found."""
        report = (yield).get_result()
        parts = item.stash.get(_PARTS, []) if call.when == "call" else []
        skipped = report.skipped and _is_consumer(item)
        if parts or skipped:
            records = [record for part in parts for record in part.records(report.outcome)]
            report.pact = {"whole": self._session.whole and not skipped, "records": records}


def parts_of(request: pytest.FixtureRequest) -> list[Part]:
    """Return the list of a test's parts, which is watched from now on, until the fixture that asks ends."""
    session = cast(PactSession, request.config.pluginmanager.get_plugin("pact_ffi_session"))
    if not session.watching:
        session.watch()
        if os.environ.get("PYTEST_CURRENT_TEST") == f"{request.node.nodeid} (call)":
            pytest.fail("this test would not be checked: let it take the pact's fixture as a parameter", pytrace=False)
    parts: list[Part] = request.node.stash.setdefault(_PARTS, [])
    request.addfinalizer(parts.clear)
    return parts


def _is_consumer(item: pytest.Item) -> bool:
    return "consumer_pacts" in getattr(item, "fixturenames", ())
