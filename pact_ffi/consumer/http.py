"""The HTTP interaction: a request and its response."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeAlias
from urllib.parse import parse_qsl

from pact_ffi.consumer.interaction import Body, Interaction
from pact_ffi.core.pact import Kind, Part
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import http
from pact_ffi.values.contents import unclear
from pact_ffi.values.encoding import example_of
from pact_ffi.values.matcher import AbstractMatcher
from pact_ffi.values.rules import GENERATOR, MATCHER

Value: TypeAlias = "str | int | float | Mapping[str, Any] | AbstractMatcher[Any] | Any"
Values: TypeAlias = "Mapping[str, Value] | Iterable[tuple[str, Value]]"
_WITHOUT_BODY = ("101", "204", "205", "304")
_SINGLE = ("content-type", "content-length")


class HttpInteraction(Interaction):
    """A request and its response.

    >>> order = pact.upon_receiving("order 7").given("order 7 exists")
    >>> order = order.with_request("GET", "/orders/7").with_header("Accept", "application/json")
    >>> order = order.will_respond_with(200).with_header("ETag", match.str('"abc"')).with_body({"id": match.int(7)})
    """

    kind: ClassVar[Kind] = "HTTP"

    def with_request(
        self,
        method: str,
        path: str | AbstractMatcher[Any] | Mapping[str, Any],
        *,
        headers: Values | None = None,
        query: Values | str | None = None,
        body: Body | Any = None,
    ) -> HttpInteraction:
        """Set the request: its method and path, and what else it has.

        Args:
            method: The HTTP method.
            path: The path, or a matcher of it; it is percent-encoded as clients send it. A query string in a plain
                path becomes query parameters.
            headers: What `with_headers` takes.
            query: What `with_query_parameters` takes.
            body: What `with_body` takes.

        Raises:
            InvalidInputError: A value that HTTP or the core cannot carry.

        >>> order = order.with_request("POST", "/orders", headers={"Accept": "*/*"}, body={"sku": match.str("KB-1")})
        """
        query_in_path = ""
        if isinstance(path, str):
            path, _, query_in_path = path.partition("?")
        self._kept.keep(("request",), "request", http.method(method), http.path(path))
        for parameters in (query_in_path, query):
            if parameters:
                self.with_query_parameters(parameters)
        return self._with("Request", headers, body)

    def will_respond_with(
        self, status: int | AbstractMatcher[Any], *, headers: Values | None = None, body: Body | Any = None
    ) -> HttpInteraction:
        r"""Set the response: its status (101, or 200 to 599), headers and body; what follows describes the response.

        >>> order = order.will_respond_with(201, headers={"Location": match.regex("/orders/7", regex=r"/orders/\d+")})
        """
        self._kept.keep(("status",), "status", http.status(status))
        self._part = "Response"
        return self._with("Response", headers, body)

    def with_header(self, name: str, value: Value, part: Part | None = None) -> HttpInteraction:
        """Add a header value, text or a matcher; a header may have several.

        >>> order = order.with_header("Authorization", match.regex("Bearer abc", regex="Bearer .+"))
        """
        self._header(self._which(part), name, value)
        return self

    def with_headers(self, headers: Values, part: Part | None = None) -> HttpInteraction:
        """Add several headers.

        >>> order = order.with_headers({"Accept": "application/json", "X-Tags": ["new", "gift"]})
        """
        side = self._which(part)
        for name, value in _pairs(headers, "headers"):
            self._header(side, name, value)
        return self

    def set_header(self, name: str, value: str, part: Part | None = None) -> HttpInteraction:
        """Set a header to one plain value, whatever it was before.

        >>> order = order.with_header("Accept", "text/plain").set_header("Accept", "application/json")
        """
        return self.set_headers([(name, value)], part)

    def set_headers(
        self, headers: Mapping[str, str] | Iterable[tuple[str, str]], part: Part | None = None
    ) -> HttpInteraction:
        """Set several headers; a name that is given twice gets both values."""
        side, seen = self._which(part), set()
        for name, value in _pairs(headers, "headers"):
            key = http.header_name(name).lower()
            if key not in seen:
                self._kept.forget("header", side, key)
            seen.add(key)
            self._header(side, name, value)
        return self

    def with_query_parameter(self, name: str, value: Value) -> HttpInteraction:
        r"""Add a query parameter, text or a matcher; a name may repeat.

        >>> order = order.with_query_parameter("page", match.regex("1", regex=r"\d+"))
        """
        return self.with_query_parameters([(name, value)])

    def with_query_parameters(self, parameters: Values | str) -> HttpInteraction:
        """Add query parameters from a mapping (values may be lists), pairs, or a query string.

        >>> order = order.with_query_parameters({"page": "1", "tag": ["new", "gift"]})
        """
        given = parse_qsl(parameters, keep_blank_values=True) if isinstance(parameters, str) else parameters
        for name, value in _pairs(given, "query parameters"):
            text = http.query_parameter(value, name)
            index = self._kept.count("query", name)
            self._kept.keep(("query", name, index), "query", name, index, text)
        return self

    @property
    def method(self) -> str:
        """The HTTP method, ``GET`` where none was said."""
        call = self._kept.calls.get(("request",))
        return str(call.args[0]) if call else "GET"

    @property
    def path(self) -> str:
        """The path, or the example of its matcher."""
        text = str(self._kept.value("request") or "/")
        return _example(text) if text.startswith("{") else text

    def _query(self) -> list[tuple[str, str]]:
        pairs = []
        for call in self._kept.calls.values():
            if call.method == "query":
                name, _, text = call.args
                value = example_of(json.loads(text)["value"])
                for one in value if isinstance(value, list) else [value]:
                    pairs.append((name, one if isinstance(one, str) else json.dumps(one)))
        return sorted(pairs, key=lambda pair: pair[0])

    def _missing(self) -> str | None:
        parts = [part for part, key in (("request", "request"), ("response", "status")) if not self._kept.count(key)]
        return parts[0] if parts else None

    def _doubt(self) -> str | None:
        kind, payload = self._body("Response")
        if not isinstance(payload, bytes) or payload.isascii():
            return None
        text = unclear(self._content_type("Response") or kind, payload)
        return text and f"interaction {self.title!r}: {text}"

    def _body(self, part: Part) -> tuple[str, Any]:
        """Return content type and contents of a body."""
        call = self._kept.calls.get(("body", part, 0))
        return call.args[1:] if call else ("", None)

    def _check_types(self) -> None:
        """Refuse a body of another type than its header says: each answer would break the one or the other."""
        parts: tuple[Part, ...] = ("Request", "Response")
        for part in parts:
            said = self._kept.value("header", part, "content-type", 0)
            kind = http.base_type(self._body(part)[0])
            if not kind or not said or MATCHER in said:
                continue
            header = http.base_type(_example(said))
            if kind not in (header, re.sub(r"/.*\+", "/", header)):
                raise InvalidInputError(
                    f"interaction {self.title!r}: the body is {kind}, but the header Content-Type says {header}, and"
                    " nobody can send both; leave one of them out"
                )

    def _check_promise(self) -> None:
        self._check_types()
        status = self._kept.value("status")
        body = self._kept.value("body", "Response", 0)
        code = _example(status) if status and status.startswith("{") else status
        bodiless = f"with status {code}" if code in _WITHOUT_BODY else "to HEAD" if self.method == "HEAD" else ""
        if body and bodiless:
            raise InvalidInputError(f"interaction {self.title!r}: a response {bodiless} cannot have a body")
        if self._kept.count("header", "Response", "transfer-encoding"):
            raise InvalidInputError(
                f"interaction {self.title!r}: Transfer-Encoding is up to the mock server; leave the header out"
            )
        length = self._kept.value("header", "Response", "content-length", 0)
        if length and not bodiless and _example(length) != str(_length(body)):
            raise InvalidInputError(
                f"interaction {self.title!r}: Content-Length {_example(length)} is not the length of the body; leave"
                " the header out, the mock server sets it"
            )

    def _with(self, part: Part, headers: Values | None, body: object) -> HttpInteraction:
        if headers is not None:
            self.with_headers(headers, part)
        return self if body is None else self.with_body(body, part=part)

    def _header(self, part: Part, name: str, value: object) -> None:
        key = http.header_name(name).lower()
        index = self._kept.count("header", part, key)
        text = http.header(value, name, request=part == "Request")
        if index and key in _SINGLE:
            raise InvalidInputError(f"header {name}: it has one value only, and there is one already")
        known = "Content-Type" if key == "content-type" else name  # the core would add a second one for a body
        if known == "Content-Type":
            self._spelled[part] = known if MATCHER in text else name
        self._kept.keep(("header", part, key, index), "header", part, known, index, text)
        if key == "content-type" and part in self._undeclared:
            self.with_body(self._undeclared[part], part=part)

    def _content_type(self, part: Part) -> str | None:
        text = self._kept.value("header", part, "content-type", 0)
        return None if text is None else _example(text)


def _length(body: str | bytes | None) -> int | None:
    """Return how many bytes are served for a body; ``None`` where that varies."""
    if isinstance(body, str):
        served = example_of(json.loads(body))
        text = json.dumps(served, separators=(",", ":"), ensure_ascii=False)
        return None if GENERATOR in body else len(text.encode())
    return len(body or b"")


def _example(integration_json: str) -> str:
    return str(json.loads(integration_json).get("value", ""))


def _pairs(values: object, what: str) -> Iterator[tuple[str, Any]]:
    """Yield names and values of a mapping or of pairs; a list of values is one pair each."""
    try:
        given = [(name, value) for name, value in (values.items() if isinstance(values, Mapping) else values)]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise InvalidInputError(f"{what} must be a dict or pairs of name and value, not {values!r:.100}") from None
    for name, value in given:
        if isinstance(value, (list, tuple)) and not value:
            raise InvalidInputError(f"{name!r}: a list of values needs at least one")
        for one in value if isinstance(value, (list, tuple)) else [value]:
            yield name, one
