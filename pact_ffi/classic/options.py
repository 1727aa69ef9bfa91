"""Options of the classic API, which may come as text from an environment variable."""

from __future__ import annotations

import os
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.url import port_number

_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_FLAGS[""] = False


def read_option(name: str, value: Any, default: Any) -> Any:
    """Return an option as the type of its default, which text from an environment variable may stand for."""
    if value is None:
        return default
    if isinstance(default, bool):
        flag = value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())
        if flag is None:
            raise InvalidInputError(f"{name} must be true or false, not {value!r}")
        return flag
    if isinstance(default, int):
        return port_number(value)
    if default == () and isinstance(value, str):
        return (value,)
    return os.fspath(value) if isinstance(value, os.PathLike) else value
