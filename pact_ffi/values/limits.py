"""Limits of numbers, one definition each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from pact_ffi.errors import InvalidInputError

MOST_ITEMS = 100_000  # that an example is repeated to
LARGEST = 2**31 - 1
STATUSES = "101 or 200 to 599"


def is_integer(value: object, lowest: int, highest: int = LARGEST) -> TypeGuard[int]:
    """Return whether ``value`` is an integer from ``lowest`` to ``highest``; True and False are not integers here."""
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def check_integer(value: object, what: str, lowest: int, highest: int = LARGEST) -> int:
    """Return ``value`` as a plain integer from ``lowest`` to ``highest``; raises `InvalidInputError` for all else."""
    if not is_integer(value, lowest, highest):
        raise InvalidInputError(f"{what} must be an integer from {lowest} to {highest}, not {value!r}")
    return int(value)  # the text of a member of an enumeration would be its name


def check_limits(attributes: Mapping[str, Any], what: str, lowest: int = 0) -> None:
    """Refuse a ``min`` or ``max`` that is not an integer from ``lowest``, or a minimum above the maximum."""
    low, high = attributes.get("min"), attributes.get("max")
    for key, limit in (("min", low), ("max", high)):
        if limit is not None and not (type(limit) is int and lowest <= limit <= LARGEST):
            check_integer(limit, f"{what}: {key}", lowest)
    if low is not None and high is not None and low > high:
        raise InvalidInputError(f"{what}: min {low} is greater than max {high}")


def is_status(code: object) -> TypeGuard[int]:
    """Return whether ``code`` is a status that a final response can have, as HTTP clients and the core see it."""
    return is_integer(code, 101, 599) and (code == 101 or code >= 200)


def check_status(code: object) -> int:
    """Return ``code`` as a plain integer; raises `InvalidInputError` when it is not 101 or 200 to 599."""
    if not is_status(code):
        raise InvalidInputError(f"the status must be {STATUSES}, not {code!r}")
    return int(code)
