"""An example for a regex: the same in every run, so that pact files do not change, unlike what the core makes up."""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_CATEGORIES = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}


def regex_example(regex: str) -> str | None:
    """A short text that ``regex`` ought to match, or None where that takes more than a look at the expression."""
    if not isinstance(regex, str):
        return None
    python = re.sub(r"\(\?<(?=\w)", "(?P<", re.sub(r"\\k<(\w+)>", r"(?P=\1)", regex))
    try:
        return _text(_PARSER.parse(python), {})
    except (re.error, KeyError, StopIteration, OverflowError, RecursionError):
        return None


def _text(items: Any, groups: dict[int, str]) -> str:
    text = ""
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL":
            text += chr(argument)
        elif name == "NOT_LITERAL":
            text += "b" if argument == ord("a") else "a"
        elif name == "ANY":
            text += "a"
        elif name == "IN":
            text += _member(argument)
        elif name == "BRANCH":
            text += _text(argument[1][0], groups)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, repeated = argument
            text += "".join(_text(repeated, groups) for _ in range(min(max(low, 1), int(high), 1000)))
        elif name == "SUBPATTERN":
            groups[argument[0]] = _text(argument[3], groups)
            text += groups[argument[0]]
        elif name == "ATOMIC_GROUP":
            text += _text(argument, groups)
        elif name == "GROUPREF":
            text += groups[argument]
        elif name not in ("AT", "ASSERT", "ASSERT_NOT"):
            raise KeyError(name)
    return text


def _member(members: Any) -> str:
    name, argument = str(members[0][0]), members[0][1]
    if name == "NEGATE":
        return next(char for char in "a0-" if not _contains(members[1:], char))
    return _CATEGORIES[str(argument)] if name == "CATEGORY" else chr(argument[0] if name == "RANGE" else argument)


def _contains(members: Any, char: str) -> bool:
    kinds = {"CATEGORY_DIGIT": char.isdigit(), "CATEGORY_SPACE": char.isspace(), "CATEGORY_WORD": char.isalnum()}
    for operation, argument in members:
        low, high = argument if str(operation) == "RANGE" else (argument, argument)
        category = str(argument).replace("NOT_", "")
        if str(operation) == "CATEGORY":
            if kinds[category] == (category == str(argument)):
                return True
        elif low <= ord(char) <= high:
            return True
    return False
