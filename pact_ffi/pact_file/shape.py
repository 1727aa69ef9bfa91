"""The shape that JSON must have, told as data: which members, of which types, with the place of what is otherwise.

A shape is a type, an object of shapes (``"?"`` behind a name: may be missing, which null means too; ``"*"``: every
member), or a list with the shape of its items (and ``...``: at least one). A tuple has alternatives, and functions that
return what is wrong with a value of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_NAMES: dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def check_names(value: dict[str, Any], known: Sequence[str], dot: str) -> None:
    """Raise ValueError for a member that is spelt nearly like one of ``known`` that is not there."""
    missing = {_folded(name): name for name in known if name not in value}
    for name in value:
        if name in known or name.startswith("_"):
            continue
        import difflib  # rarely needed

        for near in difflib.get_close_matches(_folded(name), missing, 1, 0.8):
            raise ValueError(f"unknown member {dot}{name}; {missing[near]!r} may be meant")


def _folded(name: str) -> str:
    return re.sub("[-_ ]", "", name).casefold()


def check_shape(value: Any, shape: Any, place: str) -> None:
    """Raise ValueError for the first thing that is not of ``shape``, with its place."""
    shapes = shape if isinstance(shape, tuple) else (shape,)
    tests = [one for one in shapes if callable(one) and not isinstance(one, type)]
    kinds = {one if isinstance(one, type) else type(one): one for one in shapes if one not in tests}
    if type(value) not in kinds:
        wanted = " or ".join(dict.fromkeys(_NAMES[kind] for kind in kinds))
        raise ValueError(f"{place or 'the document'} must be {wanted}, not {shown(value)}")
    for problem in (test(value) for test in tests):
        if problem:
            raise ValueError(f"{place} {problem}, not {shown(value)}")
    inner = kinds[type(value)]
    if isinstance(inner, list):
        if not value and len(inner) > 1:
            raise ValueError(f"{place} must not be an empty list")
        for index, item in enumerate(value):
            check_shape(item, inner[0], f"{place}[{index}]")
    elif isinstance(inner, dict):
        _check_members(value, inner, f"{place}." if place else "")


def _check_members(value: dict[str, Any], shape: dict[str, Any], dot: str) -> None:
    for key, inner in shape.items():
        name = key.rstrip("?")
        if key == "*":
            for member, item in value.items():
                check_shape(item, inner, f"{dot}{member}")
        elif name not in value and name == key:
            raise ValueError(f"{dot}{name} is missing")
        elif name in value and value[name] is None and name != key:
            del value[name]
        elif name in value:
            check_shape(value[name], inner, f"{dot}{name}")


def shown(value: Any) -> str:
    """Return ``value`` as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
