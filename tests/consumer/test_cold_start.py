"""What a consumer's test does not use is not imported for it: cold starts are paid by every worker of every run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import json, socket, sys
import pact
imported = list(sys.modules)
from pact import Pact, match
pact = Pact("consumer", "provider")
(
    pact.upon_receiving("a request").with_request("GET", "/")
    .will_respond_with(200).with_body({"id": match.int(1), "name": match.regex("ab", regex="[a-z]+")})
)
with pact.serve("127.0.0.1") as server, socket.create_connection(("127.0.0.1", server.port)) as client:
    client.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
    while client.recv(4096):
        pass
pact.write_file(sys.argv[1])
print(json.dumps([imported, list(sys.modules)]))
"""
SLOW = {
    "ast",
    "asyncio",
    "dataclasses",
    "email",
    "h11",
    "hashlib",
    "http.client",
    "inspect",
    "logging",
    "requests",
    "ssl",
}
SLOW |= {"subprocess", "tempfile", "unittest", "xml.parsers.expat"}
SLOW |= {f"pact_ffi.pact_file.{name}" for name in ("checking", "document", "lifting", "reading")}


def test_no_slow_module_is_imported(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-S", "-c", f"import sys; sys.path += {sys.path!r}\n{CODE}", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    at_import, at_the_end = (set(names) for names in json.loads(done.stdout))
    assert at_import & (SLOW | {"_cffi_backend"}) == set()
    assert at_the_end & SLOW == set()
