"""What is still open when a test run or the process ends, and how each is finished.

Imports nothing of the library: a test run without contracts asks here, too.
"""

from __future__ import annotations

from collections.abc import Callable

_open: dict[object, Callable[[], str | None]] = {}  # held strongly: what nobody else holds any more is finished, too


def opened(what: object, finish: Callable[[], str | None]) -> None:
    """Remember ``what``; ``finish`` ends it and returns what went wrong, if anything did."""
    _open[what] = finish


def closed(what: object) -> None:
    """Forget ``what``."""
    _open.pop(what, None)


def finish_all() -> list[str]:
    """Finish everything; return what went wrong, a text each."""
    return [problem for finish in list(_open.values()) if (problem := finish())]
