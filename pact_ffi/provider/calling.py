"""Calling users' code: handlers and applications, plain or async, with or without something to tear down."""

from __future__ import annotations

import contextvars
import copy
import inspect
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pact_ffi.errors import InvalidInputError, UsageError
from pact_ffi.values.returned import is_future, undone

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

Teardown = Callable[[], Any]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Caller:
    """Calls functions in the thread of the test, and what is async on one event loop.

    With ``on_the_running_loop`` that is the loop of the test, in the task that verifies. Otherwise it is the current
    event loop of the thread where nothing runs on it (an async fixture may have left it so), or one of our own.
    Its coroutines then end without waiting for an event loop, so that `loopback.finished` can run them.
    """

    def __init__(self, *, on_the_running_loop: bool = False) -> None:
        self.on_the_running_loop = on_the_running_loop
        self.thread_sensitive = False
        self._loop = _Loop()
        self._teardowns: list[tuple[str, Teardown]] = []

    @property
    def on_another_loop(self) -> bool:
        """Whether async code runs on another event loop than the one that runs in this thread."""
        return not self.on_the_running_loop and _running()

    @property
    def used_another_loop(self) -> bool:
        """Whether it did so."""
        return self._loop.elsewhere is not None

    def another(self) -> Caller:
        """Return one with the same event loop, and teardowns of its own."""
        other = copy.copy(self)
        other._teardowns = []
        return other

    async def call(
        self,
        function: Callable[..., Any],
        offered: Sequence[str] = (),
        values: Mapping[str, Any] = _NOTHING,
        parameters: Mapping[str, Any] = _NOTHING,
        owner: str = "",
    ) -> Any:
        """Call ``function`` with what `arranged` says, and return its result, awaited if need be.

        Of a generator or a context manager that is what it yields; the rest of it runs in `tear_down` of ``owner``.
        """
        arguments, keywords = arranged(function, offered, values, parameters)
        value = await self._entered(owner, await self.wait(await self._plain(function, *arguments, **keywords)))
        if problem := undone(value):
            raise UsageError(f"{named(function)} {problem}")
        return value

    async def _plain(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call a function that may be plain: where Django's synchronous code has to run."""
        if not (self.thread_sensitive and self.on_the_running_loop) or inspect.iscoroutinefunction(function):
            return function(*arguments, **keywords)
        from asgiref.sync import sync_to_async

        return await sync_to_async(function)(*arguments, **keywords)

    async def wait(self, result: Any) -> Any:
        """Return what ``result`` is when it has been awaited, if it can be, or when an executor is done with it."""
        if not inspect.isawaitable(result):
            return await self.aside(result.result) if is_future(result) else result
        return await result if self.on_the_running_loop else self._loop.run(result)

    async def aside(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call a function of ours that blocks; where an event loop of the test would stand still, in another thread."""
        if self.on_the_running_loop:
            import asyncio

            return await asyncio.to_thread(function, *arguments, **keywords)
        return function(*arguments, **keywords)

    def holds(self, owner: str | None = None) -> bool:
        """Whether something is to be torn down (for ``owner`` alone, if given)."""
        return any(owner in (None, item) for item, _ in self._teardowns)

    async def tear_down(self, owner: str | None = None) -> None:
        """Run what is left of the last generator or context manager (of ``owner``); raises what it raises."""
        for index in reversed(range(len(self._teardowns))):
            if owner in (None, self._teardowns[index][0]):
                await self.wait(await self._plain(self._teardowns.pop(index)[1]))
                return

    async def _entered(self, owner: str, result: Any) -> Any:
        if inspect.isgenerator(result):
            value = await self._plain(next, result, None)
            self._teardowns.append((owner, lambda: _exhausted(result)))
            return value
        if inspect.isasyncgen(result):
            value = await self.wait(_first(result))
            self._teardowns.append((owner, lambda: _exhausted_async(result)))
            return value
        if isinstance(result, (Mapping, memoryview)):
            return result
        if isinstance(result, AbstractContextManager):
            value = await self._plain(result.__enter__)
            self._teardowns.append((owner, lambda: result.__exit__(None, None, None)))
            return value
        if isinstance(result, AbstractAsyncContextManager):
            value = await self.wait(result.__aenter__())
            self._teardowns.append((owner, lambda: result.__aexit__(None, None, None)))
            return value
        return result

    def close(self) -> None:
        """Close the event loop, if one of our own was needed."""
        self._loop.close()


class _Loop:
    """The event loop that is current in this thread, or one of our own, from the first time that one is needed."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._own = False
        self.elsewhere: ThreadPoolExecutor | None = None

    def run(self, awaitable: Awaitable[Any]) -> Any:
        """Run it to its end, and keep what it does to context variables."""
        import asyncio

        contexts: list[contextvars.Context] = []

        async def observed() -> Any:
            try:
                return await awaitable
            finally:
                contexts.append(contextvars.copy_context())

        if self._loop is None:
            self._loop = None if _running() else _idle_loop()
            self._own = self._loop is None
            self._loop = self._loop or asyncio.new_event_loop()
        try:
            return self._run_on(self._loop, observed())
        except asyncio.CancelledError as error:
            raise UsageError("it was cancelled, and not by the verification") from error
        finally:
            for context in contexts:
                _take_over(context)

    def _run_on(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any]) -> Any:
        if not _running():
            return loop.run_until_complete(work)
        # This was called from async code, whose loop is busy with it: ours has to run in another thread.
        from concurrent.futures import ThreadPoolExecutor

        self.elsewhere = self.elsewhere or ThreadPoolExecutor(1, "pact-async")
        run = contextvars.copy_context().run
        future = self.elsewhere.submit(run, loop.run_until_complete, work)
        try:
            return future.result()
        finally:
            if not future.done():  # the time limit, or Ctrl-C: who closes the loop would wait for the work
                loop.call_soon_threadsafe(_cancel_all, loop)

    def close(self) -> None:
        """Close it, if it is our own."""
        if self._loop is not None and self._own and not self._loop.is_closed():
            self._run_on(self._loop, _cancelled(self._loop))
            self._loop.close()
        if self.elsewhere is not None:
            self.elsewhere.shutdown()


def arranged(
    function: Callable[..., Any],
    offered: Sequence[str],
    values: Mapping[str, Any],
    parameters: Mapping[str, Any] = _NOTHING,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what ``function`` will be called with.

    Each of its parameters gets the one of ``values`` that has its name, or the one of ``parameters`` (those of a
    provider state); the others get, in their order, those of the ``offered`` values that are left.

    Raises `InvalidInputError` when it needs something that there is not.
    """
    try:
        signature = inspect.signature(function)
        wrapped = hasattr(getattr(function, "func", function), "__wrapped__")
        outermost = inspect.signature(function, follow_wrapped=False) if wrapped else signature
    except Exception:  # of an object that makes its signature up, any
        return tuple(values[name] for name in offered), {}
    known = {**parameters, **values}
    left = {name: values[name] for name in offered if name not in signature.parameters}
    if parameters.keys() & signature.parameters.keys() - values.keys():
        left.pop("parameters", None)  # it takes them one by one
    arguments: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments[name], left = tuple(left.values()), {}
        elif parameter.kind is parameter.VAR_KEYWORD:
            arguments[name] = left
        elif name in known:
            arguments[name] = known[name]
        elif parameter.default is parameter.empty:
            if not left or parameter.kind is parameter.KEYWORD_ONLY:
                raise InvalidInputError(
                    f"{named(function)}{signature} needs {name!r}; what a handler can take here: {', '.join(known)}"
                )
            arguments[name] = left.pop(next(iter(left)))
    bound = inspect.BoundArguments(signature, arguments)
    kinds = {parameter.kind for parameter in outermost.parameters.values()}
    positional_only = inspect.Parameter.POSITIONAL_ONLY in {each.kind for each in signature.parameters.values()}
    if outermost != signature and inspect.Parameter.VAR_KEYWORD in kinds and not positional_only:
        return _by_name(signature, arguments)  # a wrapper may take what has a name as **kwargs alone
    return bound.args, bound.kwargs


def _by_name(signature: inspect.Signature, arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    positional: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    for name, value in arguments.items():
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            positional = value
        elif kind is inspect.Parameter.VAR_KEYWORD:
            keywords.update(value)
        else:
            keywords[name] = value
    return positional, keywords


def named(function: Any) -> str:
    """Return how a person would find a function."""
    try:
        return str(getattr(function, "__qualname__", None) or repr(function))
    except Exception:  # it is a user's
        return f"a {type(function).__name__}"


@contextmanager
def outside_of_the_loop() -> Iterator[None]:
    """Let plain code that is called from an event loop see none, as it sees none in a thread of a server."""
    import asyncio

    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


def _running() -> bool:
    events = sys.modules.get("asyncio.events")  # where it has not been imported, nothing runs on it
    return events is not None and events._get_running_loop() is not None


def _idle_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that is current in this thread, if there is one: fixtures may have used it."""
    import asyncio

    if sys.version_info >= (3, 14):
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            return None
    else:  # asking for it would make one
        local = getattr(asyncio.get_event_loop_policy(), "_local", None)
        loop = getattr(local, "_loop", None)
    return None if loop is None or loop.is_closed() else loop


def _take_over(context: contextvars.Context) -> None:
    """Make the values of context variables in ``context`` those of the current one."""
    missing = object()
    for variable, value in context.items():
        if variable.get(missing) is not value:
            variable.set(value)


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    import asyncio

    for task in asyncio.all_tasks(loop):
        task.cancel()


async def _cancelled(loop: asyncio.AbstractEventLoop) -> None:
    import asyncio

    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()


def _exhausted(generator: Any) -> None:
    for _ in generator:
        raise UsageError("it yielded twice; what comes before the one yield is setup, what comes after it teardown")


async def _exhausted_async(generator: Any) -> None:
    async for _ in generator:
        raise UsageError("it yielded twice; what comes before the one yield is setup, what comes after it teardown")


async def _first(generator: Any) -> Any:
    async for value in generator:
        return value
    return None
