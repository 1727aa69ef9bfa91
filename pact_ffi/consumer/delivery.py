"""Messages handed to the consumer's own handlers."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from pact_ffi.consumer.contents import read
from pact_ffi.consumer.contract import Contract
from pact_ffi.core.pact import Kind
from pact_ffi.errors import InteractionVerificationError, InvalidInputError, UsageError
from pact_ffi.values.returned import is_future, undone

if TYPE_CHECKING:
    import asyncio

Handler = Callable[[Any, dict[str, Any]], object]


def verify(contract: Contract, handler: Handler, kind: Kind) -> list[InteractionVerificationError]:
    """Call ``handler(body, metadata)`` with each message of ``kind``; return what it raised.

    Coroutine functions are awaited, and generator functions run to their end.
    """
    if not callable(handler):
        raise InvalidInputError(f"the handler must be a function that takes body and metadata, not {handler!r:.100}")
    messages = received(contract, kind)
    if not messages:
        raise UsageError(f"there is no {kind} message between {contract.consumer!r} and {contract.provider!r}")
    errors = []
    with _Runner() as runner:
        for description, body, metadata in messages:
            try:
                if problem := undone(runner.finished(handler(body, metadata))):
                    raise UsageError(f"the handler {problem}")
            except SystemExit as end:
                error = UsageError(f"the handler ended the program: {end!r}")
                errors.append(InteractionVerificationError(description, error))
            except Exception as error:  # whatever the user's code raises is what the test finds
                errors.append(InteractionVerificationError(description, error))
    return errors


class _Runner:
    """Runs what a handler returned without running it, all on one event loop, if one is needed."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> _Runner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            self._loop.close()

    def finished(self, result: Any) -> Any:
        """Run a coroutine or generator to its end, or wait for an executor; returns what it led to."""
        if isinstance(result, (contextlib.AbstractContextManager, contextlib.AbstractAsyncContextManager)):
            result = getattr(result, "gen", None)  # that of a function under contextlib's decorators
        if inspect.isgenerator(result):
            for _ in result:
                pass
        elif inspect.isawaitable(result) or inspect.isasyncgen(result):
            return self._run(_exhausted(result))
        return result.result() if is_future(result) else result

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        import asyncio  # only coroutines pay for it

        loop = self._loop = self._loop or asyncio.new_event_loop()
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return loop.run_until_complete(coroutine)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as elsewhere:  # called from async code, whose loop cannot run another one
            return elsewhere.submit(loop.run_until_complete, coroutine).result()


async def _exhausted(result: Any) -> Any:
    if not inspect.isasyncgen(result):
        return await result
    async for _ in result:
        pass
    return None


def received(contract: Contract, kind: Kind) -> list[tuple[str, str | bytes | None, dict[str, Any]]]:
    """Return description, body and metadata of each message, generators applied; for ``Sync``, of the request."""
    messages = []
    for interaction in contract.interactions(kind):
        with contextlib.closing(contract.build([interaction])) as handle:
            contents, _ = read(interaction, handle)
        interaction._tried = True
        messages.append((interaction.description, contents.contents, contents.metadata))
    return messages
