"""One worker of a run: has the core verify one piece of a pact after the other, and explains what failed."""

from __future__ import annotations

import logging
import math
from contextlib import closing
from io import FileIO
from typing import Any

from pact_ffi.core import clock
from pact_ffi.core.verifier import Executed, VerifierHandle
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.provider.callbacks import PROVIDER, STATES, Address, Callbacks
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.loopback import LoopbackServer
from pact_ffi.provider.publishing import as_pending
from pact_ffi.provider.report import raised
from pact_ffi.provider.results import HandlerFailure, InteractionResult, VerificationResult, read_results
from pact_ffi.provider.routes import Routes, is_http_interaction
from pact_ffi.provider.settings import Settings, Transport
from pact_ffi.reporting.screen import one_line
from pact_ffi.values.url import bracketed

logger = logging.getLogger("pact.verifier")
_PATIENT_MS = 24 * 3_600_000


class Worker:
    """Verifies pieces of pacts, which it writes into ``file`` for the core, until the moment ``end``.

    What the core calls below ``path`` of ``server`` is answered by `callbacks`; ``reports`` gets what it prints.
    """

    def __init__(
        self, settings: Settings, caller: Caller, server: LoopbackServer, path: str, file: FileIO, end: float
    ) -> None:
        self._settings, self._server, self._file, self._end = settings, server, file, end
        here = Transport("http", "127.0.0.1", server.port, server.path + path, "http")
        self._url = f"http://127.0.0.1:{server.port}{here.path}"
        self.routes = Routes(settings, here)
        self.reports: list[str] = []
        self.waited = 0.0  # seconds for which answers of ours were worked on, also for other workers
        self.callbacks = callbacks = Callbacks(caller)
        callbacks.replay = settings.replay
        callbacks.follow_redirects = settings.follow_redirects and settings.replay is None
        callbacks.root = here.path
        callbacks.state, callbacks.message = settings.state, settings.message
        callbacks.request_filter = settings.request_filter
        callbacks.end_of_time = None if math.isinf(end) else end
        callbacks.addresses = list(map(self._address, settings.transports))
        callbacks.transports = [transport.protocol for transport in settings.transports]

    def _address(self, transport: Transport) -> Address:
        url = f"{transport.scheme}://{bracketed(transport.host)}:{transport.port}{transport.path.rstrip('/')}"
        return Address(url, self._settings.request_timeout_ms / 1000, not self._settings.disable_ssl)

    async def verified(self, piece: PactDocument) -> VerificationResult:
        """Let the core verify a piece of a pact, and give its failures to the interaction, if there is one alone."""
        callbacks, interactions = self.callbacks, piece.interactions
        alone = interactions[0] if len(interactions) == 1 else None
        parts = _parts(piece, alone)
        callbacks.begin(alone, len(parts))
        result = VerificationResult(self._settings.name)
        try:
            for number, part in enumerate(parts):
                if number:
                    callbacks.repeat(number)
                executed = await self._executed(part, alone)
                while self._held_up() and any(item.failed for item in executed.interactions):
                    # The core counts a handler's time as the provider's: now that the states are set up, once more.
                    callbacks.repeat(number)
                    executed = await self._executed(part, alone)
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
            logger.info("%s: %s", one_line(str(item)), item.outcome)
        return result

    def _as_the_provider(self, text: str) -> str:
        """Return ``text`` with the addresses of the provider in the place of our own ones that stand for them."""
        if self._url not in text:
            return text
        for number, address in enumerate(self.callbacks.addresses):
            text = text.replace(f"{self._url}/{number}{PROVIDER}", address.url)
        return text.replace(f"{self._url}{PROVIDER}", "the application at ")

    def _held_up(self) -> bool:
        """Whether answers of ours, and not the provider's, may have come too late for the core."""
        seconds = self._settings.request_timeout_ms / 1000
        return self.waited > seconds and not self._patient and not self.callbacks.failures

    async def _executed(self, piece: PactDocument, alone: Any) -> VerificationResult:
        settings, main, callbacks, file = self._settings, self.routes.main, self.callbacks, self._file
        others = self.routes.others(piece)
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
            self._patient = self.routes.own_main or (alone is not None and not is_http_interaction(alone))
            timeout_ms = _PATIENT_MS if self._patient else settings.request_timeout_ms
            handle.call("set_verification_options", settings.disable_ssl or plain, timeout_ms)
            if settings.state is not None:
                # The end of an interaction is told by its teardown where it is one of several.
                teardown = settings.teardown or alone is None
                handle.call("set_provider_state", self._url + STATES, teardown, True)
            if not callbacks.follow_redirects:
                handle.call("set_follow_redirects", False)
            for call in settings.calls:
                handle.call(*call)
            self.waited = 0.0
            limit = self._end - clock.now()
            try:
                if callbacks.on_the_running_loop:
                    executed = await self._server.answer_while_async(handle.execute, limit)
                else:
                    executed = await self._server.answer_while(handle.execute, limit)
            finally:
                found = handle.json() if handle.idle else {}
                self.reports += found.get("output", ())
        if piece.pending:
            as_pending(found)
        part = read_results(settings.name, found, callbacks.failures, alone=alone is not None)
        for item in part.interactions:
            item.error = item.error and self._as_the_provider(item.error)
        part.logs = "".join(f"{line}\n" for line in executed.logs)
        part.problems += _problems(part, executed, piece)
        # The core knows the pact by the name of its piece.
        part.problems = [problem.replace(path, piece.source) for problem in part.problems]
        return part


def _problems(part: VerificationResult, executed: Executed, piece: PactDocument) -> list[str]:
    if executed.panic:
        return [f"the core failed: {executed.panic}", *piece.endless_regexes()]
    told = part.problems or any(item.outcome != "passed" for item in part.interactions)
    if executed.code and not told:
        reason = "; ".join(executed.errors) or f"without a reason (code {executed.code})"
        return [f"the core could not verify: {reason}"]
    return []


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
        logger.warning("%s passed, and %s", one_line(str(item)), "\n".join(raised(failure)))


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
    first.response = callbacks.response or first.response
    first.failures = list(callbacks.failures)
    if first.failures:
        first.outcome = "pending" if first.pending else "failed"
    else:
        _tell(first, callbacks.errors)
