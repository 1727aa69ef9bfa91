"""The loopback server: answers its owner's calls only, and nobody can hang it."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from pact_ffi.provider.loopback import LoopbackServer
from pact_ffi.provider.wire import Request, Response


async def echo(request: Request) -> Response:
    return Response(200, request.body or request.target.encode(), [("X-Method", request.method)])


def answered(work: Callable[[LoopbackServer], object], handler: Any = echo) -> object:
    """Answer by each of the two ways; they must lead to the same."""
    with LoopbackServer(handler) as server:
        plain = waited_for(server, lambda: work(server), timeout=10)

    async def on_a_loop() -> object:
        with LoopbackServer(handler) as server:
            return await server.answer_while_async(lambda: work(server), timeout=10)

    assert isinstance(plain, float) or asyncio.run(on_a_loop()) == plain
    return plain


def waited_for(server: LoopbackServer, work: Callable[[], object], timeout: float) -> object:
    """Do ``work`` while the server answers in this thread."""
    results = []

    async def lane() -> None:
        results.append(await server.answer_while(work, timeout))

    server.run([lane()])
    return results[0]


def raw(server: LoopbackServer, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(data)
        received = b""
        while chunk := client.recv(65536):
            received += chunk
        return received


def test_answers_below_its_secret_path_in_the_calling_thread() -> None:
    threads = []

    async def handler(request: Request) -> Response:
        threads.append(threading.current_thread())
        return await echo(request)

    assert answered(lambda server: requests.get(f"{server.url}/a%20b?c=d").text, handler) == "/a%20b?c=d"
    assert threads == [threading.current_thread()] * 2


def test_strangers_get_404() -> None:
    def work(server: LoopbackServer) -> list[int]:
        base = f"http://127.0.0.1:{server.port}"
        return [requests.get(url).status_code for url in (base, f"{base}/state", server.url + "x", server.url)]

    assert answered(work) == [404, 404, 404, 200]


def test_connections_are_kept_and_bodies_may_be_large_or_chunked() -> None:
    big = b"x" * 10_000_000

    def work(server: LoopbackServer) -> list[bool]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        found = []
        for body in (b"small", big, iter([b"ab", b"cd"])):
            connection.request("POST", server.path, body)
            received = connection.getresponse().read()
            found.append(received == (body if isinstance(body, bytes) else b"abcd"))
        first_socket = connection.sock
        connection.request("HEAD", server.path)
        assert connection.getresponse().read() == b""
        found.append(connection.sock is first_socket)
        connection.close()
        return found

    assert answered(work) == [True, True, True, True]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"GET %s HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET %s HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"GET %s HTTP/1.1\r\nA: " + b"b" * 20_000_000,
        "GET /é HTTP/1.1\r\n\r\n".encode(),
    ],
)
def test_garbage_is_refused_and_the_next_request_is_answered(data: bytes) -> None:
    def work(server: LoopbackServer) -> int:
        try:
            answer = raw(server, data.replace(b"%s", server.path.encode()))
        except ConnectionError:
            answer = b"HTTP/1.1 4"
        assert answer.startswith(b"HTTP/1.1 4")
        return requests.get(server.url).status_code

    assert answered(work) == 200


def test_silent_and_slow_clients_do_not_delay_others() -> None:
    def work(server: LoopbackServer) -> float:
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for client in silent[:10]:
            client.sendall(f"POST {server.path} HTTP/1.1\r\nContent-Length: 10\r\n\r\nab".encode())
        start = time.monotonic()
        assert requests.get(server.url).status_code == 200
        return time.monotonic() - start

    assert float(str(answered(work))) < 1


def test_what_the_work_or_a_handler_raises_reaches_the_caller() -> None:
    async def broken(request: Request) -> Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answered(lambda server: requests.get(server.url), broken)
    with pytest.raises(ZeroDivisionError):
        answered(lambda server: 1 / 0)


def test_time_limit_and_close_leave_nothing_listening() -> None:
    with LoopbackServer(echo) as server, pytest.raises(TimeoutError):
        waited_for(server, lambda: time.sleep(1), timeout=0.05)
    server.close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port))
