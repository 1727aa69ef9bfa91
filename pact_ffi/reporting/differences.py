"""Differences as a person reads them: one line what was expected, one what came, at which place."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

from pact_ffi.reporting.mismatches import (
    BodyMismatch,
    BodyTypeMismatch,
    Difference,
    Mismatch,
    RequestMismatch,
    StatusMismatch,
    joined,
    parsed,
)
from pact_ffi.reporting.screen import cut, one_line, told_apart

MOST = 100  # differences of one request or response that a report shows
_PREFIX = re.compile(r"^Mismatch with \w+ '[^']*': ")
_KEYS_OF_A_REQUEST = "Expected a Map with keys"
_KEYS_OF_A_RESPONSE = "Actual map is missing the following keys"  # it may have others besides
_ABSENT = re.compile(r"Expected body Present\(.*\) but was empty", re.DOTALL)
_COLOURS = {"+": "\033[32m", "-": "\033[31m"}


def coloured_terminal() -> bool:
    """Say whether a report goes to a terminal that shows colours (``NO_COLOR`` switches them off)."""
    return sys.stderr is not None and sys.stderr.isatty() and "NO_COLOR" not in os.environ


def headline(report: str) -> str:
    """Return in one line what a report says first: its first line, or two where the first one ends with a colon."""
    first, _, rest = report.partition("\n")
    second = rest.partition("\n")[0].strip()
    return f"{first} {second}" if first.endswith(":") and second else first


def annotate(error: BaseException, report: str, *, explains: bool = False) -> None:
    """Show ``report`` below a user's own exception (Python 3.11 and later); pytest leads with it if it ``explains``."""
    if explains:
        vars(error)["pact_report"] = report
    if hasattr(error, "add_note"):
        error.add_note(f"The mock server's requests did not match the pact:\n{report}")


def render(mismatches: Iterable[Mismatch], *, colour: bool = False, indent: str = "  ") -> str:
    """Return ``mismatches`` as indented text: a place, ``-`` what was expected, ``+`` what was received."""
    differences: list[Mismatch] = []
    for mismatch in mismatches:
        differences += mismatch.mismatches if isinstance(mismatch, RequestMismatch) else [mismatch]
    lines = [indent + line for mismatch in differences[:MOST] for line in difference(mismatch, colour=colour)]
    if len(differences) > MOST:
        lines.append(f"{indent}... and {len(differences) - MOST:,} more differences")
    return "\n".join(lines)


def difference(mismatch: Mismatch, *, colour: bool = False) -> list[str]:
    """Return the lines of one difference; the first one says the place and what is wrong there."""
    if not isinstance(mismatch, Difference):
        return [one_line(str(mismatch))]
    shown = mismatch.redacted()
    said = _PREFIX.sub("", shown.mismatch or "")
    head = f"{one_line(shown.where)}: {cut(one_line(said))}".rstrip()
    if isinstance(mismatch, StatusMismatch) and said:
        return [head]
    if isinstance(shown, BodyMismatch) and about_keys(said):
        wanted, came = (set(parsed(value) or ()) for value in (mismatch.expected, mismatch.actual))
        besides = set() if said.startswith(_KEYS_OF_A_RESPONSE) else came - wanted
        lists = [_keys(word, keys) for word, keys in (("missing", wanted - came), ("unexpected", besides)) if keys]
        return [f"{one_line(shown.where)}: {'; '.join(lists)}"]
    expected, actual = shown.expected, shown.actual
    if isinstance(shown, BodyTypeMismatch) and shown.actual_body is not None:
        expected, actual = f"{expected}: {shown.expected_body}", f"{actual}: {shown.actual_body}"
    elif _ABSENT.fullmatch(said):
        head = f"{one_line(shown.where)}: a body was expected, but none came"
    if not isinstance(shown, BodyMismatch):  # elsewhere everything is text, so quotes only get in the way
        expected, actual = (value if value is None else joined(value) for value in (expected, actual))
    return [head, *pair(expected, actual, colour=colour)]


def about_keys(said: str | None) -> bool:
    """Return whether the core's sentence compares the keys of an object, not values."""
    return (said or "").startswith((_KEYS_OF_A_REQUEST, _KEYS_OF_A_RESPONSE))


def pair(expected: Any, received: Any, *, colour: bool = False) -> list[str]:
    """Return the two lines of a difference, indented."""
    wanted, came = told_apart(_text(expected), _text(received))
    return [_line("-", "expected", wanted, colour), _line("+", "received", came, colour)]


def shown(value: Any) -> str:
    """Return one value on one line: text as it is, missing as ``(nothing)``, the rest as JSON."""
    return cut(one_line(_text(value)))


def _line(sign: str, word: str, text: str, colour: bool) -> str:
    line = f"  {sign} {word}: {text}"
    return f"{_COLOURS[sign]}{line}\033[0m" if colour else line


def _keys(word: str, keys: set[str]) -> str:
    names = ", ".join(sorted(keys)[:MOST])
    more = f" and {len(keys) - MOST:,} more" if len(keys) > MOST else ""
    return f"{word} key{'' if len(keys) == 1 else 's'}: {one_line(names)}{more}"


def _text(value: Any) -> str:
    if value is None or value == "":
        return "(nothing)"
    items = parsed(value)
    if isinstance(items, list) and items and all(isinstance(parsed(item), (dict, list)) for item in items):
        value = [parsed(item) for item in items]  # the core shows the items of a list as JSON inside JSON
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
