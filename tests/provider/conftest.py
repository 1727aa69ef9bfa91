"""A provider over HTTP, and pact files, as the tests of verification need them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


class Provider:
    """Answers `answers[(method, path)]`, else 404, and remembers its requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run one on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def log_message(self, *_: Any) -> None:
            pass

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.requests.append((self.command, self.path, dict(self.headers), body))
            status, content = found.answers.get((self.command, self.path), (404, {"error": "not found"}))
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture()
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture()
def other_provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


def http_interaction(description: str = "a request for customer 123", **changes: Any) -> dict[str, Any]:
    """Return one V4 HTTP interaction: GET /customers/123 answers the customer."""
    return {
        "type": "Synchronous/HTTP",
        "description": description,
        "request": {"method": "GET", "path": "/customers/123"},
        "response": {
            "status": 200,
            "headers": {"Content-Type": ["application/json"]},
            "body": {"content": {"id": 123, "name": "Alice"}, "contentType": "application/json", "encoded": False},
        },
        **changes,
    }


def message(description: str, content: Any, **changes: Any) -> dict[str, Any]:
    """Return one V4 asynchronous message with JSON contents."""
    return {
        "type": "Asynchronous/Messages",
        "description": description,
        "contents": {"content": content, "contentType": "application/json", "encoded": False},
        **changes,
    }


def pact(*interactions: Any, consumer: str = "BillingService", provider: str = "CustomerService") -> dict[str, Any]:
    """Return a V4 pact."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


@pytest.fixture()
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a pact file and return its path."""

    def written(document: Any, name: str = "pact.json") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return written
