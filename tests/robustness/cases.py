"""Hostile but ordinary inputs: what `works` does what it should, what is `refused` says why. Run by ``worker.py``."""

from __future__ import annotations

import http.client as http_client
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from pact import Pact, Verifier


@dataclass
class Case:
    """One input; ``words`` have to stand in the exception that refuses it, no words mean that it works."""

    run: Callable[[], object]
    words: tuple[str, ...]


CASES: dict[str, Case] = {}


def works(run: Callable[[], object]) -> Callable[[], object]:
    """Register a case that works, and checks itself that it did."""
    CASES[run.__name__] = Case(run, ())
    return run


def refused(*words: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a case that is refused by a `PactError` with these words."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        CASES[run.__name__] = Case(run, words)
        return run

    return register


def http(pact: Pact | None = None, description: str = "a request", path: Any = "/") -> Any:
    """An interaction whose request is ready."""
    return (pact or Pact("consumer", "provider")).upon_receiving(description).with_request("GET", path)


def new() -> tuple[Pact, Any]:
    """A pact and its only interaction, answering 200."""
    pact = Pact("consumer", "provider")
    return pact, http(pact).will_respond_with(200)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes


def ask(
    port: int, method: str = "GET", target: str = "/", headers: dict[str, str] | None = None, body: Any = None
) -> Answer:
    """Send one request to localhost."""
    connection = http_client.HTTPConnection("localhost", port, timeout=10)
    try:
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def served(pact: Pact, *request: Any) -> Answer:
    """Serve the pact, send one request, and require that it matched."""
    with pact.serve() as server:
        assert server.port
        return ask(server.port, *request)


def written(pact: Pact) -> dict[str, Any]:
    """Write the pact below the current directory and read it."""
    pact.write_file("out", overwrite=True)
    found: dict[str, Any] = json.loads((Path("out") / f"{pact.consumer}-{pact.provider}.json").read_text("utf-8"))
    return found


def item(pact: Pact) -> dict[str, Any]:
    """The only interaction as the file has it."""
    content = written(pact)
    (only,) = content.get("interactions") or content["messages"]
    found: dict[str, Any] = only
    return found


def document(*interactions: Any, provider: str = "provider", version: str = "4.0") -> dict[str, Any]:
    """A pact file's content."""
    return {
        "consumer": {"name": "consumer"},
        "provider": {"name": provider},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": version}},
    }


def interaction(**changes: Any) -> dict[str, Any]:
    """An HTTP interaction of a pact file: GET / answers 200."""
    return {
        "type": "Synchronous/HTTP",
        "description": "a request",
        "request": {"method": "GET", "path": "/"},
        "response": {"status": 200},
        **changes,
    }


def message(**changes: Any) -> dict[str, Any]:
    """A message of a pact file."""
    contents = {"content": {"a": 1}, "contentType": "application/json", "encoded": False}
    return {"type": "Asynchronous/Messages", "description": "a message", "contents": contents, **changes}


def file(content: Any, name: str = "pact.json") -> Path:
    """Write ``content`` below the current directory."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@contextmanager
def provider(answer: Callable[[Any], None] | None = None) -> Iterator[int]:
    """A provider on loopback; ``answer`` gets the request handler, and may do anything to the socket."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if answer is not None:
                return answer(self)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None

        do_POST = do_GET

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def verifier(port: int, content: Any = None) -> Verifier:
    """A verifier of a provider on loopback, and of one pact file with ``content``."""
    found = Verifier("provider").add_transport(url=f"http://127.0.0.1:{port}")
    return found.add_source(file(document(interaction()) if content is None else content))


def verify(content: Any, answer: Callable[[Any], None] | None = None) -> Verifier:
    """Verify a pact file's content against a provider that answers 200, or as ``answer`` does."""
    with provider(answer) as port:
        return verifier(port, content).verify()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
