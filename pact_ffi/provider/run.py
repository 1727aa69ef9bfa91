"""One verification run: from what was set up to what was found."""

from __future__ import annotations

import http.client
import json
import ssl
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pact_ffi.core.ca import loopback_ca
from pact_ffi.core.proxies import direct_loopback
from pact_ffi.core.stdout import hushed, loud
from pact_ffi.core.verifier import Executed, VerifierHandle
from pact_ffi.errors import PactFileError, UsageError
from pact_ffi.loopback import LoopbackServer, Request, Response
from pact_ffi.provider.apps import served
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.messages import MessageFunction
from pact_ffi.provider.relay import RequestFilter, send
from pact_ffi.provider.results import RELAY_FAILED, HandlerFailure, VerificationResult, read_results
from pact_ffi.provider.sources import PactDocument, read_folder, read_pact
from pact_ffi.provider.states import StateFunction

_STATES, _MESSAGES, _PROVIDER = "/states", "/messages", "/provider"


@dataclass(frozen=True)
class Transport:
    """One address of the provider."""

    protocol: str
    host: str
    port: int
    path: str
    scheme: str


@dataclass(frozen=True)
class RemoteSource:
    """Pacts that the core fetches: one by URL, or what a broker selects (then `selection` is set)."""

    url: str
    username: str | None = field(repr=False)
    password: str | None = field(repr=False)
    token: str | None = field(repr=False)
    selection: Callable[[], dict[str, Any]] | None = None


@dataclass
class Settings:
    """Everything that a verifier was told."""

    name: str
    host: str
    transports: list[Transport] = field(default_factory=list)
    files: list[tuple[Path, bool]] = field(default_factory=list)
    documents: list[PactDocument] = field(default_factory=list)
    remotes: list[RemoteSource] = field(default_factory=list)
    app: Any = None
    replay: Response | None = None
    state: StateFunction | None = None
    teardown: bool = False
    message: MessageFunction | None = None
    request_filter: RequestFilter | None = None
    description: str | None = None
    filter_state: str | None = None
    no_state: bool = False
    consumers: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list, repr=False)
    publish: tuple[str, str | None, str | None, list[str]] | None = None
    request_timeout_ms: int = 5000
    time_limit: float | None = None
    disable_ssl: bool = False
    follow_redirects: bool = True
    coloured: bool = False
    empty_is_error: bool = True

    def filters(self) -> list[str]:
        """Describe the filters in force."""
        state = "without a state" if self.no_state else self.filter_state and f"state {self.filter_state!r}"
        named = [
            self.description and f"description {self.description!r}",
            state,
            self.consumers and f"consumers {', '.join(map(repr, self.consumers))}",
        ]
        return [text for text in named if text]


@dataclass
class Outcome:
    """What a run left behind: our objects, and the core's own words."""

    result: VerificationResult
    raw: dict[str, Any]
    output: tuple[str, str] = ("", "")
    logs: str = ""
    failures: list[HandlerFailure] = field(default_factory=list)


class Run:
    """Serves the core's callbacks while it verifies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._failures: list[HandlerFailure] = []
        self._caller = Caller()
        self._provider_url = ""

    def execute(self) -> Outcome:
        """Verify; raises `PactFileError` and `UsageError` for what never reaches the core."""
        settings = self._settings
        documents = _documents(settings)
        with ExitStack() as stack:
            stack.callback(self._caller.close)
            server = stack.enter_context(LoopbackServer(self._answer))
            transports = list(settings.transports)
            if settings.app is not None:
                port = stack.enter_context(served(settings.app))
                transports.insert(0, Transport("http", "127.0.0.1", port, "", "http"))
            if settings.replay is not None:
                transports.append(Transport("http", "127.0.0.1", server.port, server.path + _PROVIDER, "http"))
            if not transports and settings.message is None:
                raise UsageError("where is the provider? call add_transport(url=...), app(...) or message_handler(...)")
            main, *others = self._addresses(transports, server)
            plain = all(t.scheme == "http" for t in (main, *others)) and not settings.remotes
            handle = stack.enter_context(closing(VerifierHandle(settings.name, *_address(main))))
            for transport in others:
                handle.add_transport(transport.protocol, transport.port, transport.path, transport.scheme)
            self._add_sources(handle, documents, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pact-"))))
            # Where nothing speaks https the core need not read the certificates, 5 ms for each interaction.
            handle.set_options(settings.disable_ssl or plain, settings.request_timeout_ms)
            self._set_options(handle, server)
            stack.enter_context(direct_loopback())
            stack.enter_context(loopback_ca() if plain and _no_certificates() else nullcontext())
            with hushed() as reports:
                try:
                    executed = server.answer_while(handle.execute, settings.time_limit)
                finally:
                    reports += [handle.output(False)] if handle.idle else []
            raw = handle.json()
            result = read_results(settings.name, raw, self._failures)
            result.problems += _problems(settings, result, executed)
            return Outcome(result, raw, (reports[0], handle.output(True)), handle.logs(), self._failures)

    def _addresses(self, transports: list[Transport], server: LoopbackServer) -> list[Transport]:
        settings = self._settings
        here = Transport("message", "127.0.0.1", server.port, server.path + _MESSAGES, "http")
        if settings.message is not None and any(t.protocol == "message" for t in transports):
            raise UsageError("a message transport and a message handler were given: choose one")
        if not transports:
            return [replace(here, protocol="http"), here]
        main = transports[0]
        self._provider_url = f"{main.scheme}://{_bracketed(main.host)}:{main.port}{main.path.rstrip('/')}"
        if settings.request_filter is not None:
            transports = [replace(here, protocol="http", path=server.path + _PROVIDER), *transports[1:]]
        return transports + ([here] if settings.message is not None else [])

    def _add_sources(self, handle: VerifierHandle, documents: list[PactDocument], folder: Path) -> None:
        texts = (text for document in documents for text in document.pieces())
        for number, text in enumerate(texts):
            piece = folder / f"{number:06}.json"
            piece.write_text(text, encoding="ascii")
            handle.add_file(str(piece))
        for remote in self._settings.remotes:
            login = (remote.url, remote.username, remote.password, remote.token)
            if remote.selection is None:
                handle.add_url(*login)
            else:
                handle.add_broker(*login, **remote.selection())

    def _set_options(self, handle: VerifierHandle, server: LoopbackServer) -> None:
        settings = self._settings
        if settings.description is not None or settings.filter_state is not None or settings.no_state:
            handle.set_filter(settings.description, settings.filter_state, settings.no_state)
        if settings.consumers:
            handle.set_consumers(settings.consumers)
        if settings.state is not None:
            handle.set_states(server.url + _STATES, settings.teardown)
        if settings.publish is not None:
            handle.set_publish(*settings.publish)
        for name, value in settings.headers:
            handle.add_header(name, value)
        handle.set_follow_redirects(settings.follow_redirects and settings.replay is None)
        handle.set_coloured(settings.coloured)
        handle.set_no_pacts_is_error(settings.empty_is_error)

    def _answer(self, request: Request) -> Response:
        """Answer one call of the core. Never 5xx for a state: the core would repeat the call for two minutes."""
        settings = self._settings
        with loud():
            if settings.replay is not None:
                return settings.replay
            if request.target.startswith(_PROVIDER) and settings.request_filter is not None:
                return self._relayed(request, settings.request_filter)
            if request.path == _STATES and settings.state is not None:
                asked = json.loads(request.body)
                state, action, parameters = asked.get("state", ""), asked.get("action", ""), asked.get("params", {})
                function = settings.state
                role = f"provider state {'teardown' if action == 'teardown' else 'handler'}"
                return self._guarded(role, state, lambda: _values(function(self._caller, state, action, parameters)))
            if request.path == _MESSAGES and settings.message is not None:
                asked, producer = json.loads(request.body or b"{}"), settings.message
                name = asked.get("description", "")
                return self._guarded("message handler", name, lambda: producer(self._caller, asked))
            return Response(404)

    def _guarded(self, role: str, subject: str, work: Callable[[], Response]) -> Response:
        try:
            return work()
        except Exception as error:  # a user's code; it is reported as the failure that it is
            self._failures.append(HandlerFailure(role, subject, error))
            status = RELAY_FAILED if role == "request filter" else 422
            return Response(status, f"{role} {subject!r} raised {type(error).__name__}".encode())

    def _relayed(self, request: Request, request_filter: RequestFilter) -> Response:
        settings = self._settings
        request.target = request.target[len(_PROVIDER) :] or "/"

        def work() -> Response:
            changed = self._caller.call(request_filter, [("request", request)]) or request
            url = self._provider_url + changed.target
            try:
                timeout = settings.request_timeout_ms / 1000
                return send(
                    changed.method,
                    url,
                    changed.headers.items(),
                    changed.body,
                    timeout=timeout,
                    verify_ssl=not settings.disable_ssl,
                )
            except (OSError, http.client.HTTPException) as error:
                raise ConnectionError(f"no answer from the provider at {url}: {error}") from None

        return self._guarded("request filter", f"{request.method} {request.target}", work)


def _documents(settings: Settings) -> list[PactDocument]:
    documents = list(settings.documents)
    for path, recursive in settings.files:
        if path.is_dir():
            found = read_folder(path, recursive)
            ours = [document for document in found if document.provider == settings.name]
            if not ours:
                names = ", ".join(sorted({repr(document.provider) for document in found}))
                raise PactFileError(f"no pact in folder {path} is for provider {settings.name!r}; they are for {names}")
            documents += ours
        else:
            document = read_pact(path)
            if document.provider != settings.name:
                raise PactFileError(
                    f"pact file {path} is for provider {document.provider!r}, and this verifier is {settings.name!r}"
                )
            documents.append(document)
    return documents


def _problems(settings: Settings, result: VerificationResult, executed: Executed) -> list[str]:
    found = [f"the core failed: {executed.panic}"] if executed.panic else []
    if settings.publish is not None:  # the core only logs that it could not publish
        found += [error for error in executed.errors if "publish" in error.lower()]
    others = sorted({item.provider for item in result.interactions} - {settings.name})
    if others:
        found.append(f"pacts of provider {', '.join(map(repr, others))} came, and this verifier is {settings.name!r}")
    if not result.interactions and settings.empty_is_error and not (found or result.problems):
        filters = settings.filters()
        if filters:
            found.append(f"nothing was verified: no interaction matches {' and '.join(filters)}")
        elif settings.files or settings.remotes:
            found.append("nothing was verified: the pacts have no interactions for this provider")
        else:
            found.append("nothing was verified: there is no pact; call add_source(...) or broker_source(...)")
    if executed.code and not (found or result.problems or result.failed):
        reason = "; ".join(executed.errors) or f"without a reason (code {executed.code})"
        found.append(f"the core failed: {reason}")
    return found


def _values(returned: Any) -> Response:
    """Return what a state handler gave back as values for the core's generators; only mappings carry any."""
    values = returned if isinstance(returned, dict) else {}
    return Response(200, json.dumps(values).encode(), [("Content-Type", "application/json")])


def _address(transport: Transport) -> tuple[str, str, int, str]:
    return transport.scheme, _bracketed(transport.host), transport.port, transport.path


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _no_certificates() -> bool:
    """Say whether this machine has no certificate store, as slim containers do; the core cannot work without one."""
    paths = ssl.get_default_verify_paths()
    return sys.platform == "linux" and not (paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def split_url(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of ``url``."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname or "", port, parts.path
