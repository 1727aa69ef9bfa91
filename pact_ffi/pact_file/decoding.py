"""Reading JSON as the core reads it, and refusing what it would read as something else."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pact_ffi.errors import PactFileError

_INTEGERS = range(-(2**63), 2**64)  # what the core can carry; it rounds others
_LONG_NUMBER = re.compile(rb"\d{19}")
_SURROGATE = re.compile(rb"\\u[dD]")


def decode(text: str | bytes, source: str) -> Any:
    """Read JSON; raises `PactFileError` for what is not JSON, and for what the core cannot carry."""
    try:
        data = json.loads(text, parse_constant=finite, parse_float=finite, object_pairs_hook=_unique)
        raw = text.encode(errors="replace") if isinstance(text, str) else text
        if _LONG_NUMBER.search(raw):
            json.loads(text, parse_int=_integer)
        if _SURROGATE.search(raw):
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PactFileError(f"pact file {source} has half of a surrogate pair (\\ud800 to \\udfff) in a text") from None
    except (ValueError, RecursionError) as error:
        raise PactFileError(f"pact file {source} is not valid JSON: {error}") from None
    return data


def finite(text: str) -> float:
    """Return the number that ``text`` is; raises ValueError for NaN and what is infinite."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a JSON value")
    return number


def _integer(text: str) -> int:
    number = int(text)
    if number not in _INTEGERS:
        raise ValueError(f"the core would round {text}; a number must fit into 64 bits")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return made
