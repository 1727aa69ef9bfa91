"""One connection of the core's HTTP client to the loopback server; h11 parses, so that it suits any kind of socket."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from email.message import Message
from typing import Any, cast

import h11

from pact_ffi.provider.wire import Request, Response

_MOST_HEAD_BYTES = 16 << 20


def check_sendable(response: Response, method: str) -> None:
    """Raise ValueError for an answer that HTTP cannot express: a status, a header, a Content-Length of another body."""
    try:
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers]
        h11.Response(status_code=response.status, headers=headers)
    except (TypeError, AttributeError, ValueError) as error:
        if isinstance(error, UnicodeError):
            raise ValueError(f"a header has characters beyond Latin-1: {error}") from None
        raise ValueError(f"its headers must be pairs of texts, not {_kinds(response.headers)}") from None
    except h11.LocalProtocolError as error:
        raise ValueError(str(error)) from None
    for name, value in response.headers:
        wrong = name.lower() == "content-length" and value != str(len(response.body))
        if wrong and method != "HEAD" and response.status not in (204, 304):
            raise ValueError(f"its Content-Length is {value}, and its body has {len(response.body)} bytes")


def _kinds(headers: Any) -> str:
    """Say what headers are made of; their values may be secrets."""
    pairs = [pair if isinstance(pair, (tuple, list)) else [pair] for pair in headers]
    return ", ".join(dict.fromkeys(f"({', '.join(type(part).__name__ for part in pair)})" for pair in pairs))


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


async def answered(handler: Handler, connection: Connection, request: Request) -> bytes:
    response = await handler(request)
    try:
        return connection.answer(response)
    except h11.LocalProtocolError as error:  # half of an answer is what nobody would understand
        connection.closing = True
        text = f"this answer cannot be sent: {error}".encode()
        return b"HTTP/1.1 500 Refused\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(text), text)
