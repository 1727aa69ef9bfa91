"""The provider: a small service with one order. Prints its address."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORDERS = {7: {"id": 7, "status": "open"}}


class Orders(BaseHTTPRequestHandler):
    """Answers ``GET /orders/N``."""

    def do_GET(self) -> None:
        """Send the order as JSON, or 404."""
        order = ORDERS.get(int(self.path.rpartition("/")[2] or 0))
        body = json.dumps(order or {"error": "no such order"}).encode()
        self.send_response(200 if order else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
