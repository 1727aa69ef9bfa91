"""One HTTP request to a broker: certificates, proxies, and an end to answers that never end."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pact_ffi.broker.address import is_loopback, split
from pact_ffi.broker.settings import Connection
from pact_ffi.errors import PactError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

_MOST_BYTES = 64 << 20  # of one answer
_CHUNK = 1 << 16
_TRUST = (
    "name the certificate authority of the broker with verify= (--ca on the command line), REQUESTS_CA_BUNDLE or "
    "SSL_CERT_FILE"
)


class NoAnswer(Exception):  # noqa: N818 - it says what happened
    """There was no answer; ``refused`` when the connection was not even taken."""

    def __init__(self, reason: str, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


@dataclass
class Answer:
    """What came back."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


def ask(
    method: str, url: str, body: bytes | None, headers: dict[str, str], auth: Any, connection: Connection
) -> Answer:
    """Send one request and return the answer, whatever its status; redirects are not followed.

    The whole of it takes at most ``connection.timeout`` seconds and a bounded amount of memory: it runs in a thread of
    its own that is left to itself then, because a name look-up or an answer that comes byte by byte cannot be timed
    from within. Raises `NoAnswer`.
    """
    import requests  # here, where the time that it takes is not the answer's  # noqa: F401

    exchange = _Exchange(method, url, body, headers, auth, connection)
    thread = threading.Thread(target=exchange.run, name="pact-broker", daemon=True)
    thread.start()
    thread.join(connection.timeout)
    if thread.is_alive():
        exchange.given_up.set()
        raise _late(connection)
    if exchange.answer is None:
        raise _reason(exchange.error or RuntimeError("the request's thread ended without an answer"), url, connection)
    return exchange.answer


class _Exchange:
    def __init__(self, method: str, url: str, body: bytes | None, headers: Any, auth: Any, how: Connection) -> None:
        self._request = {"method": method, "url": url, "data": body, "headers": headers, "auth": auth}
        self._connection = how
        self.given_up = threading.Event()
        self.answer: Answer | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:  # it belongs to the thread that waits
            self.error = error

    def _run(self) -> None:
        import requests

        secure = self._request["url"].startswith("https:")
        *others, last = self._connection.authorities() if secure else [True]
        with requests.Session() as session:
            # It would look at where a redirect leads to even though it does not follow it, and fail over a broken URL.
            session.get_redirect_target = lambda response: None  # type: ignore[assignment]
            for authority in others:
                try:
                    self._receive(session, authority)
                    return
                except requests.exceptions.SSLError:
                    continue  # nothing was sent; another of the authorities may know the certificate
            self._receive(session, last)

    def _receive(self, session: requests.Session, authority: bool | str) -> None:
        connection, host = self._connection, split(self._request["url"]).hostname or ""
        response = session.request(
            **self._request,
            timeout=connection.timeout,
            verify=authority,
            cert=connection.certificate(),
            allow_redirects=False,
            stream=True,
            proxies={"no_proxy": host} if is_loopback(host) else None,
        )
        with response:
            content = bytearray()
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > _MOST_BYTES or self.given_up.is_set():
                    raise NoAnswer(f"the answer is longer than {_MOST_BYTES >> 20} MB")
        self.answer = Answer(response.status_code, str(response.reason or ""), response.headers, bytes(content))


def _late(connection: Connection) -> NoAnswer:
    return NoAnswer(f"no complete answer within {connection.timeout:g} seconds")


def _reason(error: BaseException, url: str, connection: Connection) -> BaseException:
    """Return what to raise for ``error``: the system's or the TLS library's own words, without the wrapping."""
    import requests

    if isinstance(error, requests.Timeout):
        return _late(connection)
    if isinstance(error, PactError) or not isinstance(error, (OSError, ValueError)):  # requests' own are OSErrors
        return error
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    text = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    if url.startswith("https:") and "certificate" in text.lower():
        text = f"{text}; {_TRUST}"
    return NoAnswer(text, refused=isinstance(cause, ConnectionRefusedError))
