"""Ending a user's code at the time limit of a run."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pact_ffi.core import clock

_SHORTEST_SECONDS = 0.001
# A blocked select on Windows does not see Ctrl-C; elsewhere the signal itself ends it.
LONGEST_WAIT_SECONDS = 0.2 if sys.platform == "win32" else 3600.0


class TimeLimitReached(TimeoutError):  # noqa: N818 - not an error of anybody's code
    """The work did not end in time; not what an alarm of the user's may raise."""


class _Interrupted(BaseException):
    """Raised inside of code that goes on for too long; no ordinary ``except`` clause takes it."""


@contextmanager
def interrupted_after(end: float | None, what: str, on_the_running_loop: bool) -> Iterator[None]:
    """Raise `TimeLimitReached` with ``what`` for code inside that goes on after ``end``, a time of `clock.now`.

    Async code is cancelled, and plain code interrupted by an alarm where there can be one: in the main thread of POSIX
    systems, when nobody else has set one. Elsewhere it is told when it returns.
    """
    if end is None:
        yield
        return
    interrupt = _cancelled if on_the_running_loop else _alarmed
    try:
        with interrupt(max(end - clock.now(), _SHORTEST_SECONDS)):
            yield
    except _Interrupted:
        raise TimeLimitReached(what) from None
    if clock.now() > end:
        raise TimeLimitReached(what)


@contextmanager
def _alarmed(seconds: float) -> Iterator[None]:
    free = (
        sys.platform != "win32"
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )
    if not free:
        yield
        return

    def interrupt(*_: Any) -> None:
        raise _Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _cancelled(seconds: float) -> Iterator[None]:
    import asyncio

    task = asyncio.current_task()
    ended = False

    def cancel() -> None:
        nonlocal ended
        ended = True
        if task is not None:
            task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, cancel)
    try:
        yield
    except asyncio.CancelledError:
        if not ended:
            raise
        if task is not None and sys.version_info >= (3, 11):
            task.uncancel()
        raise _Interrupted from None
    finally:
        timer.cancel()
