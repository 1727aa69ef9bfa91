"""Sending a request on: to a provider behind a request filter, to a state URL."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from pact_ffi.provider.calling import Caller
from pact_ffi.provider.loopback import Request, Response

RequestFilter = Callable[[Request], "Request | None"]
_OWN_TO_EACH_CONNECTION = {"connection", "host", "content-length", "transfer-encoding", "keep-alive"}


def relay(
    function: RequestFilter, provider_url: str, timeout: float, verify_ssl: bool
) -> Callable[[Caller, Request], Response]:
    """Return what sends a request on to the provider after ``function``; ``timeout`` is in seconds."""

    def send_on(caller: Caller, request: Request) -> Response:
        changed = caller.call(function, ["request"], {"request": request}) or request
        url, headers = provider_url + changed.target, changed.headers.items()
        try:
            return send(changed.method, url, headers, changed.body, timeout=timeout, verify_ssl=verify_ssl)
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"no answer from the provider at {url}: {error}") from None

    return send_on


def send(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    timeout: float = 30,
    verify_ssl: bool = True,
) -> Response:
    """Send one request straight to ``url`` (no proxy, no redirect) and return the answer as it came.

    ``timeout`` is in seconds. Raises OSError when the address cannot be reached, `http.client.HTTPException` when
    it does not speak HTTP.
    """
    parts = urlsplit(url)
    secure: dict[str, Any] = {}
    if parts.scheme == "https":
        secure = {"context": ssl.create_default_context() if verify_ssl else ssl._create_unverified_context()}
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout, **secure)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            if name.lower() not in _OWN_TO_EACH_CONNECTION:
                connection.putheader(name, value)
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        content = answer.read()
        own = _OWN_TO_EACH_CONNECTION - ({"content-length"} if method == "HEAD" else set())
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in own]
        return Response(answer.status, content, kept)
    finally:
        connection.close()
