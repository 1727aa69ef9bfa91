"""A small HTTP server for the core's own calls: state changes, messages, replayed responses, a relay.

It has no thread: `LoopbackServer.answer_while` puts the blocking work (the core's verification) into a
worker and answers its requests in the calling thread. A user's handlers so run where the user's code
runs: same thread-locals, same database connection, same debugger, and Ctrl-C ends it at once.
"""

from __future__ import annotations

import http.client
import io
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
_READ_BYTES = 1 << 16
_GRACE_SECONDS = 0.3
# A blocked select on Windows does not see Ctrl-C; elsewhere the signal itself ends it.
_LONGEST_WAIT_SECONDS = 0.2 if sys.platform == "win32" else None


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

    def encoded(self, method: str, keep_alive: bool) -> bytes:
        """Return the bytes for the wire."""
        names = {name.lower() for name, _ in self.headers}
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        bodiless = method == "HEAD" or self.status in (204, 304)
        if "content-length" not in names and not bodiless:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
        head = "".join(f"{line}\r\n" for line in lines) + "\r\n"
        try:
            encoded = head.encode("latin-1")
        except UnicodeEncodeError:
            encoded = head.encode("utf-8")
        return encoded if bodiless else encoded + self.body


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class LoopbackServer:
    """Listens on 127.0.0.1 at a free port; only requests below the random path of `url` reach ``handler``.

    ``handler`` must answer every request; what it raises ends `answer_while` and reaches its caller.
    """

    def __init__(self, handler: Callable[[Request], Response]) -> None:
        self._handler = handler
        self._prefix = f"/{secrets.token_urlsafe(16)}"
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._woken, self._waker = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._woken, selectors.EVENT_READ, lambda _: self._woken.recv(1))
        self.port: int = self._listener.getsockname()[1]

    @property
    def path(self) -> str:
        """The secret first part of every path, for example ``/kDw...``."""
        return self._prefix

    @property
    def url(self) -> str:
        """The address under which the server answers."""
        return f"http://127.0.0.1:{self.port}{self._prefix}"

    def answer_while(self, work: Callable[[], Result], timeout: float | None = None) -> Result:
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

    def _answer_until(self, outcome: Future[Result], timeout: float | None) -> None:
        deadline = None if timeout is None else time.monotonic() + timeout
        while not outcome.done():
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                raise TimeoutError
            waits = [wait for wait in (remaining, _LONGEST_WAIT_SECONDS) if wait is not None]
            for key, events in self._selector.select(min(waits, default=None)):
                key.data(events)

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

    def _accept(self, _: int) -> None:
        with suppress(OSError):  # the client has gone already
            client, _address = self._listener.accept()
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(client, self._selector, self._prefix, self._handler)
            self._selector.register(client, selectors.EVENT_READ, connection.ready)


class _Connection:
    """One client: never blocks, so that a slow or silent one costs the others nothing."""

    def __init__(
        self,
        client: socket.socket,
        selector: selectors.BaseSelector,
        prefix: str,
        handler: Callable[[Request], Response],
    ) -> None:
        self._client, self._selector, self._prefix, self._handler = client, selector, prefix, handler
        self._incoming = bytearray()
        self._outgoing = b""
        self._last = False

    def ready(self, events: int) -> None:
        """Read or write what the socket has room for; drop the client when it is gone."""
        try:
            if events & selectors.EVENT_READ:
                received = self._client.recv(_READ_BYTES)
                if not received:
                    raise ConnectionResetError
                self._incoming += received
            if events & selectors.EVENT_WRITE:
                self._flush()
            while not self._outgoing and (request := self._next_request()):
                self._respond(request)
        except BlockingIOError:
            return
        except _RefusedError as refused:
            self._last = True
            self._send(Response(refused.status).encoded("GET", keep_alive=False))
        except OSError:
            self._drop()

    def _respond(self, request: Request) -> None:
        self._last = request.headers.get("Connection", "").lower() == "close"
        self._send(self._handler(request).encoded(request.method, not self._last))

    def _send(self, data: bytes) -> None:
        self._outgoing += data
        try:
            self._flush()
        except BlockingIOError:
            self._selector.modify(self._client, selectors.EVENT_WRITE, self.ready)
        except OSError:
            self._drop()

    def _flush(self) -> None:
        while self._outgoing:
            sent = self._client.send(self._outgoing)
            self._outgoing = self._outgoing[sent:]
        if self._last:
            raise ConnectionResetError
        self._selector.modify(self._client, selectors.EVENT_READ, self.ready)

    def _drop(self) -> None:
        with suppress(KeyError):
            self._selector.unregister(self._client)
        self._client.close()
        self._incoming.clear()

    def _next_request(self) -> Request | None:
        end = self._incoming.find(b"\r\n\r\n", 0, _MAX_HEAD_BYTES)
        if end < 0:
            if len(self._incoming) >= _MAX_HEAD_BYTES:
                raise _RefusedError(431)
            return None
        first, _, rest = bytes(self._incoming[: end + 4]).partition(b"\r\n")
        try:
            method, target, version = first.decode("ascii").split(" ")
            headers = http.client.parse_headers(io.BytesIO(rest))
            length = int(headers.get("Content-Length") or 0)
        except (ValueError, http.client.HTTPException):
            raise _RefusedError(400) from None
        if length < 0 or not version.startswith("HTTP/1."):
            raise _RefusedError(400)
        local = target[len(self._prefix) :]
        if not secrets.compare_digest(target[: len(self._prefix)], self._prefix) or local[:1] not in ("", "/", "?"):
            raise _RefusedError(404)
        start = end + 4
        if "chunked" in headers.get("Transfer-Encoding", "").lower():
            chunked = _unchunked(self._incoming, start)
            if chunked is None:
                return None
            body, stop = chunked
        else:
            stop = start + length
            if len(self._incoming) < stop:
                return None
            body = bytes(self._incoming[start:stop])
        del self._incoming[:stop]
        return Request(method, local if local.startswith("/") else f"/{local}", headers, body)


def _unchunked(data: bytearray, position: int) -> tuple[bytes, int] | None:
    """Return the body and where it ends, or ``None`` while chunks are missing."""
    chunks: list[bytearray] = []
    while True:
        line_end = data.find(b"\r\n", position)
        if line_end < 0:
            return None
        try:
            size = int(data[position:line_end].partition(b";")[0], 16)
        except ValueError:
            raise _RefusedError(400) from None
        start, position = line_end + 2, line_end + 4 + size
        if size < 0:
            raise _RefusedError(400)
        if len(data) < position:
            return None
        if size == 0:
            return b"".join(chunks), position
        chunks.append(data[start : start + size])
