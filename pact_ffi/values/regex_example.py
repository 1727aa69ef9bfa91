"""An example for a regex: the same in every run, so that pact files do not change, unlike what the core makes up."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Sequence
from typing import Any

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_CATEGORIES = {  # with all of "a0-" that belong to it, the example first
    "CATEGORY_DIGIT": b"0",
    "CATEGORY_SPACE": b" ",
    "CATEGORY_WORD": b"a0",
    "CATEGORY_NOT_DIGIT": b"a-",
    "CATEGORY_NOT_SPACE": b"a0-",
    "CATEGORY_NOT_WORD": b"-",
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
        name = repr(operation)  # its text is a number on PyPy
        if name == "LITERAL":
            text += chr(argument)
        elif name in ("ANY", "NOT_LITERAL"):
            text += "b" if argument == ord("a") else "a"
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
    if repr(members[0][0]) == "NEGATE":
        listed = [_code_points(*member) for member in members[1:]]
        return next(char for char in "a0-" if not any(ord(char) in each for each in listed))
    return chr(_code_points(*members[0])[0])


def _code_points(operation: Any, argument: Any) -> Sequence[int]:
    """What one part of a character class stands for."""
    if repr(operation) == "CATEGORY":
        return _CATEGORIES[repr(argument)]
    return range(argument[0], argument[1] + 1) if repr(operation) == "RANGE" else (argument,)
