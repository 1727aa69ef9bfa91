"""Differences as a person reads them: one line what was expected, one what came, at which place."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from pact_ffi.mismatches import BodyTypeMismatch, Mismatch, RequestMismatch

_CUT = 500  # characters of one value; a report is no dump
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
    place = getattr(mismatch, "where", None)
    if place is None:
        return [str(mismatch)]
    expected, actual = getattr(mismatch, "expected", None), getattr(mismatch, "actual", None)
    said = getattr(mismatch, "mismatch", None)
    lines = [f"{place}: {shortened(said)}" if said else f"{place}:"]
    if isinstance(mismatch, BodyTypeMismatch) and mismatch.actual_body is not None:
        expected, actual = f"{expected}: {mismatch.expected_body}", f"{actual}: {mismatch.actual_body}"
    for sign, word, value in (("-", "expected", expected), ("+", "received", actual)):
        line = f"  {sign} {word}: {shown(value)}"
        lines.append(f"{_COLOURS[sign]}{line}\033[0m" if colour else line)
    return lines


def shown(value: Any) -> str:
    """Return one value on one line: text as it is, missing as ``(nothing)``, the rest as JSON."""
    if value is None or value == "":
        return "(nothing)"
    return shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def shortened(text: str) -> str:
    """Return ``text`` on one line, cut to a readable length."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= _CUT else f"{line[:_CUT]}... ({len(line)} characters)"
