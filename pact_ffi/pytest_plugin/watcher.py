"""What belongs to a test: its contracts are checked when its function has ended, and travel with its report."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Protocol

import pytest

from pact_ffi.pytest_plugin.failures import NotMet, led
from pact_ffi.reporting.observers import observers


class Part(Protocol):
    """What a test has to do with a contract: a consumer's pact, or a provider's interaction."""

    def finish(self, failed: bool) -> None:
        """Check it when the test function has ended; raises as the test would."""

    def records(self, outcome: str) -> list[dict[str, Any]]:
        """Return what was found, given the test's ``outcome``, in plain values that can travel between processes."""


PARTS = pytest.StashKey[list[Part]]()
_ENDED = pytest.StashKey[bool]()  # the function has ended: reports until then are those of subtests
_SUBTEST_FAILED = pytest.StashKey[bool]()
_BESIDES = pytest.StashKey[list[str]]()  # what was not met in a test that failed by itself
_PROVIDER = {"pact_source": "pact_interaction", "pact_broker": "pact_interaction"}
_USED_BY = {"pact": "consumer_pacts", **_PROVIDER}
_FIXTURES = {"pact": "consumer_pact, pact_server or consumer_pacts", **_PROVIDER}


class Watcher:
    """The hooks that cost something for every test, so that only a run with contracts has them."""

    def __init__(self, whole: Callable[[], bool]) -> None:
        """Begin; ``whole`` says whether the whole suite runs, as far as is known."""
        self._whole = whole
        self._observed: list[dict[str, Any]] = []
        observers.append(self.observe)

    def end(self) -> None:
        """Take no more."""
        if self.observe in observers:
            observers.remove(self.observe)

    def observe(self, record: dict[str, Any]) -> None:
        """Take what a test has to do with a contract without our fixtures."""
        self._observed.append(record)

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Let a contract that was not met fail its test."""
        outcome = yield
        item.stash[_ENDED] = True
        failed = bool(outcome.excinfo or getattr(item, "_excinfo", None) or item.stash.get(_SUBTEST_FAILED, False))
        for part in item.stash.get(PARTS, []):
            try:
                part.finish(failed)
            except BaseException as error:  # pytest's own outcomes are no Exception
                if isinstance(error, NotMet) and failed:
                    item.stash.setdefault(_BESIDES, []).append(str(error))
                elif outcome.excinfo is None:
                    outcome.force_exception(error)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Give the report what the test found."""
        report = (yield).get_result()
        if call.when != "call":
            if report.skipped and is_consumer(item):
                report.pact = {"whole": False, "records": []}
            return
        if not item.stash.get(_ENDED, False):
            if report.failed:
                item.stash[_SUBTEST_FAILED] = True
            return
        item.stash[_ENDED] = False  # the test may be run again
        besides = item.stash.setdefault(_BESIDES, [])
        if report.failed and besides:
            led(report, call.excinfo and call.excinfo.value, "\n".join(besides))
        besides.clear()
        outcome = "failed" if item.stash.get(_SUBTEST_FAILED, False) else report.outcome
        item.stash[_SUBTEST_FAILED] = False
        whole = self._whole() and not (report.skipped and is_consumer(item))
        records = [record for part in item.stash.get(PARTS, []) for record in part.records(outcome)]
        records += [{**record, "outcome": outcome} for record in self._observed]
        self._observed.clear()
        if records or not whole:
            report.pact = {"whole": whole, "records": records}


def misused(items: list[pytest.Item]) -> dict[pytest.Item, str]:
    """Return the tests whose marker does nothing: no test below the function, class or module that has it uses it."""
    marked: dict[tuple[Any, str], list[pytest.Item]] = {}
    useful = set()
    for item in items:
        if not isinstance(item, pytest.Function):
            continue  # a docstring of a module whose tests have the marker
        for name, fixture in _USED_BY.items():
            for node, mark in item.iter_markers_with_node(name):
                if name in _PROVIDER or set(mark.kwargs) & {"consumer", "provider", "specification", "directory"}:
                    marked.setdefault((node, name), []).append(item)
                    if fixture in getattr(item, "fixturenames", ()):
                        useful.add((node, name))
    return {
        item: f"the marker {name} of {node.name} does nothing: no test below it takes the fixture {_FIXTURES[name]}"
        for (node, name), below in marked.items()
        if (node, name) not in useful
        for item in below
    }


def is_consumer(item: pytest.Item) -> bool:
    """Say whether a test uses a consumer's fixtures."""
    return "consumer_pacts" in getattr(item, "fixturenames", ())
