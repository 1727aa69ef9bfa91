"""What a user's handler returned, where it is work that somebody has to do yet."""

from __future__ import annotations

import functools
import inspect
from typing import Any


def undone(result: Any) -> str | None:
    """Say of what a handler returned that nobody will call or raise it, if it is such a thing."""
    if isinstance(result, BaseException):
        return f"returned the exception {type(result).__name__}, which nobody raises: raise it"
    if inspect.isroutine(result) or inspect.isclass(result) or isinstance(result, functools.partial):
        name = getattr(result, "__qualname__", None) or type(result).__name__
        return f"returned {name!r}, which nobody calls: call it, or give it as the handler"
    return None


def is_future(result: Any) -> bool:
    """Whether it is the future of an executor, whose work may be under way; its `result` waits."""
    if not type(result).__module__.startswith("concurrent."):
        return False
    from concurrent.futures import Future

    return isinstance(result, Future)
