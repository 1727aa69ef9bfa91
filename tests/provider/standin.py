"""A stand-in for a Pact Broker, after its published HAL interface, that also is the provider."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .conftest import http_interaction, pact

PACT = "/pacts/provider/CustomerService/consumer/BillingService/pact-version/abc"
SELECT = "/pacts/provider/CustomerService/for-verification"


class Broker:
    """A broker with one pact, which also is the provider; `publish_status` answers published results."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.publish_status = 201
        self.customer: Any = {"id": 123, "name": "Alice"}
        self.pending = False
        self.down = False
        self.given: list[Any] = []
        self.described: dict[str, Any] | None = None
        self.seen: list[tuple[str, str, Any, str | None]] = []

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        url = self.url
        if self.down:
            return 503, {"error": "maintenance"}
        results = {"href": f"{url}{PACT}/verification-results"}
        described = {
            **(self.described or pact(http_interaction(providerStates=self.given))),
            "_links": {"self": {"href": url + PACT}},
        }
        described["_links"]["pb:publish-verification-results"] = results
        found = {"verificationProperties": {"pending": self.pending}, "_links": {"self": {"href": url + PACT}}}
        found["shortDescription"] = "latest"
        found["verificationProperties"]["notices"] = [{"when": "before_verification", "text": "chosen by branch"}]
        provider = f"{url}/pacticipants/CustomerService"
        described["_links"]["pb:provider"] = {"href": provider}
        templated = {
            "pb:provider-pacts-for-verification": f"{url}/pacts/provider/{{provider}}/for-verification",
            "pb:latest-provider-pacts": f"{url}/pacts/provider/{{provider}}/latest",
            "pb:pacticipant-version": f"{url}/pacticipants/{{pacticipant}}/versions/{{version}}",
            "pb:pacticipant": f"{url}/pacticipants/{{pacticipant}}",
        }
        answers = {
            "/": {"_links": {name: {"href": href, "templated": True} for name, href in templated.items()}},
            SELECT: {"_embedded": {"pacts": [found]}, "_links": {"self": {"href": url + SELECT}}},
            "/pacts/provider/CustomerService/latest": {"_links": {"pb:pacts": [{"name": "BillingService"}]}},
            PACT: described,
            "/pacticipants/CustomerService": {
                "_links": {
                    "pb:version-tag": {"href": provider + "/versions/{version}/tags/{tag}", "templated": True},
                    "pb:branch-version": {
                        "href": provider + "/branches/{branch}/versions/{version}",
                        "templated": True,
                    },
                }
            },
            "/states": {},
            "/customers/123": self.customer,
        }
        if path == results["href"].removeprefix(url):
            return self.publish_status, {}
        if path in answers:
            return 200, answers[path]
        return (200, {}) if method == "PUT" else (404, {})


@contextmanager
def running_broker(context: ssl.SSLContext | None = None) -> Iterator[Broker]:
    """Run the stand-in on loopback, over https with a ``context``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, *_: Any) -> None:
            pass

        def go(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            authorization = self.headers.get("Authorization")
            found.seen.append((self.command, self.path, json.loads(body or "null"), authorization))
            status, content = found.answer(self.command, self.path)
            data = json.dumps(content).encode()
            self.send_response(status)
            kind = "application/json" if self.path.startswith("/customers") else "application/hal+json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = go

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Broker(f"http{'s' if context else ''}://localhost:{server.server_port}")
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()
