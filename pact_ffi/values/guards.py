"""Guards where users' words enter: what the core would drop, misread or crash on is refused here, in their terms.

Each function raises `InvalidInputError` naming the value, and returns the value as the core shall get it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from pact_ffi.core.text import c_text
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.encoding import GENERATOR, MATCHER, dumps, example_of, to_integration_json
from pact_ffi.values.gate import Place, judge_body
from pact_ffi.values.limits import check_status

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_CONTENT_TYPE = rf"{_TOKEN}/{_TOKEN}(\s*;\s*{_TOKEN}=({_TOKEN}|\"[^\"\\]*\"))*\s*"
_BOUNDARY = r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]"
_FORM = "application/x-www-form-urlencoded"
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SAMPLES = 8  # of what a regex generates
_LONGEST_NAME = 120  # two names, a hyphen and ".json" must fit into a file name of 255 bytes


def text(value: object, what: str) -> str:
    """Text that C can carry: no NUL, no lone surrogate."""
    return c_text(value, what).decode()


def _shaped(value: object, what: str, pattern: str, problem: str) -> str:
    """Text that ``pattern`` matches."""
    checked = text(value, what)
    if not re.fullmatch(pattern, checked):
        raise InvalidInputError(f"{value!r} {problem}")
    return checked


def mapping(value: object, what: str) -> Mapping[Any, Any]:
    """A mapping; for anything else Python's own error would not say whose it was."""
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{what} must be a dict, not {type(value).__name__} {value!r:.100}")
    return value


def name(value: object, what: str) -> str:
    """The name of a consumer or provider; it becomes part of a file name."""
    checked = text(value, f"{what} name")
    if not checked.strip():
        raise InvalidInputError(f"{what} name cannot be empty")
    if re.search(r"[/\\\x00-\x1f\x7f]|\.\.", checked):
        raise InvalidInputError(f"{what} name {checked!r} cannot be part of a file name: no '/', '\\', '..' or control")
    if len(checked.encode()) > _LONGEST_NAME:
        raise InvalidInputError(f"{what} name is longer than {_LONGEST_NAME} bytes: {checked!r}")
    return checked


def method(value: object) -> str:
    """An HTTP method, in upper case as it is sent."""
    return _shaped(value, "the method", _TOKEN, "is no HTTP method").upper()


def path(value: object) -> str:
    """A request path as HTTP clients send it: spaces and non-ASCII percent-encoded, what is encoded left alone."""
    checked = text(value, "the path")
    if not checked.startswith("/"):
        raise InvalidInputError(f"the path {checked!r} must start with '/'")
    for mark, hint in (("?", "the query goes into with_query_parameter"), ("#", "fragments are never sent")):
        if mark in checked:
            raise InvalidInputError(f"the path {checked!r} contains {mark!r}: {hint}, or encode it as %{ord(mark):X}")
    if re.search(r"[\x00-\x1f\x7f]", checked):
        raise InvalidInputError(f"the path {checked!r} contains a control character")
    return re.sub(r"%(?![0-9a-fA-F]{2})", "%25", quote(checked, safe="/%:@!$&'()*+,;=~-._"))


def header_name(value: object) -> str:
    """The name of an HTTP header."""
    return _shaped(value, "a header name", _TOKEN, "is no name of an HTTP header")


def header_value(value: object, header: str, *, request: bool = False) -> Any:
    """The value of a header, a matcher or plain; the mock server cannot receive non-ASCII ones, but can send them."""
    encoded = to_integration_json(value, f"header {header!r}", Place.TEXT)
    example = example_of(encoded)
    for each in [*(example if isinstance(example, list) else [example]), *_generated(encoded)]:
        if isinstance(each, str) and _UNSENDABLE.search(each):
            raise InvalidInputError(f"header {header}: the value {each!r} contains a control character or line break")
        if request and isinstance(each, str) and not each.isascii():
            raise InvalidInputError(f"header {header}: {each!r} is not ASCII, the mock server could not receive it")
    return value


def generated_header(generator: Mapping[str, Any], header: str) -> None:
    """Refuse a generator of header values that the mock server could not send; it would answer 500 instead."""
    for each in _generated(generator):
        if _UNSENDABLE.search(each):
            raise InvalidInputError(f"header {header}: what is generated may contain a control character: {each!r}")


def _generated(generator: object) -> list[str]:
    """What the regex of a generator makes, a few times."""
    if not isinstance(generator, Mapping) or generator.get(GENERATOR, generator.get("type")) != "Regex":
        return []
    regex = str(generator.get("regex"))
    from pact_ffi.core import matching  # rarely needed

    if matching.MAY_BE_NUL.search(regex):
        return ["\0"]
    with suppress(InvalidInputError):  # what the core cannot generate from stays the example
        return [matching.generate_regex(regex) for _ in range(_SAMPLES)]
    return []


def generated_status(generator: Mapping[str, Any]) -> None:
    """Refuse a generator of anything but statuses that the mock server can send; it would drop the connection."""
    if generator.get(GENERATOR, generator.get("type")) != "RandomInt":
        raise InvalidInputError(f"a status can only be generated by RandomInt, not by {dict(generator)!r}")
    for limit, default in (("min", 0), ("max", 10)):
        check_status(generator.get(limit, default))


def content_type(value: object) -> str:
    """A MIME type; the core would quietly guess another for one that it cannot read."""
    problem = "is no content type such as 'application/json; charset=utf-8'"
    return _shaped(value, "the content type", _CONTENT_TYPE, problem)


def metadata(key: object, value: object) -> str:
    """The JSON text for a message's metadata ``value`` under ``key``.

    A matcher or structure needs a key that can be part of a path expression; the core ends the process otherwise.
    """
    checked, encoded = text(key, "a metadata key"), to_integration_json(value)
    if isinstance(encoded, (dict, list)) and not re.fullmatch(r"[^\W_][\w:-]*(\.[^\W_][\w:-]*)*", checked):
        raise InvalidInputError(
            f"metadata key {checked!r}: with a matcher, dict or list it must be letters, digits, - : _"
        )
    return dumps(value)


def body(value: object, kind: str | None) -> tuple[str | bytes, str | None]:
    """Contents and content type as the core can take them.

    ``str`` contents go to the core's ``with_body`` (integration JSON), ``bytes`` to ``with_binary_body``, which
    takes any text or data literally and reads nothing into it. ``kind`` None is JSON for anything but text, and for
    text what it looks like.
    """
    kind = None if kind is None else content_type(kind)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value), kind or "application/octet-stream"
    if isinstance(value, str):
        parsed = _json(value)
        built = _is(kind, "xml") and isinstance(parsed, dict) and set(parsed) == {"root"}
        if not isinstance(parsed, (dict, list)) or not (MATCHER in value or GENERATOR in value or built):
            return to_integration_json(value).encode(), _literal_type(value, parsed, kind)
        value = parsed
    if _is(kind, "xml"):
        from pact_ffi.values import xml_body  # few bodies are

        xml_body.check(value)
        document = json.dumps(value)
        judge_body(str(kind), document, at="the XML body $")
        return document, kind
    if _is(kind, _FORM):
        form = json.dumps(_encoded_form(value))
        judge_body(str(kind), form, at="the form body $")
        return form, kind
    return dumps(value), kind or "application/json"


def _literal_type(value: str, parsed: Any, kind: str | None) -> str:
    """The content type of text that is sent as it is: ``kind``, which it must fit, or what it looks like."""
    structure = isinstance(parsed, (dict, list))
    chosen = kind or ("application/json" if structure else "text/plain")
    if kind is None and re.match(r"\s*<[?!A-Za-z_]", value):
        chosen = "text/html" if re.match(r"\s*<(!doctype html|html)", value, re.I) else "application/xml"
    if _is(chosen, "xml"):
        from pact_ffi.values import xml_body  # few bodies are

        problem = xml_body.problem(value)
        if problem and kind is not None:
            raise InvalidInputError(problem)
        return "text/plain" if problem else chosen
    if _is(chosen, "json"):
        if parsed is None and value.strip() != "null":
            raise InvalidInputError(f"the body is to be {kind}, but is no valid JSON: {value[:80]!r}")
        if structure:  # whose keys may be any, for the core reads nothing into them
            to_integration_json(json.loads(value.replace('"pact:', '"pact-')) if "pact:" in value else parsed)
    return chosen


def multipart(name: object, kind: object, boundary: str | None) -> None:
    """What stands in the headers of a multipart body's parts."""
    if re.search(r'[\x00-\x1f\x7f"]', text(name, "the name of a multipart part")):
        raise InvalidInputError(f"the name of a multipart part cannot have quotes or control characters: {name!r}")
    content_type(kind)
    if boundary is not None:
        problem = "is no boundary of a multipart body: 1 to 70 letters, digits, '()+_,-./:=?"
        _shaped(boundary, "the boundary", _BOUNDARY, problem)


def _is(kind: str | None, what: str) -> bool:
    return kind is not None and kind.partition(";")[0].strip().lower().endswith(what)


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _encoded_form(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or MATCHER in value:
        raise InvalidInputError(f"a form body is text or a dict, not {value!r}")
    encoded = {}
    for field, given in value.items():
        if isinstance(given, (list, tuple)):
            items: Any = [to_integration_json(item, f"form field {field!r}", Place.TEXT) for item in given]
        else:
            items = to_integration_json(given, f"form field {field!r}", Place.TEXT)
        encoded.update(to_integration_json({field: None}))
        encoded[field] = items
        items = example_of(items)
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, bool) or not isinstance(item, (str, int, float)):
                raise InvalidInputError(
                    f"form field {field!r}: {item!r} is neither text nor a number; the core drops it"
                )
    return encoded
