"""Reading a request and its response from what HTTP clients and test clients return."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pact_ffi.errors import InvalidInputError
from pact_ffi.provider.wire import Response

_OF_THE_CONNECTION = {"content-length", "transfer-encoding", "connection", "keep-alive"}


@dataclass(frozen=True)
class Exchange:
    """A request that was sent, and its answers: the last one, and the one that began to redirect, if any did.

    `body` is ``None`` where the client does not tell it.
    """

    method: str
    target: str
    content_type: str | None
    body: bytes | None
    responses: list[Response]


def read_exchange(answer: Any) -> Exchange:
    """Return the exchange that ``answer`` is the end of.

    ``answer`` is a response of requests, httpx, or the test clients of Flask, Starlette, FastAPI and Django. Raises
    `InvalidInputError` for anything else.
    """
    try:
        redirects = list(getattr(answer, "history", None) or ())[:1]
        request = (redirects or [answer])[0].request
        return Exchange(*_request(request), [_response(each) for each in (answer, *redirects)])
    except (AttributeError, KeyError, TypeError) as error:
        raise InvalidInputError(
            "the function must return the response of requests, httpx, or a test client of Flask, Starlette, FastAPI"
            f" or Django, with the request it answers; not {answer!r} ({error})"
        ) from None


def _request(request: Any) -> tuple[str, str, str | None, bytes | None]:
    environ = request if isinstance(request, dict) else getattr(request, "environ", None)
    if environ is not None:  # WSGI test clients
        path, query = quote(environ["PATH_INFO"].encode("latin-1")), environ.get("QUERY_STRING", "")
        return environ["REQUEST_METHOD"], f"{path}?{query}" if query else path, environ.get("CONTENT_TYPE"), None
    url = urlsplit(str(request.url))
    body = request.content if hasattr(request, "content") else request.body
    if isinstance(body, str):
        body = body.encode()
    known = body if isinstance(body, bytes) else b"" if body is None else None
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return request.method, target, request.headers.get("Content-Type"), known


def _response(answer: Any) -> Response:
    body = answer.content if hasattr(answer, "content") else answer.get_data()
    headers, left_out = answer.headers, _OF_THE_CONNECTION
    if hasattr(answer, "raise_for_status"):  # requests and httpx undo the content encoding
        if headers.get("Content-Encoding", "").strip().lower() == "gzip":
            body = gzip.compress(body)
        else:
            left_out = left_out | {"content-encoding"}
    pairs = headers.multi_items() if hasattr(headers, "multi_items") else headers.items()
    kept = [(name, str(value)) for name, value in pairs if name.lower() not in left_out]
    return Response(int(answer.status_code), bytes(body), kept)
