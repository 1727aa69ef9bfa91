"""Sending a request on: to a provider behind a request filter, to a message endpoint, to a state URL."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import cast
from urllib.parse import urlsplit

import h11

from pact_ffi.core import clock
from pact_ffi.errors import PactError
from pact_ffi.provider.wire import Response

_OWN_TO_EACH_CONNECTION = {"connection", "host", "content-length", "transfer-encoding", "keep-alive"}
_MOST_BYTES = 128 << 20
_MOST_HEAD_BYTES = 16 << 20
_READ_BYTES = 1 << 18


class NoAnswerError(PactError, ConnectionError):
    """An address did not answer, not in time, or not with HTTP."""


def send(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    timeout: float = 30,
    verify_ssl: bool = True,
    most_bytes: int = _MOST_BYTES,
) -> Response:
    """Send one request straight to ``url`` (no proxy, no redirect) and return the answer as it came.

    ``timeout`` is in seconds, for all of it. Raises `NoAnswerError` when there is no answer, or none that ends in time,
    or one whose body has more than ``most_bytes``.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    exchange = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEAD_BYTES)
    pairs = [(name, value) for name, value in headers if name.lower() not in _OWN_TO_EACH_CONNECTION]
    host = parts.netloc.rpartition("@")[2]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = clock.now() + timeout
    try:
        kept = [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs]
        head = [(b"Host", host.encode("ascii")), *kept]
        if body or method in ("POST", "PUT", "PATCH"):
            head.append((b"Content-Length", b"%d" % len(body)))
        asked = exchange.send(h11.Request(method=method, target=target, headers=head)) or b""
        asked += exchange.send(h11.Data(data=body)) or b""
        exchange.send(h11.EndOfMessage())
        with _connected(parts.hostname or "", port, deadline, parts.scheme == "https", verify_ssl) as connection:
            connection.sendall(asked)
            return _answer(exchange, connection, deadline, method, most_bytes)
    except TimeoutError:
        raise NoAnswerError(f"no answer from {_shown(url)} within {timeout:g} s") from None
    except (h11.LocalProtocolError, UnicodeError) as error:
        raise NoAnswerError(f"the request to {_shown(url)} cannot be sent: {error}") from None
    except h11.RemoteProtocolError as error:
        raise NoAnswerError(f"no HTTP answer from {_shown(url)}: {error}") from None
    except NoAnswerError as error:
        raise NoAnswerError(f"the answer from {_shown(url)} {error}") from None
    except OSError as error:
        raise NoAnswerError(f"no answer from {_shown(url)}: {error.strerror or error}") from None


def _shown(url: str) -> str:
    return url.partition("?")[0]


def _connected(host: str, port: int, deadline: float, secure: bool, verify_ssl: bool) -> socket.socket:
    plain = socket.create_connection((host, port), timeout=_left(deadline))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not secure:
        return plain
    import ssl

    context = ssl.create_default_context() if verify_ssl else ssl._create_unverified_context()
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _answer(
    exchange: h11.Connection, connection: socket.socket, deadline: float, method: str, most_bytes: int
) -> Response:
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = exchange.next_event()
        if event is h11.NEED_DATA:
            connection.settimeout(_left(deadline))
            data = connection.recv(_READ_BYTES)
            if not data and head is None:
                raise ConnectionError("the connection was closed before an answer came")
            exchange.receive_data(data)
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > most_bytes:
                raise NoAnswerError(f"has more than {most_bytes >> 20} MB")
        elif isinstance(event, h11.EndOfMessage):
            break
    answered = cast(h11.Response, head)
    own = _OWN_TO_EACH_CONNECTION - ({"content-length"} if method == "HEAD" else set())
    pairs = [(name.decode("ascii"), value.decode("latin-1")) for name, value in answered.headers.raw_items()]
    return Response(
        answered.status_code, bytes(body), [(name, value) for name, value in pairs if name.lower() not in own]
    )


def _left(deadline: float) -> float:
    seconds = deadline - clock.now()
    if seconds <= 0:
        raise TimeoutError
    return seconds
