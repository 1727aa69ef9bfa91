"""The pytest plugin: nothing of the library is imported before a test uses it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_failures: list[str] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Verify, write and stop the classic mock services that no test stopped; a broken contract fails the run."""
    service = sys.modules.get("pact_ffi.classic.service")
    if service is None:
        return
    _failures[:] = service.finish_all()
    if _failures and session.exitstatus in (0, 5):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which contracts were not met."""
    if _failures:
        terminalreporter.section("contracts not met", sep="=", red=True, bold=True)
        for failure in _failures:
            terminalreporter.write_line(failure)
