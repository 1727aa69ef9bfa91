"""XML bodies as the core can read them: a tree of the builder in `pact_ffi.xml`, or text."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.rules import MATCHER

NAME = re.compile(r"[^\W\d][\w.-]*(:[^\W\d][\w.-]*)?")
# The core walks the tree on its stack: thousands of levels would overflow it, and 115 is what JSON allows on the way.
DEEPEST, _DEEPEST_TEXT = 35, 1000
_UNDEFINED_ENTITY = 11  # of expat


def check(document: Any) -> None:
    """Refuse a dict that `pact.xml.body` did not make; the core would end the process over it."""
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
    if depth > DEEPEST or not isinstance(node, dict) or not NAME.fullmatch(str(node.get("name", ""))):
        return False
    children, attributes = node.get("children", []), node.get("attributes", {})
    if not isinstance(children, list) or not isinstance(attributes, dict):
        return False
    if any(isinstance(value, dict) and MATCHER in value and "value" not in value for value in attributes.values()):
        return False
    return all(isinstance(child, dict) and ("content" in child or _is_element(child, depth + 1)) for child in children)
