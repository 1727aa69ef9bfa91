"""Differences as a person reads them: one line what was expected, one what came, at which place."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

from pact_ffi.reporting.mismatches import BodyMismatch, BodyTypeMismatch, Difference, Mismatch, RequestMismatch

_CUT = 500  # characters of one value; a report is no dump
_PREFIX = re.compile(r"^Mismatch with \w+ '[^']*': ")
_KEYS = ("Expected a Map with keys", "Actual map is missing the following keys")
_ABSENT = re.compile(r"Expected body Present\(.*\) but was empty", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COLOURS = {"+": "\033[32m", "-": "\033[31m"}


def coloured_terminal() -> bool:
    """Say whether a report goes to a terminal that shows colours (``NO_COLOR`` switches them off)."""
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


def annotate(error: BaseException, report: str) -> None:
    """Show ``report`` below a user's own exception (Python 3.11 and later)."""
    if hasattr(error, "add_note"):
        error.add_note(f"The mock server's requests did not match the pact:\n{report}")


def render(mismatches: Iterable[Mismatch], *, colour: bool = False, indent: str = "  ") -> str:
    """Return ``mismatches`` as indented text: a place, ``-`` what was expected, ``+`` what was received."""
    lines: list[str] = []
    for mismatch in mismatches:
        if isinstance(mismatch, RequestMismatch):
            lines += render(mismatch.mismatches, colour=colour, indent=indent).splitlines()
        else:
            lines += [indent + line for line in _difference(mismatch, colour)]
    return "\n".join(lines)


def _difference(mismatch: Mismatch, colour: bool) -> list[str]:
    if not isinstance(mismatch, Difference):
        return [str(mismatch)]
    mismatch = mismatch.redacted()
    place, expected, actual = mismatch.where, mismatch.expected, mismatch.actual
    said = _PREFIX.sub("", mismatch.mismatch or "")
    if isinstance(mismatch, BodyMismatch) and said.startswith(_KEYS):
        wanted, came = (set(_parsed(value) or ()) for value in (expected, actual))
        return [
            f"{place}: the keys differ",
            *(pair_line("-", "missing", key, colour) for key in sorted(wanted - came)),
            *(pair_line("+", "unexpected", key, colour) for key in sorted(came - wanted)),
        ]
    if isinstance(mismatch, BodyTypeMismatch) and mismatch.actual_body is not None:
        expected, actual = f"{expected}: {mismatch.expected_body}", f"{actual}: {mismatch.actual_body}"
    elif _ABSENT.fullmatch(said):
        said = "a body was expected, but none came"
    if not isinstance(mismatch, BodyMismatch):  # elsewhere everything is text, so quotes only get in the way
        expected, actual = _unquoted(expected), _unquoted(actual)
    head = f"{place}: {shortened(said)}" if said else f"{place}:"
    return [head, pair_line("-", "expected", expected, colour), pair_line("+", "received", actual, colour)]


def pair_line(sign: str, word: str, value: Any, colour: bool) -> str:
    """Return one of the two lines of a difference, indented."""
    line = f"  {sign} {word}: {shown(value)}"
    return f"{_COLOURS[sign]}{line}\033[0m" if colour else line


def shown(value: Any) -> str:
    """Return one value on one line: text as it is, missing as ``(nothing)``, the rest as JSON."""
    if value is None or value == "":
        return "(nothing)"
    items = _parsed(value)
    if isinstance(items, list) and items and all(isinstance(_parsed(item), (dict, list)) for item in items):
        value = [_parsed(item) for item in items]  # the core shows the items of a list as JSON inside JSON
    return shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def shortened(text: str) -> str:
    """Return ``text`` on one line, without control characters, cut to a readable length."""
    line = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", " ".join(text.split()) if "\n" in text else text)
    return line if len(line) <= _CUT else f"{line[:_CUT]}... ({len(line)} characters)"


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{", '"') else value
    except ValueError:
        return value


def _unquoted(value: Any) -> Any:
    parsed = _parsed(value)
    if isinstance(parsed, list) and all(isinstance(item, str) for item in parsed):
        return ", ".join(parsed)
    return parsed if isinstance(parsed, str) else value
