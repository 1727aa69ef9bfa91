"""Texts that users give: descriptions, names, keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pact_ffi.core.text import c_text
from pact_ffi.errors import InvalidInputError

_LONGEST_NAME = 120  # two names, a hyphen and ".json" must fit into a file name of 255 bytes


def text(value: object, what: str) -> str:
    """Return text that C can carry; raises `InvalidInputError` for a NUL or a lone surrogate in it."""
    return c_text(value, what).decode()


def mapping(value: object, what: str) -> Mapping[Any, Any]:
    """Return a mapping; for anything else Python's own error would not say whose it was."""
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{what} must be a dict, not {type(value).__name__} {value!r:.100}")
    return value


def party(value: object, what: str) -> str:
    """Return the name of a consumer or provider, which becomes part of a file name."""
    name = text(value, f"{what} name")
    if not name.strip():
        raise InvalidInputError(f"{what} name cannot be empty")
    if re.search(r"[/\\\x00-\x1f\x7f]|\.\.", name):
        raise InvalidInputError(
            f"{what} name {name!r} cannot be part of a file name: it has '/', '\\', '..' or a control character"
        )
    if len(name.encode()) > _LONGEST_NAME:
        raise InvalidInputError(f"{what} name is longer than {_LONGEST_NAME} bytes: {name!r}")
    return name
