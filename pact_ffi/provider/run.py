"""One verification run: from what was set up to what was found."""

from __future__ import annotations

import logging
import math
import socket
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path

from pact_ffi.broker.results import ProviderVersion
from pact_ffi.broker.selection import FetchedPact
from pact_ffi.core import clock
from pact_ffi.core.environment import check_file_system, environment, for_verification
from pact_ffi.core.stdout import hushed
from pact_ffi.errors import UsageError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import read_pacts_for
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.limits import TimeLimitReached
from pact_ffi.provider.loopback import LoopbackServer, finished
from pact_ffi.provider.publishing import publish, say
from pact_ffi.provider.results import VerificationResult
from pact_ffi.provider.settings import Settings
from pact_ffi.provider.wire import Request, Response
from pact_ffi.provider.worker import Worker

logger = logging.getLogger("pact.verifier")
_Found = list[VerificationResult | None]
_Piece = tuple[PactDocument, _Found, int]


class Run:
    """One verification: the core verifies, while the handlers and the application of the user answer its calls.

    Where there are any, the core gets one interaction at a time, so that it is plain to which one a failure belongs.
    (Measured on interactions of realistic size, ten at a time would cost the same: the core copies the whole pact for
    each of its interactions.)
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._result = VerificationResult(settings.name, request_timeout=settings.request_timeout_ms / 1000)
        self._end = clock.now() + (settings.time_limit or math.inf)
        self._workers: dict[str, Worker] = {}
        self._found: list[tuple[FetchedPact | None, _Found]] = []

    def execute(self) -> VerificationResult:
        """Verify, in this thread.

        A time limit is a problem of the result, beside what was found before. Raises `PactFileError`, `UsageError` and
        `BrokerError` for what never reaches the core.
        """
        return finished(self._execute(Caller()))

    async def execute_async(self) -> VerificationResult:
        """Do what `execute` does, on the running event loop."""
        import asyncio

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise UsageError(
                "verify_async() needs a running event loop of asyncio, and trio's is not one: call verify(), which runs"
                " async handlers and applications on an event loop of its own"
            ) from None
        return await self._execute(Caller(on_the_running_loop=True))

    async def _execute(self, caller: Caller) -> VerificationResult:
        settings, result = self._settings, self._result
        self._check_workers()
        if settings.publish is not None and not settings.remotes:
            result.notes.append("nothing is published: only results of pacts that came by URL or from a broker are")
            logger.warning("%s", result.notes[-1])
        for document in settings.documents:
            document.check_provider(settings.name)
        documents = settings.documents + read_pacts_for(settings.name, settings.files)
        own = settings.publish or ProviderVersion("")
        fetched = [
            pact
            for source in settings.remotes
            for pact in await caller.aside(source.fetch, settings.name, own.branch, own.tags)
        ]
        for document in [*documents, *(pact.document for pact in fetched)]:
            document.check_plugins()
            if settings.workers > 1 and document.needs_plugins:
                raise UsageError(
                    f"{document.source} needs a plugin, so one worker has to verify it: whenever a verification ends,"
                    " the core ends the plugins of the whole process; call set_workers(1)"
                )
        check_file_system()
        async with AsyncExitStack() as stack:
            stack.callback(caller.close)
            with _needing("port on 127.0.0.1"):
                server = stack.enter_context(LoopbackServer(self._answer))
            with _needing("temporary file"):
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pact-")))
            for number in map(str, range(settings.workers)):
                # Kept open: to empty a file by its name and close it costs more than all else that is done for it.
                with _needing("temporary file"):
                    file = stack.enter_context(FileIO(folder / f"{number}.json", "w"))
                calls = caller.another() if self._workers else caller
                self._workers[number] = Worker(settings, calls, server, f"/{number}", file, self._end)
            if settings.app is not None:
                from pact_ffi.provider.apps import Application

                application = Application(settings.app, caller, settings.request_timeout_ms / 1000)
                await stack.enter_async_context(application.running())
                self._workers["0"].callbacks.application = application
            reports = stack.enter_context(hushed(settings.workers))
            stack.enter_context(environment(for_verification()))
            work = self._pieces(documents, fetched)
            lanes = [self._verify(worker, work, reports) for worker in self._workers.values()]
            ended = None
            try:
                await server.run_async(lanes) if caller.on_the_running_loop else server.run(lanes)
            except TimeLimitReached as reached:
                where = f", in {reached}" if str(reached) else ""
                ended = f"the verification was ended at its time limit of {settings.time_limit:g} seconds{where}"
        parts = []
        for pact, pieces in self._found:
            found = VerificationResult(settings.name)
            for piece in filter(None, pieces):
                found.add(piece)
            result.add(found)
            if pact is not None and None not in pieces:
                parts.append((pact, found))
        if ended is not None:
            result.problems.append(ended)
        await caller.aside(self._look_for_the_provider)
        if caller.used_another_loop and not result.success:
            result.notes.append(
                "verify() was called in a running event loop, so async code ran on another one;"
                " await verify_async() runs it on the loop of the test"
            )
        self._check_consumers([*documents, *(pact.document for pact in fetched)])
        why = ended or (f"only {' and '.join(settings.filters)} was verified" if settings.filters else None)
        why = why and f"no result was published: {why}"
        result.add(await caller.aside(publish, parts, settings.publish, why))
        if not result.interactions and settings.empty_is_error and not result.problems:
            result.problems.append(f"nothing was verified: {self._nothing()}")
        return result

    def _check_workers(self) -> None:
        """Raise `UsageError` where interactions cannot be verified at the same time."""
        settings = self._settings
        if settings.workers == 1:
            return
        if settings.app is not None:
            raise UsageError(
                "an application in the test's own thread answers one request after the other, so several workers are"
                " of no use: start it as a server and call add_transport(url=...), or call set_workers(1)"
            )
        if not settings.independent_states and (settings.state is not None or settings.message is not None):
            what = "message" if settings.state is None else "state"
            raise UsageError(
                f"with a {what} handler, {settings.workers} workers would set up provider states of several"
                " interactions at the same time: call set_workers(..., independent_states=True) if they do not disturb"
                " each other, or set_workers(1)"
            )

    def _pieces(self, documents: list[PactDocument], fetched: list[FetchedPact]) -> Iterator[_Piece]:
        """Yield the pieces of all pacts, each with a list and the index in it where to put what is found."""
        settings = self._settings
        # An application alone is asked once for each interaction, so it is plain which one a failure belongs to.
        handlers = (settings.state, settings.message, settings.request_filter, settings.replay)
        usual = all(handler is None for handler in handlers)
        sources = [*((document, None) for document in documents), *((pact.document, pact) for pact in fetched)]
        for document, pact in sources:
            if settings.consumers and document.consumer not in settings.consumers:
                continue
            if pact is not None:
                say(self._result, pact, pact.said_before())
            named = any(item.get("transport") for item in document.interactions)
            size = {} if usual and not named else {"size": 1}
            if settings.prepare is not None:
                document = settings.prepare(document)
            document = self._workers["0"].routes.prepared(document)
            pieces = list(document.pieces(**size))
            found: _Found = [None] * len(pieces)
            self._found.append((pact, found))
            for index, piece in enumerate(pieces):
                yield piece, found, index

    async def _verify(self, worker: Worker, work: Iterator[_Piece], reports: list[str]) -> None:
        """Let a worker verify one piece after the other; ``reports`` gets what the core prints."""
        try:
            for piece, found, index in work:
                found[index] = await worker.verified(piece)
        finally:
            reports += worker.reports

    async def _answer(self, request: Request) -> Response:
        """Answer a call of the core: the first part of its path is the number of the worker that it is for."""
        number, _, local = request.target[1:].partition("/")
        request.target = f"/{local}"
        if number not in self._workers:
            return Response(404)
        begin = clock.now()
        response = await self._workers[number].callbacks.answer(request)
        for worker in self._workers.values():
            worker.waited += clock.now() - begin
        return response

    def _look_for_the_provider(self) -> None:
        """Tell a provider that cannot be understood from one that is not there; the core does not."""
        settings, result = self._settings, self._result
        silent = [item for item in result.failed if (item.error or "").startswith("error sending request")]
        if not settings.transports or not any(item.duration < result.request_timeout for item in silent):
            return
        main = settings.transports[self._workers["0"].routes.first]
        with suppress(OSError), socket.create_connection((main.host, main.port), timeout=1):
            result.notes.append(
                f"something listens on port {main.port} of {main.host}, but no answer came from it that the core reads"
                f" as {main.scheme.upper()}: it takes fewer than 100 headers, and no control characters in them"
            )

    def _check_consumers(self, documents: list[PactDocument]) -> None:
        """Report a consumer that was asked for and has no pact."""
        settings, result = self._settings, self._result
        known = sorted({*(item.consumer for item in documents), *(item.consumer for item in result.interactions)})
        missing = [name for name in settings.consumers if name not in known]
        if missing and settings.empty_is_error and result.interactions:
            names, others = ", ".join(map(repr, missing)), ", ".join(map(repr, known))
            result.problems.append(f"no pact of consumer {names}; there are pacts of {others}")

    def _nothing(self) -> str:
        """Say why there was no interaction."""
        settings = self._settings
        consumers = [f"consumers {', '.join(map(repr, settings.consumers))}"] if settings.consumers else []
        filters = settings.filters + consumers
        if filters:
            return f"no interaction matches {' and '.join(filters)}"
        if settings.remotes and not (settings.files or settings.documents):
            return f"the broker has no pact for provider {settings.name!r}, or its pacts have no interactions"
        if settings.files or settings.documents:
            return "the pacts have no interactions for this provider"
        return "there is no pact; call add_source(...) or broker_source(...)"


@contextmanager
def _needing(what: str) -> Iterator[None]:
    """Raise `UsageError` where the system does not give what a verification needs."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot verify: no {what} to be had: {error.strerror or error}") from error
