"""What is still open when a test run or the process ends, how it is finished, and what was not met without an error.

Imports nothing of the library: a test run without contracts asks here, too.
"""

from __future__ import annotations

import atexit
import itertools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

_open: dict[object, Callable[[], str | None]] = {}  # held strongly: what nobody else holds any more is finished, too
_unmet: dict[tuple[int, int], tuple[str, str]] = {}  # a mark: what was not met, and in which test
_numbers = itertools.count()
_MARKS = "_pact_unmet"  # the attribute of an exception that says what was not met when it was raised
_CONTROL = ("_pytest.outcomes", "hypothesis.errors")
_watched = 0  # the process whose end is watched


def opened(what: object, finish: Callable[[], str | None]) -> None:
    """Remember ``what``; ``finish`` ends it and returns what went wrong, if anything did."""
    _watch()
    _open[what] = finish


def closed(what: object) -> None:
    """Forget ``what``."""
    _open.pop(what, None)


def is_open(what: object) -> bool:
    """Say whether ``what`` is remembered."""
    return what in _open


def forget() -> None:
    """Forget everything that is open."""
    _open.clear()


def unmet(problem: str, error: BaseException) -> None:
    """Remember a contract that was not met when ``error`` was raised; the run fails at its end if nobody sees that."""
    if ends_a_test(error):
        return
    _watch()
    mark = (os.getpid(), next(_numbers))
    test = os.environ.get("PYTEST_CURRENT_TEST", "") if "pytest" in sys.modules else ""  # a child process has it, too
    where = f"\n  (in {test}; {type(error).__name__} was raised and caught)" if test else ""
    _unmet[mark] = problem + where, test
    setattr(error, _MARKS, [*getattr(error, _MARKS, ()), mark])


def told(error: BaseException | None, test: str | None = None) -> None:
    """Forget what was not met when ``error``, or what it came of, was raised: somebody sees this error.

    Of a ``test`` that failed, forget everything.
    """
    for mark in [mark for mark, (_, where) in _unmet.items() if test and where.startswith(f"{test} (")]:
        del _unmet[mark]
    left, seen = [error], set()
    while left:
        each = left.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            for mark in getattr(each, _MARKS, ()):
                _unmet.pop(mark, None)
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def ends_a_test(error: BaseException) -> bool:
    """Say whether ``error`` is how pytest, unittest or Hypothesis end a test that did not fail."""
    from unittest import SkipTest  # only what fails pays for it

    return isinstance(error, SkipTest) or any(kind.__module__ in _CONTROL for kind in type(error).__mro__)


def finish_all() -> list[str]:
    """Finish everything; return what went wrong, a text each."""
    problems = [problem for finish in list(_open.values()) if (problem := finish())]
    problems = list(dict.fromkeys([*(problem for problem, _ in _unmet.values()), *problems]))
    _unmet.clear()
    return problems


def _watch() -> None:
    """Look at what is open when this process ends, first of all: later, the servers are gone."""
    global _watched
    if _watched != os.getpid():
        if _watched:  # of the process that this one was forked from
            _open.clear()
            _unmet.clear()
        _watched = os.getpid()
    if not process_ends():
        atexit.unregister(_at_exit)
        atexit.register(_at_exit)  # the last one is called first


def process_ends() -> bool:
    """Say whether exit handlers run by now, whose errors change nothing."""
    import threading

    main = threading.main_thread()
    return threading.current_thread() is main and not main.is_alive()


def _at_exit() -> None:
    told(getattr(sys, "last_value", None))  # the error that ended the program
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
