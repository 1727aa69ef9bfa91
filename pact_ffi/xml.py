"""XML bodies: a tree of elements, with matchers for attributes, texts and repeated elements."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from pact_ffi.encoding import GENERATOR, MATCHER, plain, to_integration_json
from pact_ffi.errors import InvalidInputError, PactWarning
from pact_ffi.rules import MOST_ITEMS, check_integer, check_limits

_NAME = re.compile(r"[^\W\d][\w.-]*(:[^\W\d][\w.-]*)?")
# The core walks the tree on its stack: thousands of levels would overflow it, and 115 is what JSON allows on the way.
_DEEPEST, _DEEPEST_TEXT = 35, 1000
_UNDEFINED_ENTITY = 11  # of expat


class XmlElement:
    """An XML element; made by `element`."""

    def __init__(self, tag: str, children: tuple[Any, ...], attrs: Mapping[str, Any]) -> None:
        if not isinstance(attrs, Mapping):
            raise InvalidInputError(f"attributes are a dict of name and value, not {attrs!r}")
        for name in (tag, *attrs):
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise InvalidInputError(f"{name!r} is no name of an XML element or attribute")
        self.tag = tag
        self.children = children
        self.attrs = dict(attrs)
        self.repeated: dict[str, Any] | None = None

    def each(self, *, min: int = 1, max: int | None = None, examples: int | None = None) -> XmlElement:
        """Let the element repeat; the example has ``examples`` of them (``min``).

        The core counts an element's children where it should count the elements, so that it cannot check how many
        there are: ``min`` and ``max`` only bound the example, and a `PactWarning` says so.
        """
        check_integer(min, "each: min", 0, MOST_ITEMS)
        check_limits({"min": min, "max": max}, "each")
        count = examples if examples is not None else (min if min > 1 else 1)
        check_integer(count, "each: examples", 1, MOST_ITEMS)
        if count < min or (max is not None and count > max):
            raise InvalidInputError(f"each: {count} examples are not within min={min} and max={max}")
        if min > 1 or max is not None:
            text = f"the number of <{self.tag}> elements (min={min}, max={max}) is not checked: the core cannot"
            warnings.warn(text, PactWarning, stacklevel=2)
        self.repeated = {"examples": count}
        return self

    def to_json(self, depth: int = 1) -> dict[str, Any]:
        """The element as the core's XML builder reads it."""
        if depth > _DEEPEST:
            raise InvalidInputError(f"the XML element {self.tag!r} is nested deeper than {_DEEPEST} levels")
        built = {
            "name": self.tag,
            "children": [_child(child, depth) for child in self.children],
            "attributes": {name: _encoded(value, f"the attribute {name!r}") for name, value in self.attrs.items()},
        }
        return built if self.repeated is None else {MATCHER: "type", "value": built, **self.repeated}


def element(tag: str, *children: Any, attrs: Mapping[str, Any] | None = None) -> XmlElement:
    """An element.

    Args:
        tag: its name, with a namespace prefix if need be.
        children: elements, texts, numbers, and matchers or generators of these.
        attrs: attributes; their values are texts, numbers, matchers or generators.

    Raises `InvalidInputError` (a ``ValueError``) for what XML cannot hold.
    """
    return XmlElement(tag, children, attrs or {})


def body(root: XmlElement) -> dict[str, Any]:
    """The document with ``root`` as its outermost element, for ``with_body(..., "application/xml")``."""
    if not isinstance(root, XmlElement) or root.repeated is not None:
        raise InvalidInputError(f"the root of an XML document is one element, not {root!r}")
    return {"root": root.to_json()}


def check(document: Any) -> None:
    """Refuse a dict that is no output of `body`; the core would end the process over it."""
    if not isinstance(document, dict) or set(document) != {"root"} or not _is_element(document["root"]):
        raise InvalidInputError("an XML body is text, or what pact.xml.body() returns; this dict is neither")


def problem(text: str) -> str | None:
    """Return why the core could not read ``text`` as XML, or why comparing it would overflow the core's stack."""
    depth = 0
    for closing, empty in re.findall(r"<(/?)[^\W\d](?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", text):
        depth += -1 if closing else 0 if empty else 1
        if depth > _DEEPEST_TEXT:
            return f"the XML body is nested deeper than {_DEEPEST_TEXT} levels"
    try:
        expat.ParserCreate("utf-8").Parse(text.strip().encode(), True)
    except expat.ExpatError as error:
        if text.strip() and error.code != _UNDEFINED_ENTITY:  # the core does not look entities up
            return f"the XML body is not well-formed: {error}: {text[:80]!r}"
    return None


def _is_element(node: Any, depth: int = 1) -> bool:
    if isinstance(node, dict) and MATCHER in node:
        node = node.get("value")
    if depth > _DEEPEST or not isinstance(node, dict) or not _NAME.fullmatch(str(node.get("name", ""))):
        return False
    children, attributes = node.get("children", []), node.get("attributes", {})
    if not isinstance(children, list) or not isinstance(attributes, dict):
        return False
    if any(isinstance(value, dict) and MATCHER in value and "value" not in value for value in attributes.values()):
        return False
    return all(isinstance(child, dict) and ("content" in child or _is_element(child, depth + 1)) for child in children)


def _child(child: Any, depth: int) -> dict[str, Any]:
    if isinstance(child, XmlElement):
        return child.to_json(depth + 1)
    encoded = _encoded(child, "a child of an XML element")
    text = {"content": plain(encoded)}
    if isinstance(encoded, dict):  # a matcher, for texts are scalars
        text["matcher"] = encoded
        if GENERATOR in encoded:
            text[GENERATOR] = encoded[GENERATOR]
    return text


def _encoded(value: Any, what: str) -> Any:
    encoded = to_integration_json(value)
    example = plain(encoded)
    if not isinstance(example, (str, int, float)):
        raise InvalidInputError(f"{what} must be an element, text, a number or a matcher of these, not {value!r}")
    if isinstance(example, str) and re.search(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", example):
        raise InvalidInputError(f"{what} holds a character that XML does not allow: {example!r}")
    return encoded
