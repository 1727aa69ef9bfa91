"""One verification run: from what was set up to what was found."""

from __future__ import annotations

import logging
import math
import tempfile
import time
from contextlib import AsyncExitStack, closing
from io import FileIO
from pathlib import Path
from typing import Any

from pact_ffi.broker.results import ProviderVersion
from pact_ffi.core.environment import environment, for_verification
from pact_ffi.core.stdout import hushed
from pact_ffi.core.verifier import Executed, VerifierHandle
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import read_pacts_for
from pact_ffi.provider.callbacks import STATES, Address, Callbacks
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.limits import TimeLimitReached
from pact_ffi.provider.loopback import LoopbackServer, finished
from pact_ffi.provider.publishing import Part, as_pending, publish, say
from pact_ffi.provider.report import raised
from pact_ffi.provider.results import HandlerFailure, InteractionResult, VerificationResult, read_results
from pact_ffi.provider.routes import Routes, is_http_interaction
from pact_ffi.provider.settings import Settings, Transport
from pact_ffi.values.url import bracketed

logger = logging.getLogger("pact.verifier")
_PATIENT_MS = 24 * 3_600_000


class Run:
    """One verification: the core verifies, while the handlers and the application of the user answer its calls.

    Where there are any, the core gets one interaction at a time, so that it is plain to which one a failure belongs.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._result = VerificationResult(settings.name, request_timeout=settings.request_timeout_ms / 1000)
        self._end = time.monotonic() + (settings.time_limit or math.inf)

    def execute(self) -> VerificationResult:
        """Verify, in this thread.

        A time limit is a problem of the result, beside what was found before. Raises `PactFileError`, `UsageError` and
        `BrokerError` for what never reaches the core.
        """
        return finished(self._execute(Caller()))

    async def execute_async(self) -> VerificationResult:
        """Do what `execute` does, on the running event loop."""
        return await self._execute(Caller(on_the_running_loop=True))

    async def _execute(self, caller: Caller) -> VerificationResult:
        settings, result = self._settings, self._result
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
        self._callbacks = Callbacks(caller)
        async with AsyncExitStack() as stack:
            stack.callback(caller.close)
            self._server = stack.enter_context(LoopbackServer(self._callbacks.answer))
            here = Transport("http", "127.0.0.1", self._server.port, self._server.path, "http")
            self._routes = Routes(settings, here)
            self._prepare(self._callbacks)
            if settings.app is not None:
                from pact_ffi.provider.apps import Application

                application = Application(settings.app, caller, settings.request_timeout_ms / 1000)
                await stack.enter_async_context(application.running())
                self._callbacks.application = application
            reports = stack.enter_context(hushed())  # refuses a fake file system, before anything is written
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pact-"))
            # Kept open: to empty a file by its name and close it costs more than all else that is done for it.
            file = stack.enter_context(FileIO(Path(folder, "pact.json"), "w"))
            stack.enter_context(environment(for_verification()))
            parts: list[Part] = []
            ended = None
            try:
                for document in filter(self._wanted, documents):
                    await self._verify(document, file, reports)
                for pact in fetched:
                    if self._wanted(pact.document):
                        say(result, pact, pact.said_before())
                        parts.append((pact, await self._verify(pact.document, file, reports)))
            except TimeLimitReached as reached:
                where = f", in {reached}" if str(reached) else ""
                ended = f"the verification was ended at its time limit of {settings.time_limit:g} seconds{where}"
                result.problems.append(ended)
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

    def _prepare(self, callbacks: Callbacks) -> None:
        """Tell the one who answers the core's calls what it answers with."""
        settings = self._settings
        callbacks.replay = settings.replay
        callbacks.follow_redirects = settings.follow_redirects and settings.replay is None
        callbacks.root = self._server.path
        callbacks.state, callbacks.message = settings.state, settings.message
        callbacks.request_filter = settings.request_filter
        callbacks.end_of_time = self._end if settings.time_limit else None
        callbacks.addresses = list(map(self._address, settings.transports))
        callbacks.transports = [transport.protocol for transport in settings.transports]

    def _address(self, transport: Transport) -> Address:
        url = f"{transport.scheme}://{bracketed(transport.host)}:{transport.port}{transport.path.rstrip('/')}"
        return Address(url, self._settings.request_timeout_ms / 1000, not self._settings.disable_ssl)

    def _wanted(self, document: PactDocument) -> bool:
        return not self._settings.consumers or document.consumer in self._settings.consumers

    async def _verify(self, document: PactDocument, file: FileIO, reports: list[str]) -> VerificationResult:
        """Let the core verify one pact, a few interactions at a time; ``reports`` gets what it prints."""
        settings, found = self._settings, VerificationResult(self._settings.name)
        # An application alone is asked once for each interaction, so it is plain which one a failure belongs to.
        handlers = (settings.state, settings.message, settings.request_filter, settings.replay)
        usual = all(handler is None for handler in handlers)
        named = any(item.get("transport") for item in document.interactions)
        size = {} if usual and not named else {"size": 1}
        if settings.prepare is not None:
            document = settings.prepare(document)
        document = self._routes.prepared(document)
        try:
            for piece in document.pieces(**size):
                found.add(await self._verified(piece, file, reports))
        finally:
            self._result.add(found)
        return found

    async def _verified(self, piece: PactDocument, file: FileIO, reports: list[str]) -> VerificationResult:
        """Let the core verify a piece of a pact, and give its failures to the interaction, if there is one alone."""
        callbacks, interactions = self._callbacks, piece.interactions
        alone = interactions[0] if len(interactions) == 1 else None
        parts = _parts(piece, alone)
        callbacks.begin(alone, len(parts))
        result = VerificationResult(self._settings.name)
        try:
            for number, part in enumerate(parts):
                if number:
                    callbacks.repeat(number)
                executed = await self._executed(part, alone, file, reports)
                waited = callbacks.longest_state_change > self._settings.request_timeout_ms / 1000
                failed = any(item.failed for item in executed.interactions)
                if waited and failed and not self._routes.own_main and not callbacks.failures:
                    # The core counts a handler's time as the provider's: now that the states are set up, once more.
                    callbacks.repeat(number)
                    executed = await self._executed(part, alone, file, reports)
                result.add(executed)
                if callbacks.failures:
                    break
        finally:
            await callbacks.end()
        if alone is not None:
            _explain(result, callbacks)
        else:
            _explain_each(result, callbacks)
        for item in result.interactions:
            logger.info("%s: %s", item, item.outcome)
        return result

    async def _executed(self, piece: PactDocument, alone: Any, file: FileIO, reports: list[str]) -> VerificationResult:
        settings, main, callbacks = self._settings, self._routes.main, self._callbacks
        others = self._routes.others(piece)
        with closing(VerifierHandle(settings.name, main.scheme, bracketed(main.host), main.port, main.path)) as handle:
            for other in others:
                handle.call("add_provider_transport", other.protocol, other.port, other.path, other.scheme)
            file.seek(0)
            file.truncate()
            file.write(piece.text().encode("ascii"))
            path = str(file.name)
            handle.call("add_file_source", path)
            # Where nothing speaks https the core need not read the certificates, 5 ms for each interaction.
            plain = all(transport.scheme == "http" for transport in (main, *others))
            # What is answered here may take its time: a provider elsewhere is waited for by the relay.
            patient = self._routes.own_main or (alone is not None and not is_http_interaction(alone))
            timeout_ms = _PATIENT_MS if patient else settings.request_timeout_ms
            handle.call("set_verification_options", settings.disable_ssl or plain, timeout_ms)
            if settings.state is not None:
                # The end of an interaction is told by its teardown where it is one of several.
                teardown = settings.teardown or alone is None
                handle.call("set_provider_state", self._server.url + STATES, teardown, True)
            if not callbacks.follow_redirects:
                handle.call("set_follow_redirects", False)
            for call in settings.calls:
                handle.call(*call)
            limit = self._end - time.monotonic()
            try:
                if callbacks.on_the_running_loop:
                    executed = await self._server.answer_while_async(handle.execute, limit)
                else:
                    executed = self._server.answer_while(handle.execute, limit)
            finally:
                found = handle.json() if handle.idle else {}
                reports += found.get("output", ())
        if piece.pending:
            as_pending(found)
        part = read_results(settings.name, found, callbacks.failures, alone=alone is not None)
        part.logs = "".join(f"{line}\n" for line in executed.logs)
        part.problems += self._problems(part, executed, piece)
        # The core knows the pact by the name of its piece.
        part.problems = [problem.replace(path, piece.source) for problem in part.problems]
        return part

    def _check_consumers(self, documents: list[PactDocument]) -> None:
        """Report a consumer that was asked for and has no pact."""
        settings, result = self._settings, self._result
        known = sorted({*(item.consumer for item in documents), *(item.consumer for item in result.interactions)})
        missing = [name for name in settings.consumers if name not in known]
        if missing and settings.empty_is_error and result.interactions:
            names, others = ", ".join(map(repr, missing)), ", ".join(map(repr, known))
            result.problems.append(f"no pact of consumer {names}; there are pacts of {others}")

    def _problems(self, part: VerificationResult, executed: Executed, piece: PactDocument) -> list[str]:
        if executed.panic:
            return [f"the core failed: {executed.panic}", *piece.endless_regexes()]
        told = part.problems or any(item.outcome != "passed" for item in part.interactions)
        if executed.code and not told:
            reason = "; ".join(executed.errors) or f"without a reason (code {executed.code})"
            return [f"the core could not verify: {reason}"]
        return []

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


def _parts(piece: PactDocument, alone: Any) -> list[PactDocument]:
    """Return ``piece``, or a pact for each response of a synchronous message that has several: the core takes one."""
    responses = alone.get("response") if alone is not None else None
    if not isinstance(responses, list) or len(responses) < 2:
        return [piece]
    return [piece.replaced({"interactions": [{**alone, "response": [response]}]}) for response in responses]


def _explain_each(result: VerificationResult, callbacks: Callbacks) -> None:
    """Give each of several interactions what its application answered and raised: the core asks in their order."""
    if len(callbacks.exchanges) == len(result.interactions):
        for item, (failures, response) in zip(result.interactions, callbacks.exchanges, strict=True):
            item.response = response
            _tell(item, failures)
    elif not result.success:  # one of them could not be sent
        result.problems += map(str, callbacks.errors)


def _tell(item: InteractionResult, failures: list[HandlerFailure]) -> None:
    """Let what an application raised explain a failure; of what passed it is told in the log."""
    if item.failed:
        item.failures += failures
        return
    for failure in failures:
        logger.warning("%s passed, and %s", item, "\n".join(raised(failure)))


def _explain(result: VerificationResult, callbacks: Callbacks) -> None:
    """Give the only interaction of ``result`` what went wrong in users' code, and what its application answered."""
    if not result.interactions:
        result.problems += [str(failure) for failure in callbacks.failures]
        return
    first, *others = result.interactions
    for other in others:  # the further responses of a synchronous message
        first.mismatches += other.mismatches
        first.error = first.error or other.error
        first.outcome = first.outcome if other.outcome == "passed" else other.outcome
    del result.interactions[1:]
    first.response = callbacks.response
    first.failures = list(callbacks.failures)
    if first.failures:
        first.outcome = "pending" if first.pending else "failed"
    else:
        _tell(first, callbacks.errors)
