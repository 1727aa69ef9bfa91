"""A small HTTP server for the core's own calls: state changes, messages, replayed responses, a relay.

It has no thread: `LoopbackServer.answer_while` puts the blocking work (the core's verification) into a
worker and answers its requests in the calling thread. A user's handlers so run where the user's code
runs: same thread-locals, same database connection, same debugger, and Ctrl-C ends it at once.
"""

from __future__ import annotations

import http.client
import math
import secrets
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar
from urllib.parse import unquote

Result = TypeVar("Result")
_MAX_HEAD_BYTES = 1 << 20
_MOST_HEADERS = 100
_READ_BYTES = 1 << 16
_SEND_SECONDS = 30
_GRACE_SECONDS = 0.3
# A blocked select on Windows does not see Ctrl-C; elsewhere the signal itself ends it.
_LONGEST_WAIT_SECONDS = 0.2 if sys.platform == "win32" else 3600.0


@dataclass
class Request:
    """A request as it arrived; `target` is path and query without the server's own prefix."""

    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.target.partition("?")[0])


@dataclass
class Response:
    """An answer; a Content-Length is added where the headers have none."""

    status: int = 200
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()

    def encoded(self, method: str) -> bytes:
        """Return the bytes for the wire."""
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        bodiless = method == "HEAD" or self.status in (204, 304)
        if not bodiless and not any(name.lower() == "content-length" for name, _ in self.headers):
            lines.append(f"Content-Length: {len(self.body)}")
        head = "\r\n".join([*lines, "", ""])
        try:
            encoded = head.encode("latin-1")
        except UnicodeEncodeError:
            encoded = head.encode("utf-8")
        return encoded if bodiless else encoded + self.body


class LoopbackServer:
    """Listens on 127.0.0.1 at a free port; only requests below the random path of `url` reach ``handler``.

    ``handler`` must answer every request; what it raises ends `answer_while` and reaches its caller.
    """

    def __init__(self, handler: Callable[[Request], Response]) -> None:
        self._handler = handler
        self.path = f"/{secrets.token_urlsafe(16)}"
        self._selector = selectors.DefaultSelector()
        listener = socket.create_server(("127.0.0.1", 0))
        woken, self._waker = socket.socketpair()
        self._selector.register(listener, selectors.EVENT_READ, lambda: self._accept(listener))
        self._selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(1))
        self.port: int = listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The address under which the server answers."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def answer_while(self, work: Callable[[], Result], timeout: float = math.inf) -> Result:
        """Run ``work`` in a worker thread, answer requests until it is done, return what it returned.

        Raises what ``work`` or the handler raised, and `TimeoutError` after ``timeout`` seconds; the server is then
        closed, and a worker that does not end soon is left to itself.
        """
        outcome: Future[Result] = Future()

        def run() -> None:
            try:
                outcome.set_result(work())
            except BaseException as error:
                outcome.set_exception(error)
            with suppress(OSError):  # nobody waits any more
                self._waker.send(b"\0")

        threading.Thread(target=run, name="pact-core", daemon=True).start()
        try:
            self._answer_until(outcome, timeout)
        except BaseException:
            self.close()
            with suppress(BaseException):  # without us the work mostly ends at once, and then ends in order
                outcome.result(_GRACE_SECONDS)
            raise
        return outcome.result()

    def _answer_until(self, outcome: Future[Result], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not outcome.done():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            for key, _ in self._selector.select(min(remaining, _LONGEST_WAIT_SECONDS)):
                key.data()

    def close(self) -> None:
        """Stop listening and drop every connection; may be called twice."""
        self._waker.close()
        for key in list((self._selector.get_map() or {}).values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def __enter__(self) -> LoopbackServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # the client has gone already
            client, _ = listener.accept()
            client.settimeout(_SEND_SECONDS)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            received = bytearray()
            self._selector.register(client, selectors.EVENT_READ, lambda: self._receive(client, received))

    def _receive(self, client: socket.socket, received: bytearray) -> None:
        """Take what has arrived, which never blocks, and answer the requests that are complete."""
        kept = False
        with suppress(OSError):
            chunk = client.recv(_READ_BYTES)
            received += chunk
            kept = bool(chunk)
        while kept:
            try:
                request = self._next_request(received)
            except ValueError:
                request, kept = Request("", "", Message(), b""), False
            if request is None:
                return
            answer = self._handler(request) if kept else Response(404)
            kept = kept and request.headers.get("Connection", "").lower() != "close"
            with suppress(OSError):  # a client that has gone is dropped when it is read
                client.sendall(answer.encoded(request.method))
        self._selector.unregister(client)
        client.close()

    def _next_request(self, data: bytearray) -> Request | None:
        """Take one complete request; raises ValueError for what is none, or a stranger's."""
        end = data.find(b"\r\n\r\n", 0, _MAX_HEAD_BYTES)
        if end < 0 and len(data) < _MAX_HEAD_BYTES:
            return None
        first, _, rest = bytes(data[: end + 4]).partition(b"\r\n")
        method, target, version = first.decode("ascii").split(" ")
        own, local = target[: len(self.path)], target[len(self.path) :]
        if not secrets.compare_digest(own, self.path) or local[:1] not in ("", "/", "?") or version[:7] != "HTTP/1.":
            raise ValueError
        headers = _headers(rest)
        length = int(headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError
        if "chunked" in headers.get("Transfer-Encoding", "").lower():
            body, stop = _unchunked(data, end + 4)
        else:
            body, stop = bytes(data[end + 4 : end + 4 + length]), end + 4 + length
        if len(data) < stop:
            return None
        del data[:stop]
        return Request(method, local if local.startswith("/") else f"/{local}", headers, body)


def _headers(head: bytes) -> Message:
    """Read header lines; what `http.client` has for it takes longer than all else that is done for a request."""
    lines = [line for line in head.decode("latin-1").split("\r\n") if line]
    if len(lines) > _MOST_HEADERS:
        raise ValueError
    headers = Message()
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise ValueError
        headers[name] = value.strip()
    return headers


def _unchunked(data: bytearray, position: int) -> tuple[bytes, int]:
    """Return the body and where it ends, which is behind ``data`` while chunks are missing."""
    body = bytearray()
    while True:
        line_end = data.find(b"\r\n", position)
        if line_end < 0:
            return b"", len(data) + 1
        size = int(data[position:line_end].partition(b";")[0], 16)
        if size < 0:
            raise ValueError
        start, position = line_end + 2, line_end + 4 + size
        if size == 0 or position > len(data):
            return bytes(body), position
        body += data[start : start + size]
