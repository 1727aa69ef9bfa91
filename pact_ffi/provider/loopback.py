"""An HTTP server for the core's own calls: state changes, messages, the application, replayed responses, a relay.

It has no thread. `LoopbackServer.answer_while` puts the blocking work (the core's verification) into a worker and
answers its requests in the calling thread; `answer_while_async` does so in the calling task, on its event loop. The
code of a test so runs where the test runs: same thread-locals, same database connection, same debugger, and
Ctrl-C ends it at once.
"""

from __future__ import annotations

import http.client
import math
import secrets
import selectors
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from email.message import Message
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import h11

from pact_ffi.core import threads
from pact_ffi.provider.wire import Request, Response

if TYPE_CHECKING:
    from pact_ffi.provider.loopback_asyncio import AsyncioSide

Result = TypeVar("Result")
_MOST_HEAD_BYTES = 16 << 20
_READ_BYTES = 1 << 18
_SEND_SECONDS = 30
_GRACE_WAITS, _GRACE_SECONDS = 30, 0.01
# A blocked select on Windows does not see Ctrl-C; elsewhere the signal itself ends it.
LONGEST_WAIT_SECONDS = 0.2 if sys.platform == "win32" else 3600.0


class TimeLimitReached(TimeoutError):  # noqa: N818 - not an error of anybody's code
    """The work did not end in time; not what an alarm of the user's may raise."""


def check_sendable(response: Response, method: str) -> None:
    """Raise ValueError for an answer that HTTP cannot express: a status, a header, a Content-Length of another body."""
    try:
        headers = [(name.encode("ascii"), _encoded(value)) for name, value in response.headers]
        h11.Response(status_code=response.status, headers=headers)
    except (h11.LocalProtocolError, TypeError, AttributeError, UnicodeError) as error:
        raise ValueError(str(error)) from None
    for name, value in response.headers:
        wrong = name.lower() == "content-length" and value != str(len(response.body))
        if wrong and method != "HEAD" and response.status not in (204, 304):
            raise ValueError(f"its Content-Length is {value}, and its body has {len(response.body)} bytes")


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Connection:
    """One client's connection, without I/O: its bytes go in, the requests for ``path`` and the answers come out."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MOST_HEAD_BYTES)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self.closing = False

    def receive(self, data: bytes) -> None:
        """Take what has arrived; empty when the client has gone."""
        with suppress(h11.RemoteProtocolError):  # told again by the next event
            self._http.receive_data(data)

    def next_request(self) -> Request | bytes | None:
        """Return the next complete request, or bytes to send to the client at once, or ``None`` while there is none."""
        while not self.closing:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                return self._refused(error.error_status_hint)
            if isinstance(event, h11.Request):
                own = event.target[: len(self._path)]
                following = event.target[len(self._path) :][:1]
                if not secrets.compare_digest(own, self._path.encode("ascii")) or following not in (b"", b"/", b"?"):
                    return self._refused(404)
                self._head, self._body = event, bytearray()
                if self._http.they_are_waiting_for_100_continue:
                    return self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
            elif isinstance(event, h11.Data):
                self._body += event.data
            elif isinstance(event, h11.EndOfMessage) and self._head is not None:
                return self._request(self._head)
            else:
                self.closing = isinstance(event, h11.ConnectionClosed)
                return None
        return None

    def answer(self, response: Response) -> bytes:
        """Return the bytes of the answer to the last request.

        Raises `h11.LocalProtocolError` for what cannot be sent.
        """
        head = cast(h11.Request, self._head)
        headers = [(name.encode("ascii"), _encoded(value)) for name, value in response.headers]
        bodiless = head.method == b"HEAD" or response.status in (204, 304)
        if not bodiless and not any(name.lower() == b"content-length" for name, _ in headers):
            headers.append((b"Content-Length", b"%d" % len(response.body)))
        reason = http.client.responses.get(response.status, "Unknown").encode()
        event = h11.Response(status_code=response.status, headers=headers, reason=reason)
        sent = [self._http.send(event)]
        if response.body and not bodiless:
            sent.append(self._http.send(h11.Data(data=response.body)))
        sent.append(self._http.send(h11.EndOfMessage()))
        if self._http.our_state is h11.MUST_CLOSE or self._http.their_state is h11.MUST_CLOSE:
            self.closing = True
        else:
            self._http.start_next_cycle()
        return b"".join(data for data in sent if data)

    def _request(self, head: h11.Request) -> Request:
        headers = Message()
        for name, value in head.headers.raw_items():
            headers[name.decode("ascii")] = value.decode("latin-1")
        local = head.target[len(self._path) :].decode("ascii")
        target = local if local.startswith("/") else f"/{local}"
        return Request(head.method.decode("ascii"), target, headers, bytes(self._body))

    def _refused(self, status: int) -> bytes:
        self.closing = True
        return b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status


def _encoded(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


class LoopbackServer:
    """Listens on 127.0.0.1 at a free port; only requests below the random path of `url` reach ``handler``.

    ``handler`` must answer every request; what it raises ends `answer_while` and reaches its caller. In
    `answer_while` it must not wait for an event loop.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.path = f"/{secrets.token_urlsafe(16)}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        woken, self._waker = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(1))
        self._asyncio: AsyncioSide | None = None
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The address under which the server answers."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def answer_while(self, work: Callable[[], Result], timeout: float = math.inf) -> Result:
        """Run ``work`` in a worker thread, answer requests until it is done, return what it returned.

        Raises what ``work`` or the handler raised, and `TimeLimitReached` after ``timeout`` seconds; the server is then
        closed, and a worker that does not end soon is left to itself.
        """

        def wake() -> None:
            with suppress(OSError):  # nobody waits any more
                self._waker.send(b"\0")

        outcome = _Outcome(work, wake)
        deadline = time.monotonic() + timeout
        try:
            while not outcome.done:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise TimeLimitReached
                for key, _ in self._selector.select(min(remaining, LONGEST_WAIT_SECONDS)):
                    key.data()
        except BaseException:
            self.close()
            for _ in range(_GRACE_WAITS):  # without us the work mostly ends at once, and then ends in order
                if not outcome.done:
                    time.sleep(_GRACE_SECONDS)
            raise
        return outcome.get()

    async def answer_while_async(self, work: Callable[[], Result], timeout: float = math.inf) -> Result:
        """Do what `answer_while` does, in the running task: the handler may wait for the event loop."""
        if self._asyncio is None:
            from pact_ffi.provider.loopback_asyncio import AsyncioSide

            self._asyncio = AsyncioSide(self._handler, lambda: Connection(self.path))
            await self._asyncio.listen(self._listener)
        side = self._asyncio
        outcome = _Outcome(work, side.wake_from_another_thread)
        try:
            await side.answer_until(lambda: outcome.done, timeout)
        except BaseException:
            self.close()
            for _ in range(_GRACE_WAITS):
                if not outcome.done:
                    time.sleep(_GRACE_SECONDS)
            raise
        return outcome.get()

    def close(self) -> None:
        """Stop listening and drop every connection; may be called twice."""
        if self._asyncio is not None:
            self._asyncio.close()
        self._waker.close()
        for key in list((self._selector.get_map() or {}).values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def __enter__(self) -> LoopbackServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the client has gone already
            client, _ = self._listener.accept()
            client.settimeout(_SEND_SECONDS)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self.path)
            self._selector.register(client, selectors.EVENT_READ, lambda: self._receive(client, connection))

    def _receive(self, client: socket.socket, connection: Connection) -> None:
        """Take what has arrived, which never blocks, and answer the requests that are complete."""
        data = b""
        with suppress(OSError):
            data = client.recv(_READ_BYTES)
        connection.receive(data)
        while (asked := connection.next_request()) is not None:
            answer = asked if isinstance(asked, bytes) else finished(answered(self._handler, connection, asked))
            with suppress(OSError):  # a client that has gone is dropped when it is read
                client.sendall(answer)
        if connection.closing or not data:
            self._selector.unregister(client)
            client.close()


async def answered(handler: Handler, connection: Connection, request: Request) -> bytes:
    response = await handler(request)
    try:
        return connection.answer(response)
    except h11.LocalProtocolError as error:  # half of an answer is what nobody would understand
        connection.closing = True
        text = f"this answer cannot be sent: {error}".encode()
        return b"HTTP/1.1 500 Refused\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(text), text)


class _Outcome(Generic[Result]):
    """What work in a thread of its own led to; without a lock, which green threads would have replaced."""

    def __init__(self, work: Callable[[], Result], wake: Callable[[], None]) -> None:
        self._work = work
        self._wake = wake
        self._value: Result | None = None
        self._error: BaseException | None = None
        self.done = False
        threads.start(self._run, "pact-core")

    def _run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:
            self._error = error
        self.done = True
        self._wake()

    def get(self) -> Result:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return cast(Result, self._value)


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end what does not wait for an event loop, and return what it returns."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast(Result, end.value)
    work.close()
    raise RuntimeError("this waited for an event loop, and there is none")
