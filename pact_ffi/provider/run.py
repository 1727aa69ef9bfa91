"""One verification run: from what was set up to what was found."""

from __future__ import annotations

import json
import logging
import math
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pact_ffi.broker.results import ProviderVersion
from pact_ffi.broker.selection import PactSource
from pact_ffi.core.environment import environment, for_verification
from pact_ffi.core.stdout import hushed, loud
from pact_ffi.core.verifier import Executed, VerifierHandle
from pact_ffi.errors import UsageError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import read_pacts_for
from pact_ffi.provider.apps import served
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.loopback import LoopbackServer, Request, Response
from pact_ffi.provider.messages import MessageFunction
from pact_ffi.provider.publishing import Part, as_pending, publish, say
from pact_ffi.provider.relay import RequestFilter, relay
from pact_ffi.provider.results import RELAY_FAILED, HandlerFailure, VerificationResult, read_results
from pact_ffi.provider.states import StateFunction
from pact_ffi.values.url import bracketed

Asked = TypeVar("Asked")
logger = logging.getLogger("pact.verifier")
_STATES, _MESSAGES, _PROVIDER = "/states", "/messages", "/provider"


class Transport(NamedTuple):
    """One address of the provider."""

    protocol: str
    host: str
    port: int
    path: str
    scheme: str


@dataclass
class Settings:
    """Everything that a verifier was told; `calls` are options that only the core need understand."""

    name: str
    host: str = "127.0.0.1"
    transports: list[Transport] = field(default_factory=list)
    files: list[tuple[Path, bool]] = field(default_factory=list)
    documents: list[PactDocument] = field(default_factory=list)
    remotes: list[PactSource] = field(default_factory=list)
    app: Any = None
    replay: Response | None = None
    state: StateFunction | None = None
    teardown: bool = False
    message: MessageFunction | None = None
    request_filter: RequestFilter | None = None
    filters: list[str] = field(default_factory=list)
    consumers: list[str] = field(default_factory=list)
    publish: ProviderVersion | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list, repr=False)
    request_timeout_ms: int = 5000
    time_limit: float | None = None
    disable_ssl: bool = False
    empty_is_error: bool = True


class Run:
    """Serves the core's callbacks while it verifies, a few interactions at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._result = VerificationResult(settings.name, request_timeout=settings.request_timeout_ms / 1000)
        self._failures: list[HandlerFailure] = []
        self._caller = Caller()
        self._relay: Callable[[Caller, Request], Response] | None = None
        self._end = time.monotonic() + (settings.time_limit or math.inf)

    def execute(self) -> VerificationResult:
        """Verify.

        A time limit is a problem of the result, beside what was found before. Raises `PactFileError`, `UsageError` and
        `BrokerError` for what never reaches the core.
        """
        settings, result = self._settings, self._result
        if settings.publish is not None and not settings.remotes:
            logger.warning("nothing will be published: only results of pacts that came by URL or from a broker are")
        for document in settings.documents:
            document.check_provider(settings.name)
        documents = settings.documents + read_pacts_for(settings.name, settings.files)
        own = settings.publish or ProviderVersion("")
        fetched = [p for source in settings.remotes for p in source.fetch(settings.name, own.branch, own.tags)]
        for document in [*documents, *(pact.document for pact in fetched)]:
            document.check_plugins()
        with ExitStack() as stack:
            stack.callback(self._caller.close)
            self._server = stack.enter_context(LoopbackServer(self._answer))
            transports = list(settings.transports)
            if settings.app is not None:
                port = stack.enter_context(served(settings.app))
                transports.insert(0, Transport("http", "127.0.0.1", port, "", "http"))
            self._transports = self._addresses(transports)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pact-")))
            stack.enter_context(environment(for_verification()))
            reports = stack.enter_context(hushed())
            parts: list[Part] = []
            ended = None
            try:
                for document in filter(self._wanted, documents):
                    self._verify(document, folder, reports)
                for pact in fetched:
                    if self._wanted(pact.document):
                        say(result, pact, pact.said_before())
                        parts.append((pact, self._verify(pact.document, folder, reports, pact.pending)))
            except TimeoutError:
                ended = f"the verification was ended at its time limit of {settings.time_limit:g} seconds"
                result.problems.append(ended)
        why = ended or (f"only {' and '.join(settings.filters)} was verified" if settings.filters else None)
        result.add(publish(parts, settings.publish, why and f"no result was published: {why}"))
        if not result.interactions and settings.empty_is_error and not result.problems:
            result.problems.append(f"nothing was verified: {self._nothing()}")
        return result

    def _addresses(self, transports: list[Transport]) -> list[Transport]:
        """Return the provider's addresses, the main one first, with our own in the place of what we serve."""
        settings, server = self._settings, self._server
        here = Transport("http", "127.0.0.1", server.port, server.path + _PROVIDER, "http")
        messages = here._replace(protocol="message", path=server.path + _MESSAGES)
        if settings.replay is not None:
            return [here]
        if settings.message is not None and any(t.protocol == "message" for t in transports):
            raise UsageError("a message transport and a message handler were given: choose one")
        if not transports and settings.message is None:
            raise UsageError("where is the provider? call add_transport(url=...), app(...) or message_handler(...)")
        if transports and settings.request_filter is not None:
            main = transports[0]
            url = f"{main.scheme}://{bracketed(main.host)}:{main.port}{main.path.rstrip('/')}"
            seconds = settings.request_timeout_ms / 1000
            self._relay = relay(settings.request_filter, url, seconds, verify_ssl=not settings.disable_ssl)
            transports = [here, *transports[1:]]
        if settings.message is not None:
            transports = [*(transports or [messages._replace(protocol="http")]), messages]
        return transports

    def _wanted(self, document: PactDocument) -> bool:
        return not self._settings.consumers or document.consumer in self._settings.consumers

    def _verify(
        self, document: PactDocument, folder: Path, reports: list[str], pending: bool = False
    ) -> VerificationResult:
        """Let the core verify one pact, a few interactions at a time; ``reports`` gets what it prints."""
        found = VerificationResult(self._settings.name)
        try:
            for number, piece in enumerate(document.pieces()):
                path = folder / f"{number:06}.json"
                path.write_text(piece.text(), encoding="ascii")
                found.add(self._piece(piece, str(path), reports, pending))
        finally:
            self._result.add(found)
        return found

    def _piece(self, piece: PactDocument, path: str, reports: list[str], pending: bool) -> VerificationResult:
        settings, main = self._settings, self._transports[0]
        with closing(VerifierHandle(settings.name, main.scheme, bracketed(main.host), main.port, main.path)) as handle:
            for other in self._transports[1:]:
                handle.call("add_provider_transport", other.protocol, other.port, other.path, other.scheme)
            handle.call("add_file_source", path)
            # Where nothing speaks https the core need not read the certificates, 5 ms for each interaction.
            plain = all(transport.scheme == "http" for transport in self._transports)
            handle.call("set_verification_options", settings.disable_ssl or plain, settings.request_timeout_ms)
            handle.call("set_no_pacts_is_error", settings.empty_is_error)
            if settings.state is not None:
                handle.call("set_provider_state", self._server.url + _STATES, settings.teardown, True)
            if settings.replay is not None:
                handle.call("set_follow_redirects", False)
            for call in settings.calls:
                handle.call(*call)
            self._failures.clear()
            try:
                executed = self._server.answer_while(handle.execute, self._end - time.monotonic())
            finally:
                found = handle.json() if handle.idle else {}
                reports += found.get("output", ())
        if pending:
            as_pending(found)
        part = read_results(settings.name, found, self._failures)
        part.logs = "".join(f"{line}\n" for line in executed.logs)
        part.problems += self._problems(part, executed, piece)
        # The core knows the pact by the name of its piece.
        part.problems = [problem.replace(path, piece.source) for problem in part.problems]
        for item in part.interactions:
            logger.info("%s: %s", item, item.outcome)
        return part

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

    def _answer(self, request: Request) -> Response:
        """Answer one call of the core. Never 5xx for a state: the core would repeat the call for two minutes."""
        settings = self._settings
        with loud():
            if request.target.startswith(_PROVIDER):
                request.target = request.target[len(_PROVIDER) :] or "/"
                if self._relay is not None:
                    return self._guarded("request filter", f"{request.method} {request.target}", self._relay, request)
                return settings.replay or Response(404)
            asked = json.loads(request.body or b"{}")
            if request.path == _STATES and settings.state is not None:
                role = f"provider state {'teardown' if asked.get('action') == 'teardown' else 'handler'}"
                return self._guarded(role, asked.get("state", ""), settings.state, asked)
            if request.path == _MESSAGES and settings.message is not None:
                return self._guarded("message handler", asked.get("description", ""), settings.message, asked)
            return Response(404)

    def _guarded(self, role: str, subject: str, work: Callable[[Caller, Asked], Response], asked: Asked) -> Response:
        try:
            return work(self._caller, asked)
        except Exception as error:  # a user's code; it is reported as the failure that it is
            self._failures.append(HandlerFailure(role, subject, error))
            status = RELAY_FAILED if role == "request filter" else 422
            return Response(status, f"{role} {subject!r} raised {type(error).__name__}".encode())
