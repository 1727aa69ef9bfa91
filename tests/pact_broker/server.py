"""The HTTP side of the stand-in: requests, logins, faults, TLS."""

from __future__ import annotations

import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pact_broker import selection
from pact_broker.faults import Raw
from pact_broker.resources import Resources
from pact_broker.store import Pact, Result, Store

Reply = tuple[int, Any, dict[str, str]]


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any

    @property
    def steps(self) -> list[str]:
        return [unquote(step) for step in self.path.strip("/").split("/")]


class StandInBroker(Resources):
    """A running broker; use it in a ``with``.

    ``login`` and ``reader`` are the Authorization headers of those who may write and who may read (without ``login``
    everyone may), ``old`` leaves out what brokers before 2.86 lack, ``allow_changes`` is the broker's setting
    ``allow_dangerous_contract_modification``, ``tls`` serves https, ``links`` is what the links in its documents begin
    with where that is not its address (a broker behind a proxy). ``answers`` replaces replies by path: ``(status,
    body, headers)``, a function without arguments that returns one (or None: the usual one), or one of the faults.
    """

    def __init__(
        self,
        *,
        login: str | None = None,
        reader: str | None = None,
        old: bool = False,
        allow_changes: bool = False,
        tls: ssl.SSLContext | None = None,
        links: str | None = None,
        environments: tuple[str, ...] = ("production", "test"),
    ) -> None:
        self.store = Store()
        self.login, self.reader, self._tls = login, reader, tls
        self.old, self.allow_changes = old, allow_changes
        self.requests: list[Seen] = []
        self.answers: dict[str, Any] = {}
        self._lock = threading.Lock()
        for name in environments:
            self.store.add_environment(name, production=name == "production")
        self.server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"broker": self}))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}"
        self.links = links or self.url

    def __enter__(self) -> StandInBroker:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def seen(self, method: str, part: str = "") -> list[Seen]:
        """The requests with this method and ``part`` in their path."""
        return [request for request in self.requests if request.method == method and part in request.path]

    @property
    def published(self) -> list[dict[str, Any]]:
        """The verification results that were published, in their order."""
        return [result.body for result in self.store.results]

    @property
    def pacts(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """The published pacts by consumer, provider and the consumer's version."""
        return {(pact.consumer, pact.provider, pact.version.number): pact.content for pact in self.store.pacts}

    @property
    def versions(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What is known of each version beside its number."""
        return {(version.pacticipant, version.number): version.details for version in self.store.versions}

    def offer(self, content: dict[str, Any], version: str = "1", branch: str | None = "main", *tags: str) -> Pact:
        """Publish a pact, as if its consumer had done so; returns it with its addresses."""
        names = [content[side]["name"] for side in ("consumer", "provider")]
        pact = Pact(self.store.made(names[0], version), names[1], content)
        self.store.others.add(names[1])
        self.store.pacts.append(pact)
        pact.version.tags += tags
        if branch:
            self.store.put_on_branch(pact.version, branch)
        return pact

    def verified(self, consumer: str, version: str, success: bool | None, provider: str = "Bar") -> None:
        """Publish a pact and, unless ``success`` is None, its result for version 7 of the provider."""
        sides = {"consumer": {"name": consumer}, "provider": {"name": provider}}
        pact = self.store.pact(consumer, provider, version) or self.offer(
            {**sides, "interactions": [], "of": version}, version
        )
        self.store.made(provider, "7")
        if success is not None:
            body = {"success": success, "providerApplicationVersion": "7"}
            result = Result(101 + len(self.store.results), pact.sha, consumer, self.store.made(provider, "7"), body)
            self.store.results.append(result)

    def pact_url(self, pact: Pact) -> str:
        """The address of a pact, as a webhook gives it."""
        return self.url + urlsplit(self.href(*self.place(pact))).path

    def results_path(self, provider: str, number: int = 0) -> str:
        """Where the result of a pact is published that was selected without selectors, the first or a later one."""
        chosen = selection.chosen(self.store, provider, {})[number]
        marked = self.href(*self.place(chosen.pact, chosen.metadata)).removeprefix(self.links)
        return f"{marked}/verification-results"

    def reply(self, request: Seen) -> Reply | Raw:
        given = request.headers.get("authorization")
        changes = request.method != "GET" and not request.path.endswith("/for-verification")
        if self.login is not None and given != self.login and (changes or given is None or given != self.reader):
            return 401, None, {"Content-Type": "text/plain", "WWW-Authenticate": 'Basic realm="Restricted area"'}
        answer = self.answers.get(request.path)
        if callable(answer):
            answer = answer()
        if answer is not None:
            return answer  # type: ignore[no-any-return]
        with self._lock:
            return self.resource(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes, or that does not trust the certificate, is no fault of the test's."""


class _Handler(BaseHTTPRequestHandler):
    broker: StandInBroker
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        if context := self.broker._tls:
            self.request.settimeout(5)
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the client has gone
            self.close_connection = True

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qsl(parts.query, keep_blank_values=True)
        request = Seen(self.command, parts.path, query, headers, json.loads(raw) if raw else None)
        self.broker.requests.append(request)
        reply = self.broker.reply(request)
        if isinstance(reply, Raw):
            self.close_connection = True
            reply.write(self._send)
            return
        status, answer, extra = reply
        kind = "text/html" if isinstance(answer, str) else "application/hal+json;charset=utf-8"
        payload = answer if isinstance(answer, bytes) else answer.encode() if isinstance(answer, str) else b""
        if not payload and answer is not None:
            payload = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, **extra}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
