"""The part of a Pact Broker's HAL interface that a verification uses, with one pact."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PACT = "/pacts/provider/CustomerService/consumer/BillingService/pact-version/abc"
PROVIDER = "/pacticipants/CustomerService"


class PactBroker:
    """Hands out ``interactions``, and keeps the results that are ``published``."""

    def __init__(self) -> None:
        self.interactions: list[Any] = []
        self.published: list[Any] = []
        broker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def log_message(self, *_: Any) -> None:
                pass

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == f"{PACT}/verification-results":
                    broker.published.append(json.loads(body))
                content = broker.documents().get(self.path, {})
                data = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/hal+json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def documents(self) -> dict[str, Any]:
        """What each address answers."""
        selected, versions = "/pacts/provider/CustomerService/for-verification", "/versions/{version}"
        links = {
            "pb:provider-pacts-for-verification": "/pacts/provider/{provider}/for-verification",
            "pb:pacticipant-version": "/pacticipants/{pacticipant}" + versions,
            "pb:pacticipant": "/pacticipants/{pacticipant}",
        }
        found = {
            "shortDescription": "latest",
            "verificationProperties": {"pending": False, "notices": []},
            **self._links(self=PACT),
        }
        provider = {
            "pb:version-tag": PROVIDER + versions + "/tags/{tag}",
            "pb:branch-version": PROVIDER + "/branches/{branch}" + versions,
        }
        pact = {
            "consumer": {"name": "BillingService"},
            "provider": {"name": "CustomerService"},
            "interactions": self.interactions,
            "metadata": {"pactSpecification": {"version": "4.0"}},
        }
        results = {"pb:publish-verification-results": f"{PACT}/verification-results", "pb:provider": PROVIDER}
        return {
            "/": self._links(**links),
            selected: {"_embedded": {"pacts": [found]}, **self._links(self=selected)},
            PACT: {**pact, **self._links(self=PACT, **results)},
            PROVIDER: self._links(**provider),
        }

    def _links(self, /, **paths: str) -> dict[str, Any]:
        return {"_links": {name: {"href": self.url + path, "templated": "{" in path} for name, path in paths.items()}}
