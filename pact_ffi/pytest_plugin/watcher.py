"""The tests of a run, watched: what they found travels with their reports.

A report reaches the process that writes, from an xdist worker too, as soon as its test has ended; so what was met is
known even when the run is interrupted or a worker dies.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

import pytest

from pact_ffi.pytest_plugin.session import PactSession, is_consumer


class Part(Protocol):
    """What a test has to do with a contract: a consumer's pact, or a provider's interaction."""

    def finish(self, failed: bool) -> None:
        """Check it when the test function has ended; raises as the test would."""

    def records(self, outcome: str) -> list[dict[str, Any]]:
        """Return what was found, given the test's ``outcome``, in plain values that can travel between processes."""


_PARTS = pytest.StashKey[list[Part]]()


def parts_of(item: pytest.Item) -> list[Part]:
    """Return the list of a test's parts, which is watched from now on."""
    session = item.config.pluginmanager.get_plugin("pact_ffi_session")
    assert isinstance(session, PactSession)
    session.watch()
    return item.stash.setdefault(_PARTS, [])


class Watcher:
    """The hooks that are called for every test."""

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
        skipped = report.skipped and is_consumer(item)
        if parts or skipped:
            records = [record for part in parts for record in part.records(report.outcome)]
            report.pact = {"whole": self._session.whole and not skipped, "records": records}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hand on what a test found."""
        found = getattr(report, "pact", None)
        if found and not self._session.is_worker:
            self._session.take(report.nodeid, **found)
