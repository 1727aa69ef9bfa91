"""What requests, responses and messages carry: bodies, forms, parts of multipart bodies, metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.abstract import AbstractMatcher
from pact_ffi.values.encoding import as_text, dumps, example_of, to_integration_json
from pact_ffi.values.gate import Place, judge_body, judge_generated
from pact_ffi.values.http import base_type, content_type
from pact_ffi.values.rules import GENERATOR, MATCHER
from pact_ffi.values.texts import text
from pact_ffi.values.versions import can_be_step, check_name, needs_of

_BOUNDARY = r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]"
_IN_DOCUMENT = re.compile(
    r"""(?i)^\s*<\?xml[^>]*\sencoding=["']([\w.:-]+)|<meta[^>]*\scharset=["']?([\w.:-]+)|<meta[^>]*;\s*charset=([\w.:-]+)"""
    r"""|^@charset\s"([^"]+)"""
)
_FORM = "application/x-www-form-urlencoded"


def body(value: object, kind: str | None, *, promised: bool = False) -> tuple[str | bytes, str]:
    """Return contents and content type as the core can take them.

    ``str`` contents go to the core's ``with_body`` (integration JSON), ``bytes`` to ``with_binary_body``, which
    takes any text or data literally and reads nothing into it. ``kind`` None is JSON for anything but text, and for
    text what it looks like. ``promised`` is what the provider gives: a response or message.

    Raises `InvalidInputError`, also for what the pact file, or the mock server, would make another body of.
    """
    payload, chosen = _encoded(value, kind)
    is_json = _is(chosen, "json")
    if promised and ((is_json and payload in (b"null", "null")) or _is_null(value)):
        raise InvalidInputError(
            "a JSON body cannot be null: pact files read it back as an empty body. Put null into an object or a"
            " list, or give no body"
        )
    if promised and is_foreign_text(payload, chosen) and not chosen.startswith("text/"):
        raise InvalidInputError(
            f"the core reads a body of {chosen} as UTF-8 whatever its charset is; encode it as UTF-8, or give the type"
            " application/octet-stream"
        )
    if is_json and isinstance(payload, str) and GENERATOR in payload:
        judge_generated("application/json", payload)
    charset = _declared(chosen, payload)
    is_text = not isinstance(value, (bytes, bytearray))
    if charset and is_text and charset.lower() not in ("utf-8", "utf8") and not payload.isascii():
        said, wanted = f"the content type says charset={charset}", "charset=utf-8"
        if "charset" not in chosen.lower():
            said, wanted = f"the document says that it is {charset}", "utf-8 there"
        raise InvalidInputError(
            f"text beyond ASCII is sent as UTF-8, but {said}; say {wanted}, or give the body as bytes"
        )
    return payload, chosen


def rules_elsewhere(payload: str | bytes, kind: str) -> str | None:
    """Return, as JSON, the rules that an XML body of matchers needs besides those in it."""
    if isinstance(payload, bytes) or not _is(kind, "xml"):
        return None
    from pact_ffi.values import xml_body  # few bodies are

    rules = xml_body.rules_elsewhere(json.loads(payload))
    return json.dumps(rules) if rules else None


def is_foreign_text(payload: str | bytes, kind: str) -> bool:
    """Return whether a body of text is not UTF-8; pact files before version 4 read it back as its base64."""
    is_text = kind.startswith("text/") or _is(kind, "json") or _is(kind, "xml") or _is(kind, _FORM)
    return is_text and isinstance(payload, bytes) and not _is_utf8(payload)


def unclear(kind: str, payload: bytes) -> str | None:
    """Return what clients may read otherwise of a body beyond ASCII: text in UTF-8 whose type does not say so."""
    if not kind.lower().startswith("text/") or _declared(kind, payload) or not _is_utf8(payload):
        return None
    return (
        f"the body is text beyond ASCII in UTF-8, and {kind} does not say so: clients may take it for Latin-1 (requests"
        f" does). Say '{kind}; charset=utf-8', as frameworks do"
    )


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared(kind: str, payload: Any) -> str | None:
    """Return the charset that a content type, or else the beginning of the document itself, declares."""
    declared = re.search(r"(?i);\s*charset=\"?([^\s;\"]+)", kind)
    if not declared and _is(kind, ("xml", "html", "css")):
        start = payload[:1024]
        declared = _IN_DOCUMENT.search(start.decode("utf-8", "replace") if isinstance(start, bytes) else start)
    return next(filter(None, declared.groups()), None) if declared else None


def _is_null(value: object) -> bool:
    """Whether ``value`` is a matcher of null."""
    rule = value.to_integration_json() if isinstance(value, AbstractMatcher) else value
    return isinstance(rule, dict) and MATCHER in rule and "variants" not in rule and rule.get("value") is None


def _encoded(value: object, kind: str | None) -> tuple[str | bytes, str]:
    kind = None if kind is None else content_type(kind)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value), kind or "application/octet-stream"
    if isinstance(value, str):
        parsed = _json(value)
        built = _is(kind, "xml") and isinstance(parsed, dict) and set(parsed) == {"root"}
        if not isinstance(parsed, (dict, list)) or not (MATCHER in value or GENERATOR in value or built):
            return to_integration_json(value).encode(), _literal_type(value, parsed, kind)
        value = parsed
    chosen = kind or "application/json"
    if _is(chosen, "xml"):
        from pact_ffi.values import xml_body  # few bodies are

        xml_body.check(value)
        document = json.dumps(value)
        judge_body(chosen, document, at="the XML body $")
        return document, chosen
    if _is(chosen, _FORM):
        fields = _form(value)
        plain = next(needs_of(fields), None) is None
        odd = next((name for name in fields if not re.match(r"\w", name)), None)
        if odd is not None:
            # the core would send the whole form as JSON
            if not plain:
                raise InvalidInputError(
                    f"form field {odd!r}: in a form with matchers it must begin with a letter or digit"
                )
            return urlencode(fields, doseq=True).encode(), chosen
        form = as_text(fields)
        judge_body(chosen, form, at="the form body $")
        return form, chosen
    return dumps(value), chosen


def multipart(name: object, kind: object, boundary: str | None) -> None:
    """Check what stands in the headers of a part of a multipart body."""
    if re.search(r'[\x00-\x1f\x7f"]', text(name, "the name of a multipart part")):
        raise InvalidInputError(f"the name of a multipart part cannot have quotes or control characters: {name!r}")
    if not can_be_step(str(name)):
        raise InvalidInputError(f"multipart part {name!r}: the core could not read the rule under this name back")
    content_type(kind)
    if boundary is not None and not re.fullmatch(_BOUNDARY, text(boundary, "the boundary")):
        raise InvalidInputError(f"invalid boundary {boundary!r}; it has 1 to 70 letters, digits, '()+_,-./:=?")


def metadata(key: object, value: object) -> str:
    """Return the JSON text for a message's metadata ``value`` under ``key``.

    A matcher or structure needs a key that can be part of a path expression; the core ends the process otherwise.
    """
    name = text(key, "a metadata key")
    if isinstance(value, (bytes, bytearray)):  # as Kafka has its keys and headers
        raise InvalidInputError(f"metadata {name!r} must be text or JSON, not {value!r}; decode it")
    encoded = to_integration_json(value, f"metadata {name!r}")
    if next(needs_of(encoded), None):
        check_name(name, f"metadata key {name!r}")
        if "." in name:
            raise InvalidInputError(f"metadata key {name!r}: a matcher under a key with a dot is lost in the pact file")
    if isinstance(encoded, (dict, list)) and not re.fullmatch(r"[^\W_][\w:-]*(\.[^\W_][\w:-]*)*", name):
        raise InvalidInputError(
            f"metadata key {name!r}: with a matcher, dict or list it must consist of letters, digits, - : _"
        )
    return as_text(encoded)


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
            raise InvalidInputError(f"the body is not valid JSON, but its content type is {kind}: {value[:80]!r}")
        if structure:  # whose keys may be any, for the core reads nothing into them
            to_integration_json(json.loads(value.replace('"pact:', '"pact-')) if "pact:" in value else parsed)
    return chosen


def _is(kind: str | None, what: str | tuple[str, ...]) -> bool:
    return kind is not None and base_type(kind).endswith(what)


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _form(value: object) -> dict[str, Any]:
    """The fields of a form, encoded."""
    if not isinstance(value, Mapping) or MATCHER in value:
        raise InvalidInputError(f"a form body must be text or a dict, not {value!r}")
    encoded = {}
    for field, given in value.items():
        what = f"form field {field!r}"
        (name,) = to_integration_json({field: None})
        several = isinstance(given, (list, tuple))
        items = [to_integration_json(item, what, Place.TEXT) for item in (given if several else [given])]
        encoded[name] = items if several else items[0]
        if not can_be_step(name) and next(needs_of(encoded[name]), None):
            raise InvalidInputError(
                f"{what}: no version of the Pact specification can address a matcher below this name"
            )
        examples = example_of(encoded[name])
        for item in examples if isinstance(examples, list) else [examples]:
            if isinstance(item, bool) or not isinstance(item, (str, int, float)):
                raise InvalidInputError(f"{what}: the value must be text or a number, not {item!r}: the core drops it")
    return encoded
