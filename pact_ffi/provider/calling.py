"""Calling a user's handler with as many of the offered values as it takes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pact_ffi.errors import InvalidInputError


class Caller:
    """Calls functions, and runs coroutine functions on one event loop that lives as long as this object."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def call(self, function: Callable[..., Any], offered: Sequence[tuple[str, Any]], **named: Any) -> Any:
        """Call ``function``: parameters with a known name get that value, the others what is left of ``offered``.

        ``named`` are values to be had by name only.
        """
        bound = arranged(function, offered, named)
        result = function(*bound.args, **bound.kwargs) if bound else function(*(value for _, value in offered))
        return self._awaited(result) if inspect.isawaitable(result) else result

    def _awaited(self, awaitable: Any) -> Any:
        async def finished() -> Any:
            return await awaitable

        loop = self._loop = self._loop or asyncio.new_event_loop()
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return loop.run_until_complete(finished())
        with ThreadPoolExecutor(1) as elsewhere:  # called from async code: its loop cannot run ours
            return elsewhere.submit(loop.run_until_complete, finished()).result()

    def close(self) -> None:
        """Close the event loop, if one was needed."""
        if self._loop is not None:
            self._loop.close()


def arranged(
    function: Callable[..., Any], offered: Sequence[tuple[str, Any]], named: Mapping[str, Any]
) -> inspect.BoundArguments | None:
    """Return what ``function`` will be called with; ``None`` when its signature cannot be known.

    Raises `InvalidInputError` when it needs something that is not offered.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    values = {**named, **dict(offered)}
    parameters = signature.parameters.values()
    left = [(name, value) for name, value in offered if name not in signature.parameters]
    arguments: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments[parameter.name] = tuple(value for _, value in left)
            left = []
        elif parameter.kind is parameter.VAR_KEYWORD:
            arguments[parameter.name] = dict(left)
        elif parameter.name in values:
            arguments[parameter.name] = values[parameter.name]
        elif parameter.default is parameter.empty:
            if not left or parameter.kind is parameter.KEYWORD_ONLY:
                name = getattr(function, "__qualname__", repr(function))
                raise InvalidInputError(
                    f"{name}{signature} needs {parameter.name!r}; a handler here can take {', '.join(values)}"
                )
            arguments[parameter.name] = left.pop(0)[1]
    return inspect.BoundArguments(signature, arguments)
