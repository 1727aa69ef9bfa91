"""Threads of the operating system, also where gevent has put green ones in the place of Python's own.

The core's verification blocks its thread. A green thread shares that with the one that answers the core's calls, so
that both would wait for each other.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pact_ffi.errors import UsageError

# The core needs more than the 128 kB that musl gives a thread; unused stack costs no memory.
_STACK_BYTES = 8 << 20
_lock = threading.Lock()  # the size is the whole process's


def start(run: Callable[[], object], name: str) -> None:
    """Run ``run`` in a thread of its own that does not keep the process from ending; ``name`` is for debuggers.

    Raises `UsageError` in a process that eventlet has changed.
    """
    begin = _hidden_by_green_threads()
    with _lock:
        size = threading.stack_size()
        with suppress(ValueError, RuntimeError):  # a system that has its own idea of a stack
            threading.stack_size(_STACK_BYTES)
        try:
            if begin is None:
                threading.Thread(target=run, name=name, daemon=True).start()
            else:
                begin(run, ())
        except RuntimeError as error:
            raise UsageError(f"cannot verify: the system has no thread left for it: {error}") from None
        finally:
            with suppress(ValueError, RuntimeError):
                threading.stack_size(size)


def _hidden_by_green_threads() -> Callable[..., Any] | None:
    """Return the real ``start_new_thread`` where it was replaced, else None.

    Raises `UsageError` under eventlet: its hub loses sight of sockets whose numbers are used again, so that a
    verification hangs now and then.
    """
    gevent, eventlet = sys.modules.get("gevent.monkey"), sys.modules.get("eventlet.patcher")
    if eventlet is not None and any(map(eventlet.is_monkey_patched, ("thread", "socket", "select"))):
        raise UsageError(
            "a provider cannot be verified in a process that eventlet.monkey_patch() has changed: verify it in one"
            " of its own, or let gevent do the patching"
        )
    original: Callable[..., Any] | None = None
    if gevent is not None and gevent.is_module_patched("threading"):
        original = gevent.get_original("_thread", "start_new_thread")
    return original
