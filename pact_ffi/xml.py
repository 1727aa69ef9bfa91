"""XML bodies: a tree of elements, with matchers for attributes, texts and repeated elements.

>>> from pact import match, xml
>>> order = xml.element("order", xml.element("item", match.str("tea")).each(), attrs={"id": match.int(7)})
>>> interaction = pact.upon_receiving("an order").with_request("POST", "/orders")
>>> print(interaction.with_body(xml.body(order), "application/xml"))
HttpInteraction(an order)
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from pact_ffi.errors import InvalidInputError, PactWarning
from pact_ffi.values.encoding import example_of, to_integration_json
from pact_ffi.values.gate import Place
from pact_ffi.values.limits import MOST_ITEMS, check_integer, check_limits
from pact_ffi.values.rules import GENERATOR, MATCHER
from pact_ffi.values.xml_body import DEEPEST, NAME

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlElement:
    """An XML element; `element` makes one.

    Args:
        tag: the name, with a namespace prefix if need be.
        children: elements, texts, numbers, and matchers or generators of these.
        attrs: attributes; their values are texts, numbers, matchers or generators.

    Raises:
        InvalidInputError: a name that XML does not allow.
    """

    def __init__(self, tag: str, *children: Any, attrs: Mapping[str, Any] | None = None) -> None:
        if not isinstance(attrs, (Mapping, type(None))):
            raise InvalidInputError(f"the attributes of an XML element must be a dict, not {attrs!r}")
        for name in (tag, *(attrs or {})):
            if not isinstance(name, str) or not NAME.fullmatch(name):
                raise InvalidInputError(f"invalid name of an XML element or attribute: {name!r}")
        self.tag = tag
        self.children = children
        self.attrs = dict(attrs or {})
        self.examples: int | None = None  # how many of them the example has, if the element may repeat

    def each(self, *, min: int = 1, max: int | None = None, examples: int | None = None) -> XmlElement:
        """Let the element repeat.

        The core counts an element's children where it should count the elements. So it cannot check how many there are:
        ``min`` and ``max`` bound the example alone, and a `PactWarning` says so.

        Args:
            min: how many elements there are at least, from 1: the core always expects one.
            max: how many there are at most.
            examples: how many the example has (``min``).

        Returns:
            The element itself.

        Raises:
            InvalidInputError: a minimum of 0, or examples that are not within the limits.

        >>> xml.element("item", match.str("tea")).each(examples=2).to_json()["examples"]
        2
        """
        if min == 0:
            raise InvalidInputError("each: min must be at least 1, not 0: the core expects one element in any case")
        check_integer(min, "each: min", 1, MOST_ITEMS)
        check_limits({"min": min, "max": max}, "each")
        count = check_integer(min if examples is None else examples, "each: examples", 1, MOST_ITEMS)
        if count < min or (max is not None and count > max):
            raise InvalidInputError(f"each: {count} examples are not within min={min} and max={max}")
        if min > 1 or max is not None:
            text = f"the number of <{self.tag}> elements (min={min}, max={max}) is not checked: the core cannot"
            warnings.warn(text, PactWarning, stacklevel=2)
        self.examples = count
        return self

    def to_json(self, depth: int = 1) -> dict[str, Any]:
        """Return the element as the core's XML builder reads it."""
        if depth > DEEPEST:
            raise InvalidInputError(f"the XML element {self.tag!r} is nested deeper than {DEEPEST} levels")
        built = {
            "name": self.tag,
            "children": [_child(child, depth) for child in self.children],
            "attributes": {name: _encoded(value, f"the attribute {name!r}") for name, value in self.attrs.items()},
        }
        return built if self.examples is None else {MATCHER: "type", "value": built, "examples": self.examples}


def element(tag: str, *children: Any, attrs: Mapping[str, Any] | None = None) -> XmlElement:
    """Make an element.

    Args:
        tag: the name, with a namespace prefix if need be.
        children: elements, texts, numbers, and matchers or generators of these.
        attrs: attributes; their values are texts, numbers, matchers or generators.

    Returns:
        The element.

    Raises:
        InvalidInputError: a name that XML does not allow.

    >>> xml.element("price", match.decimal(9.5), attrs={"currency": "EUR"}).tag
    'price'
    """
    return XmlElement(tag, *children, attrs=attrs)


def body(root: XmlElement) -> dict[str, Any]:
    """Make the document for ``with_body(..., "application/xml")``.

    Args:
        root: the outermost element.

    Returns:
        The document, in the form that the core's XML builder reads.

    Raises:
        InvalidInputError: ``root`` is not one element, or something in it is nothing that XML can hold.

    >>> sorted(xml.body(xml.element("order")))
    ['root']
    """
    if not isinstance(root, XmlElement):
        raise InvalidInputError(f"the root of an XML document must be an element, not {root!r}")
    if root.examples not in (None, 1):
        raise InvalidInputError(f"the root of an XML document must be one element, not {root.examples}")
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
    if isinstance(example, str) and _NOT_XML.search(example):
        raise InvalidInputError(f"{what} holds a character that XML does not allow: {example!r}")
    return encoded
