"""Cutting a pact's text into its interactions, each as it stands there.

What is merged keeps its text, so nothing in it changes, and reading costs a ninth of what writing each interaction anew
would.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pact_ffi.pact_file.decoding import finite
from pact_ffi.pact_file.terms import LISTS

_DECODER = json.JSONDecoder(parse_constant=finite, parse_float=finite)
_SPACE = re.compile(r"[ \t\r\n]*")


def cut(text: str) -> tuple[dict[str, Any], dict[str, list[tuple[Any, str]]]]:
    """Return the members of the outermost object, and of its lists of interactions each item with its text."""
    members: dict[str, Any] = {}
    elements: dict[str, list[tuple[Any, str]]] = {}
    at = _skip(text, 1 if text.startswith("\ufeff") else 0)
    if text[at] != "{":
        raise ValueError("it is not a JSON object")
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not isinstance(name, str) or text[at] != ":":
            raise ValueError(f"it is not valid JSON at character {at}")
        if name in members or name in elements:
            raise ValueError(f"the name {name!r} stands there twice")
        at = _skip(text, at + 1)
        if name in LISTS and text[at] == "[":
            elements[name], at = _elements(text, at)
        else:
            members[name], at = _DECODER.raw_decode(text, at)
        at = _comma(text, at, "}")
    if text[_skip(text, at + 1) :]:
        raise ValueError(f"there is more behind the JSON object, at character {at + 1}")
    return members, elements


def _elements(text: str, at: int) -> tuple[list[tuple[Any, str]], int]:
    items = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        items.append((value, text[at:end]))
        at = _comma(text, end, "]")
    return items, at + 1


def _comma(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    following = _skip(text, at + 1)
    if text[at] == "," and text[following] != closing:
        return following
    if text[at] != closing:
        raise ValueError(f"it is not valid JSON at character {at}")
    return at


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
