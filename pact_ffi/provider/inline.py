"""Running what AnyIO would hand to a worker thread in the thread of the test.

FastAPI and Starlette call plain ``def`` endpoints and dependencies in worker threads. There they would not see the
in-memory database, the transaction or the thread-locals of the test.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pact_ffi.provider.calling import outside_of_the_loop

_wanted: ContextVar[bool] = ContextVar("pact_inline_threads", default=False)
_lock = threading.Lock()
_users = 0
_original: Any = None


@contextmanager
def inline_threads() -> Iterator[None]:
    """Let `here` have its effect inside, where AnyIO is loaded."""
    global _users, _original
    to_thread: Any = sys.modules.get("anyio.to_thread")
    with _lock:
        if to_thread is not None and _users == 0:
            _original = to_thread.run_sync
            to_thread.run_sync = _run_sync
        _users += to_thread is not None
    try:
        yield
    finally:
        with _lock:
            _users -= to_thread is not None
            if to_thread is not None and _users == 0:
                to_thread.run_sync = _original


@contextmanager
def here() -> Iterator[None]:
    """Have the code inside, and its tasks, call in this thread what it would call in a worker."""
    token = _wanted.set(True)
    try:
        yield
    finally:
        _wanted.reset(token)


async def _run_sync(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    if not _wanted.get():
        return await _original(function, *arguments, **options)
    await asyncio.sleep(0)  # as AnyIO does: whoever waits may be cancelled here
    with outside_of_the_loop():
        return function(*arguments)
