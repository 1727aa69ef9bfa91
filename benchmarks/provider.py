"""The provider of the benchmarks: the core's own mock server, so that nothing of Python is in the way; prints its URL.

Answers ``POST /orders/N`` and, for peers that change states by URL, ``POST /states``.
"""

from __future__ import annotations

import json
import sys
import time

from order import example

from pact_ffi.core.library import ffi, lib

pact = lib.pactffi_new_pact(b"anybody", b"bench-provider")
lib.pactffi_with_specification(pact, 5)
body = json.dumps(example(1)).encode()
for description, path in (("orders", r"/orders/\d+"), ("states", "/states")):
    handle = lib.pactffi_new_interaction(pact, description.encode())
    rule = {"pact:matcher:type": "regex", "regex": path, "value": path.replace(r"\d+", "1")}
    lib.pactffi_with_request(handle, b"POST", json.dumps(rule).encode())
    lib.pactffi_response_status(handle, 200)
    lib.pactffi_with_body(handle, 1, b"application/json", body if description == "orders" else b"{}")
port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
print(f"http://127.0.0.1:{port}", flush=True)
if sys.stdin.read() == "":  # until the other side is gone
    time.sleep(0)
