"""The shortest test there is: import, one order served and called, the file written.  Usage: cold.py FOLDER"""

import http.client
import json
import sys

from order import example, expected

from pact import Pact, match

pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
pact.upon_receiving("a request").with_request("GET", "/orders/1").will_respond_with(200).with_body(expected(match, 1))
with pact.serve(addr="127.0.0.1") as server:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/orders/1")
    assert json.load(connection.getresponse()) == example(1)
    connection.close()
pact.write_file(sys.argv[1])
