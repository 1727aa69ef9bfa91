"""HTTP's words as the core shall get them: method, path, headers, query parameters, status, content type.

Each function returns the text for the core, or raises `InvalidInputError` naming the value. The core takes plain text
that looks like a JSON object for a matcher, so the values of headers, query parameters and paths are wrapped as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.encoding import as_text, example_of, to_integration_json
from pact_ffi.values.gate import Place
from pact_ffi.values.limits import check_status
from pact_ffi.values.rules import GENERATOR, MATCHER
from pact_ffi.values.texts import text
from pact_ffi.values.versions import check_name, needs_of

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_CONTENT_TYPE = rf"{TOKEN}/{TOKEN}(\s*;\s*{TOKEN}=({TOKEN}|\"[^\"\\]*\"))*\s*"
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SAMPLES = 8  # of what a regex generates


def method(value: object) -> str:
    """Return an HTTP method, in upper case as it is sent."""
    checked = text(value, "the HTTP method")
    if not is_token(checked):
        raise InvalidInputError(f"invalid HTTP method {checked!r}")
    return checked.upper()


def header_line(line: str, what: str) -> tuple[str, str]:
    """Return name and value of a header given as one text, ``Name: value``; ``what`` names it in errors."""
    name, colon, value = line.partition(":")
    if not colon:
        raise InvalidInputError(f"{what} must read 'Name: value', not {name!r}")
    return name.strip(), value.strip()


def is_token(name: str) -> bool:
    """Return whether ``name`` can be an HTTP method or the name of a header."""
    return re.fullmatch(TOKEN, name) is not None


def path(value: object) -> str:
    """Return a request path or a matcher of one; plain text is percent-encoded as HTTP clients send it."""
    if isinstance(value, str):
        return _plain_path(value)
    encoded = _wrapped(value, "the path")
    _plain_path(encoded["value"])
    return as_text(encoded)


def _shown(name: str, value: str) -> str:
    from pact_ffi.reporting.redaction import Redactor  # only what is refused pays for it

    return repr(Redactor().header(name, value))


def _plain_path(value: object) -> str:
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
    """Return the name of a header."""
    checked = text(value, "the name of a header")
    if not is_token(checked):
        raise InvalidInputError(f"invalid header name {checked!r}")
    return checked


def header(value: object, name: str, *, request: bool = False) -> str:
    """Return the value of the header ``name``; the mock server can send text beyond ASCII, but not receive it."""
    encoded = _wrapped(value, f"header {name!r}", name)
    example = encoded["value"]
    for one in [*(example if isinstance(example, list) else [example]), *_generated(encoded)]:
        if isinstance(one, str) and _UNSENDABLE.search(one):
            raise InvalidInputError(
                f"header {name}: the value {_shown(name, one)} contains a control character or line break"
            )
        if request and isinstance(one, str) and not one.isascii():
            raise InvalidInputError(
                f"header {name}: {_shown(name, one)} is not ASCII, the mock server could not receive it"
            )
    return as_text(encoded)


def query_parameter(value: object, name: object) -> str:
    """Return the value of the query parameter ``name``."""
    checked = text(name, "the name of a query parameter")
    return as_text(_wrapped(value, f"query parameter {checked!r}", checked))


def status(value: object) -> str:
    """Return a status, 101 or 200 to 599, or a matcher of one."""
    if isinstance(value, int):
        return str(check_status(value))
    encoded = to_integration_json(value, "the status", Place.STATUS)
    check_status(example_of(encoded))
    if isinstance(encoded, dict) and GENERATOR in encoded:
        generated_status(encoded)
    return as_text(encoded)


def content_type(value: object) -> str:
    """Return a MIME type; the core would quietly guess another for one that it cannot read."""
    checked = text(value, "the content type")
    if not re.fullmatch(_CONTENT_TYPE, checked):
        raise InvalidInputError(f"invalid content type {value!r}; a right one is 'application/json; charset=utf-8'")
    return checked


def base_type(value: str) -> str:
    """Return a content type without its parameters, in lower case."""
    return value.partition(";")[0].strip().lower()


def generated_header(generator: Mapping[str, Any], header: str) -> None:
    """Refuse a generator of header values that the mock server could not send; it would answer 500 instead."""
    for value in _generated(generator):
        if _UNSENDABLE.search(value):
            raise InvalidInputError(f"header {header}: the generator may make a control character: {value!r}")


def generated_status(generator: Mapping[str, Any]) -> None:
    """Refuse a generator of anything but statuses that the mock server can send; it would drop the connection."""
    if generator.get(GENERATOR, generator.get("type")) != "RandomInt":
        raise InvalidInputError(f"a status can only be generated by RandomInt, not by {dict(generator)!r}")
    for limit, default in (("min", 0), ("max", 10)):
        check_status(generator.get(limit, default))


def _generated(generator: Mapping[str, Any]) -> list[str]:
    """What the regex of a generator makes, a few times."""
    if generator.get(GENERATOR, generator.get("type")) != "Regex":
        return []
    regex = str(generator.get("regex"))
    from pact_ffi.core import matching  # rarely needed

    if re.search(matching.MAY_BE_NUL, regex):
        return ["\0"]
    with suppress(InvalidInputError):  # what the core cannot generate from stays the example
        return [matching.generate_regex(regex) for _ in range(_SAMPLES)]
    return []


def _wrapped(value: object, what: str, name: str = "") -> dict[str, Any]:
    """Integration JSON of what has a text form: text, numbers, booleans, lists of these, or a matcher of these."""
    encoded = to_integration_json(value, what, Place.TEXT)
    ruled = isinstance(encoded, dict) and MATCHER in encoded
    if ruled:
        check_name(name, what)
    example = encoded.get("value") if ruled else encoded
    if isinstance(example, dict) or (isinstance(example, list) and not ruled and next(needs_of(example), None)):
        raise InvalidInputError(f"{what}: text, a number or a matcher of one is needed, not {value!r}")
    if ruled and "variants" in encoded:
        raise InvalidInputError(f"{what}: array_containing works in JSON bodies only")
    if example == []:
        raise InvalidInputError(f"{what}: a list of values needs at least one")
    if None in (example if isinstance(example, list) else [example]):
        raise InvalidInputError(f"{what}: None has no text form")
    return encoded if ruled else {"value": encoded}
