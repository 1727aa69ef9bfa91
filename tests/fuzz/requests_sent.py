"""Hostile HTTP at a mock server and at the loopback server: ``python requests_sent.py COUNT [SEED [TRACE]]``.

After each handful of it a good request must still be answered, and be counted. Prints a line of JSON at the end.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pact import Pact
from pact_ffi.provider.loopback import LoopbackServer
from pact_ffi.provider.wire import Response

GOOD = b'POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}'
PIECES = (
    b"\r\n", b"\n", b"\0", b"\xff\xfe", b":", b" ", b"HTTP/1.1", b"HTTP/9.9", b"HTTP/2.0", b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"Content-Length: x\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"Expect: 100-continue\r\n",
    b"A: " + b"x" * 5000 + b"\r\n", b"%00", b"%zz", b"/../../", b"?" * 50, b"Connection: close\r\n", b"\r\n\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"[" * 3000, b"Host: \r\n", b"\x16\x03\x01\x02\0",
)  # fmt: skip


def hostile(r: random.Random, path: bytes) -> bytes:
    """A request with something wrong in it, or no request at all."""
    data = GOOD.replace(b"/a", path)
    for _ in range(r.randint(1, 4)):
        at, kind = r.randrange(len(data) + 1), r.randrange(4)
        if kind == 0:
            data = data[:at] + r.choice(PIECES) + data[at:]
        elif kind == 1:
            data = data[:at] + bytes(r.randrange(256) for _ in range(r.randint(1, 8))) + data[at:]
        elif kind == 2:
            data = data[:at] + data[at + r.randint(1, 20) :]
        elif r.random() < 0.3:
            data = data[:at]
    return data


def send(port: int, data: bytes, r: random.Random) -> None:
    """Send it, in pieces perhaps, and leave politely or not."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as client:
        half = r.randrange(len(data) + 1)
        for piece in (data[:half], data[half:]):
            client.sendall(piece)
        if r.random() < 0.2:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        client.shutdown(socket.SHUT_WR)
        client.settimeout(0.2)
        client.recv(65536)


def answered(port: int, path: str) -> int:
    """The status of a good request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", path, b'{"a": 1}', {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def mock_server(count: int, r: random.Random, told: Any, found: dict[str, str]) -> None:
    pact = Pact("c", "p")
    asked = pact.upon_receiving("x").with_request("POST", "/a").with_body({"a": 1})
    asked.will_respond_with(200).with_body({"b": 2})
    for start in range(0, count, 25):
        with pact.serve("127.0.0.1", raises=False, verbose=False) as server:
            port = server.port or 0
            for _ in range(min(25, count - start)):
                data = hostile(r, b"/a")
                told(data)
                send(port, data, r)
            try:
                if answered(port, "/a") != 200:
                    found.setdefault("the mock server no longer answers 200", "")
                server.report()
                _ = server.mismatches, server.logs
            except Exception as error:
                found.setdefault(f"the mock server: {type(error).__name__}: {error}", "")


def loopback_server(count: int, r: random.Random, told: Any, found: dict[str, str]) -> None:
    seen: list[Any] = []

    async def answer(request: Any) -> Response:
        seen.append(request)
        return Response(200, b"{}")

    with LoopbackServer(answer) as server:
        path = urlsplit(server.url).path

        def work() -> None:
            for number in range(count):
                data = hostile(r, r.choice((path.encode(), b"/a", path[:-1].encode())))
                told(data)
                send(server.port, data, r)
                if number % 25 == 24:
                    before = len(seen)
                    if answered(server.port, path + "/good") != 200 or len(seen) == before:
                        found.setdefault("the loopback server no longer answers", "")

        try:
            server.run([server.answer_while(work)])
        except Exception as error:
            found.setdefault(f"the loopback server: {type(error).__name__}: {error}", "")
    for _ in range(100):  # the last worker may be about to end
        threads = [each.name for each in threading.enumerate() if not each.name.startswith(("Main", "Dummy"))]
        if not threads:
            break
        time.sleep(0.01)
    if threads:
        found["threads are left"] = str(threads)


def main(count: int, seed: int, trace: str | None) -> None:
    r = random.Random(seed)
    found: dict[str, str] = {}

    def told(data: bytes) -> None:
        if trace:
            Path(trace).write_bytes(data)

    mock_server(count // 2, r, told, found)
    loopback_server(count - count // 2, r, told, found)
    print(json.dumps({"inputs": count, "findings": found}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3] if len(sys.argv) > 3 else None)
