"""Peers in other languages, installed when a test first needs one; and the table of what was tried with whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import peer_install  # noqa: E402
from peer_install import PactJs  # noqa: E402

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "peers: real peers in other languages; the first run installs them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.peers)


@pytest.fixture(scope="session")
def pact_js() -> PactJs:
    return peer_install.pact_js()


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    """Note what a test shows, for the table: peer with version, direction, what was exchanged."""

    def note(peer: str, direction: str, exchanged: str) -> None:
        record_property("tried", [peer, direction, exchanged])

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of peers, in Markdown, from the tests that passed."""
    table: dict[tuple[str, str], dict[str, None]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "tried":
                table.setdefault((value[0], value[1]), {})[value[2]] = None
    if table:
        terminalreporter.section("peers")
        terminalreporter.line("| peer | direction | exchanged |\n|---|---|---|")
        for (peer, direction), exchanged in sorted(table.items()):
            terminalreporter.line(f"| {peer} | {direction} | {'; '.join(sorted(exchanged))} |")
