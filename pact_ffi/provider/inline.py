"""Running what AnyIO would hand to a worker thread in the thread of the test.

FastAPI and Starlette call plain ``def`` endpoints and dependencies in worker threads. There they would not see the
in-memory database, the transaction or the thread-locals of the test. Such code may call back into the event loop, by
``anyio.from_thread``. It must not wait for other tasks by means of its own, such as a `threading.Event`: the event loop
stands still as long as it runs.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pact_ffi.errors import UsageError
from pact_ffi.provider.calling import outside_of_the_loop

_wanted: ContextVar[bool] = ContextVar("pact_inline_threads", default=False)
# The thread that plain code runs in, and the event loop that waits for it there.
_left: ContextVar[tuple[int, Any]] = ContextVar("pact_left_loop", default=(0, None))
_lock = threading.Lock()
_users = 0
_originals: dict[str, Any] = {}


@contextmanager
def inline_threads() -> Iterator[None]:
    """Let `here` have its effect inside, where AnyIO is loaded."""
    global _users
    loaded = "anyio.to_thread" in sys.modules
    with _lock:
        if loaded and _users == 0:
            for (module, name), ours in _replaced().items():
                _originals[ours.__name__] = getattr(module, name)
                setattr(module, name, ours)
        _users += loaded
    try:
        yield
    finally:
        with _lock:
            _users -= loaded
            if loaded and _users == 0:
                for (module, name), ours in _replaced().items():
                    setattr(module, name, _originals[ours.__name__])


def _replaced() -> dict[tuple[Any, str], Callable[..., Any]]:
    from anyio import from_thread, to_thread

    return {
        (to_thread, "run_sync"): _in_worker,
        (from_thread, "run"): _in_loop,
        (from_thread, "run_sync"): _in_loop_sync,
        (from_thread, "check_cancelled"): _check_cancelled,
    }


@contextmanager
def here() -> Iterator[None]:
    """Have the code inside, and its tasks, call in this thread what it would call in a worker."""
    token = _wanted.set(True)
    try:
        yield
    finally:
        _wanted.reset(token)


async def _in_worker(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    if not _wanted.get():
        return await _originals["_in_worker"](function, *arguments, **options)
    await asyncio.sleep(0)  # as AnyIO does: whoever waits may be cancelled here
    context = contextvars.copy_context()  # what it does to context variables stays there, as in a thread
    context.run(_left.set, (threading.get_ident(), asyncio.get_running_loop()))
    with outside_of_the_loop():
        return context.run(function, *arguments)


def _loop_left(token: Any = None) -> Any:
    """Return the event loop that waits for the code that runs, unless there is none or another one is meant."""
    thread, loop = _left.get()
    return loop if thread == threading.get_ident() and token is None else None


def _in_loop(function: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any, **options: Any) -> Any:
    loop = _loop_left(**options)
    if loop is None:
        return _originals["_in_loop"](function, *arguments, **options)
    if not hasattr(loop, "_run_once"):
        raise UsageError(
            "anyio.from_thread.run() in a plain endpoint works on asyncio's own event loops only, as both share the"
            f" thread of the test, not on {type(loop).__module__}: make the endpoint async, or verify a server by URL"
        )
    return _nested(loop, function(*arguments))


def _in_loop_sync(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    loop = _loop_left(**options)
    if loop is None:
        return _originals["_in_loop_sync"](function, *arguments, **options)
    asyncio._set_running_loop(loop)
    try:
        return function(*arguments)
    finally:
        asyncio._set_running_loop(None)


def _check_cancelled() -> None:
    if _loop_left() is None:
        _originals["_check_cancelled"]()


def _nested(loop: Any, work: Coroutine[Any, Any, Any]) -> Any:
    """Run ``work`` on an event loop that waits, further up in this thread, for the code that calls this."""
    waiting = asyncio.current_task(loop)
    left = len(loop._ready)  # the loop means to call as many when it goes on, if this has not called them
    if waiting is not None:
        asyncio.tasks._leave_task(loop, waiting)
    asyncio._set_running_loop(loop)
    try:
        task = loop.create_task(work)
        while not task.done():
            loop._run_once()
        return task.result()
    finally:
        asyncio._set_running_loop(None)
        if waiting is not None:
            asyncio.tasks._enter_task(loop, waiting)
        for _ in range(left):
            loop.call_soon(int)
