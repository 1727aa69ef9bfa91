"""XML bodies: a tree of elements, with matchers for attributes, texts and repeated elements."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from pact_ffi.errors import InvalidInputError, PactWarning
from pact_ffi.values.encoding import GENERATOR, MATCHER, example_of, to_integration_json
from pact_ffi.values.gate import Place
from pact_ffi.values.limits import MOST_ITEMS, check_integer, check_limits
from pact_ffi.values.xml_body import DEEPEST, NAME


class XmlElement:
    """An XML element; made by `element`."""

    def __init__(self, tag: str, children: tuple[Any, ...], attrs: Mapping[str, Any]) -> None:
        if not isinstance(attrs, Mapping):
            raise InvalidInputError(f"attributes are a dict of name and value, not {attrs!r}")
        for name in (tag, *attrs):
            if not isinstance(name, str) or not NAME.fullmatch(name):
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
        if depth > DEEPEST:
            raise InvalidInputError(f"the XML element {self.tag!r} is nested deeper than {DEEPEST} levels")
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


def _child(child: Any, depth: int) -> dict[str, Any]:
    if isinstance(child, XmlElement):
        return child.to_json(depth + 1)
    encoded = _encoded(child, "a child of an XML element")
    text = {"content": example_of(encoded)}
    if isinstance(encoded, dict):  # a matcher, for texts are scalars
        text["matcher"] = encoded
        if GENERATOR in encoded:
            text[GENERATOR] = encoded[GENERATOR]
    return text


def _encoded(value: Any, what: str) -> Any:
    encoded = to_integration_json(value, what, Place.TEXT)
    example = example_of(encoded)
    if not isinstance(example, (str, int, float)):
        raise InvalidInputError(f"{what} must be an element, text, a number or a matcher of these, not {value!r}")
    if isinstance(example, str) and re.search(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", example):
        raise InvalidInputError(f"{what} holds a character that XML does not allow: {example!r}")
    return encoded
