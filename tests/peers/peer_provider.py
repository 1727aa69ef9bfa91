"""The provider that all peers verify: users over HTTP, states by URL, and messages for verifiers without handlers.

It knows user 42 only once the state said so, and the verifier must have carried that number back into the request:
pacts of V3 and V4 say ``/users/7`` in the example and ``/users/${id}`` to the verifier.
"""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class UsersApi:
    """The provider, listening while its ``with`` block runs; ``name`` is every user's."""

    def __init__(self, name: Any = "Ada") -> None:
        self.name = name
        self.states: list[str] = []
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def state(self, state: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Bring the provider into a state; returns the values for the pact's generators."""
        self.states.append(state)
        return {"id": 42} if state == "a user exists" else {}

    def message(self, name: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the provider sends, or answers."""
        if name == "a lookup":
            return {"contents": json.dumps({"name": self.name}).encode(), "metadata": {}, "content_type": JSON}
        contents = json.dumps({"id": 42, "name": self.name}).encode()
        return {"contents": contents, "metadata": {"topic": "users"}, "content_type": JSON}

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers for a request."""
        asked = json.loads(body) if body else {}
        if path == "/_states":
            return 200, self.state(asked["state"], asked.get("params")), {}
        if method == "POST" and "description" in asked:
            message = self.message(asked["description"])
            metadata = base64.b64encode(json.dumps(message["metadata"]).encode()).decode()
            return 200, json.loads(message["contents"]), {"Pact-Message-Metadata": metadata}
        self.requests.append(f"{method} {path}")
        if method == "POST" and path == "/users" and "name" in asked:
            return 201, {"id": 43}, {"Location": "/users/43"}
        if path == "/users/42?detail=full&detail=tags" and "a user exists" in self.states:
            return 200, {"id": 42, "name": self.name, "tags": ["admin", "staff"]}, {}
        if path == "/users/7?detail=full&detail=tags" and "user 7 exists" in self.states:
            return 200, {"id": 7, "name": self.name, "tags": ["admin"]}, {}
        return 404, {"error": f"no {path}"}, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, value, headers = api.answer(self.command, self.path, body)
                content = json.dumps(value).encode()
                self.send_response(status)
                for name, text in {"Content-Type": JSON, "Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def __enter__(self) -> UsersApi:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


JSON = "application/json"
