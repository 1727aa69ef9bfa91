"""The shortest test there is: import, one interaction served and called, the file written.  Usage: cold.py FOLDER"""

import http.client
import sys

from pact import Pact

pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
pact.upon_receiving("a request").with_request("GET", "/things/1").will_respond_with(200).with_body({"id": 1})
with pact.serve(addr="127.0.0.1") as server:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/things/1")
    assert connection.getresponse().read() == b'{"id":1}'
    connection.close()
pact.write_file(sys.argv[1])
