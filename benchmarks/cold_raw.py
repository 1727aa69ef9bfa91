"""What cold.py does, as raw calls of the core: what no binding can go below.  Usage: cold_raw.py FOLDER"""

import http.client
import json
import sys

from order import example, rules

from pact_ffi.core.library import ffi, lib

pact = lib.pactffi_new_pact(b"bench-consumer", b"bench-provider")
lib.pactffi_with_specification(pact, 5)
handle = lib.pactffi_new_interaction(pact, b"a request")
lib.pactffi_with_request(handle, b"GET", b"/orders/1")
lib.pactffi_response_status(handle, 200)
lib.pactffi_with_body(handle, 1, b"application/json", json.dumps(rules(1)).encode())
port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
connection = http.client.HTTPConnection("127.0.0.1", port)
connection.request("GET", "/orders/1")
assert json.load(connection.getresponse()) == example(1)
connection.close()
assert lib.pactffi_mock_server_matched(port)
lib.pactffi_cleanup_mock_server(port)
assert lib.pactffi_pact_handle_write_file(pact, sys.argv[1].encode(), False) == 0
