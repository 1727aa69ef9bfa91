"""A small customer service; ``broken`` renames a field. Prints its address."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUSTOMERS: dict[int, dict[str, object]] = {123: {"id": 123, "name": "Bob Jones", "email": "bob@example.org"}}
BROKEN = sys.argv[1:] == ["broken"]


class Customers(BaseHTTPRequestHandler):
    """Answers ``GET /customers/N``."""

    def do_GET(self) -> None:
        """Send the customer as JSON, or 404."""
        customer = CUSTOMERS.get(int(self.path.rpartition("/")[2] or 0))
        if customer and BROKEN:
            customer = {"fullName" if key == "name" else key: value for key, value in customer.items()}
        body = json.dumps(customer or {"error": "no such customer"}).encode()
        self.send_response(200 if customer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Customers)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
