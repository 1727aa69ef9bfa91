"""One run of pytest: what its tests found is written at the end."""

from __future__ import annotations

import glob
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pact_ffi.pytest_plugin.findings import Findings


class PactSession:
    """Knows whether the whole suite runs, and writes; a run without contracts has no more hooks of ours than these."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started_ns = time.time_ns()
        self._collected = 0
        self._findings: Findings | None = None
        self._unmet: list[str] = []
        self._lines: list[str] = []
        self.whole = True
        self.is_worker = hasattr(config, "workerinput")

    def pytest_sessionstart(self) -> None:
        """Listen to xdist's workers."""
        if self._config.pluginmanager.has_plugin("dsession"):
            self.watch()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count the consumers' tests before anything is deselected."""
        self._collected = sum(map(is_consumer, items))
        if self._collected:
            self.watch()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notice whether some of them were left out."""
        self.whole = self.whole and sum(map(is_consumer, session.items)) == self._collected

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notice modules that were skipped: who knows what is in them."""
        self.whole = self.whole and not report.skipped

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker says of its classic services."""
        self._unmet += getattr(node, "workeroutput", {}).get("pact_unmet", [])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write what was met; end the classic services that no test stopped. A broken contract fails the run."""
        service = sys.modules.get("pact_ffi.classic.service")
        self._unmet += service.finish_all() if service else []
        if self.is_worker:
            self._config.workeroutput["pact_unmet"] = self._unmet  # type: ignore[attr-defined]
            return
        if self._findings:
            whole = self.whole and session.exitstatus == 0 and self._everything_asked_for()
            self._lines = self._findings.write(whole, self._started_ns)
            self._unmet += self._findings.problems
        report = self._config.getoption("pact_report")
        if report:
            from pact_ffi.pytest_plugin.html_report import write_report

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
        """Begin to watch the tests, where that has not begun."""
        if not self._config.pluginmanager.has_plugin("pact_ffi_watcher"):
            from pact_ffi.pytest_plugin.watcher import Watcher

            self._config.pluginmanager.register(Watcher(self), "pact_ffi_watcher")

    def take(self, test: str, records: list[dict[str, Any]], whole: bool) -> None:
        """Take what a test found, wherever it ran; ``whole`` is what its process knows of the suite."""
        from pact_ffi.pytest_plugin.findings import Findings

        self._findings = self._findings or Findings()
        self._findings.take(test, records)
        self.whole = self.whole and whole

    def _everything_asked_for(self) -> bool:
        """Say whether the command line leaves no folder of tests out."""
        config, given = self._config, self._config.invocation_params
        root = config.rootpath
        wanted = [Path(found) for pattern in config.getini("testpaths") for found in glob.glob(str(root / pattern))]
        chosen = [Path(given.dir, arg).resolve() for arg in config.args]
        everything = all(any(c == w or c in w.parents for c in chosen) for w in wanted or [root])
        ignoring = any(str(arg).startswith("--ignore") for arg in given.args)
        return everything and not ignoring and not config.getoption("lf", False)


def is_consumer(item: pytest.Item) -> bool:
    """Say whether a test asks for a consumer's pact."""
    return "consumer_pacts" in getattr(item, "fixturenames", ())
