"""What is still open when a test run or the process ends, how it is finished, and what was not met without an error.

Imports nothing of the library: a test run without contracts asks here, too.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

_open: dict[object, Callable[[], str | None]] = {}  # held strongly: what nobody else holds any more is finished, too
_unmet: list[str] = []
_watched = 0  # the process whose end is watched


def opened(what: object, finish: Callable[[], str | None]) -> None:
    """Remember ``what``; ``finish`` ends it and returns what went wrong, if anything did."""
    _watch()
    _open[what] = finish


def closed(what: object) -> None:
    """Forget ``what``."""
    _open.pop(what, None)


def unmet(problem: str) -> None:
    """Remember a contract that was not met where no error says so: the run fails at its end."""
    _watch()
    _unmet.append(problem)


def finish_all() -> list[str]:
    """Finish everything; return what went wrong, a text each."""
    problems = [problem for finish in list(_open.values()) if (problem := finish())]
    problems, _unmet[:] = [*_unmet, *problems], []
    return problems


def _watch() -> None:
    """Look at what is open when this process ends, before the servers are given back."""
    global _watched
    if _watched != os.getpid():
        if _watched:  # of the process that this one was forked from
            _open.clear()
            _unmet.clear()
        _watched = os.getpid()
        atexit.unregister(_at_exit)
        atexit.register(_at_exit)


def _at_exit() -> None:
    problems = finish_all() if os.getpid() == _watched else []
    if not problems:
        return
    with suppress(AttributeError, OSError, ValueError):  # streams that are closed, or were never there
        sys.stdout.flush()
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write("\n".join(["The contract was not met:", *problems, ""]))
        sys.stderr.flush()
    if sys.implementation.name != "cpython":
        os._exit(1)
    sys.stderr = _FailsAtLast(sys.stderr)


class _FailsAtLast:
    """Standard error, whose last flush fails.

    Nothing else changes the exit status from here and lets the exit handlers of others run: CPython ends with the
    status 120 when the standard streams cannot be flushed, which it tries when all handlers have run.
    """

    closed = False  # a closed stream would not be flushed

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def flush(self) -> None:
        if self._stream is not None:
            self._stream.flush()
        if sys.is_finalizing():
            raise OSError("a contract was not met")
