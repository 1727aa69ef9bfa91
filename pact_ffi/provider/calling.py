"""Calling a user's handler with as many of the offered values as it takes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

from pact_ffi.errors import InvalidInputError


class Caller:
    """Calls functions, and runs coroutine functions on one event loop that lives as long as this object."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def call(
        self,
        function: Callable[..., Any],
        offered: Sequence[str] = (),
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> Any:
        """Call ``function``: a parameter with the name of one of ``values`` gets it.

        The other parameters get, in their order, those of the ``offered`` ones that are left.
        """
        bound = arranged(function, offered, values)
        result = function(*bound.args, **bound.kwargs) if bound else function(*(values[name] for name in offered))
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
    function: Callable[..., Any], offered: Sequence[str], values: Mapping[str, Any]
) -> inspect.BoundArguments | None:
    """Return what ``function`` will be called with; ``None`` when its signature cannot be known.

    Raises `InvalidInputError` when it needs something that is not offered.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    left = {name: values[name] for name in offered if name not in signature.parameters}
    arguments: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments[name], left = tuple(left.values()), {}
        elif parameter.kind is parameter.VAR_KEYWORD:
            arguments[name] = left
        elif name in values:
            arguments[name] = values[name]
        elif parameter.default is parameter.empty:
            if not left or parameter.kind is parameter.KEYWORD_ONLY:
                shown = getattr(function, "__qualname__", repr(function))
                raise InvalidInputError(
                    f"{shown}{signature} needs {name!r}; a handler here can take {', '.join(values)}"
                )
            arguments[name] = left.pop(next(iter(left)))
    return inspect.BoundArguments(signature, arguments)
