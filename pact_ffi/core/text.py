"""Strings into C and out of it: checked on the way in, copied at once on the way out."""

from __future__ import annotations

from typing import Any, cast

from pact_ffi.core.library import ffi, lib
from pact_ffi.errors import InvalidInputError

_ERROR_BUFFER_BYTES, _SHORT_BYTES = 65536, 1024
_spare: list[Any] = []  # buffers: a new one is filled with zeros first, which takes longer than the call
_TOO_SMALL = ffi.new("char[]", 1)


def c_text(value: object, what: str) -> bytes:
    """Encode ``value`` for C; ``what`` names it when it cannot be passed.

    Raises `InvalidInputError` for what is no text, holds a NUL, or cannot be UTF-8: C would cut the
    first short and the core would replace the second by a default, both in silence.
    """
    if not isinstance(value, str):
        raise InvalidInputError(f"{what} must be text, not {type(value).__name__} {value!r}")
    if "\0" in value:
        raise InvalidInputError(f"{what} contains a NUL character, which the core cannot carry: {value!r}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInputError(f"{what} is not valid Unicode (a lone surrogate): {value!r}") from None


def c_value(value: Any, what: str) -> Any:
    """Make an argument for C: text as `c_text` does, ``None`` as NULL, all else as it is."""
    return c_text(value, what) if isinstance(value, str) else ffi.NULL if value is None else value


def copied(pointer: Any) -> str | None:
    """Copy a string that the core keeps; ``None`` for NULL."""
    return None if pointer == ffi.NULL else cast(bytes, ffi.string(pointer)).decode("utf-8", "replace")


def taken(pointer: Any) -> str | None:
    """Copy a string that the core gave away, and give it back to the core's allocator."""
    if pointer == ffi.NULL:
        return None
    try:
        return copied(pointer)
    finally:
        lib.pactffi_string_delete(pointer)


def forget_error() -> None:
    """Clear this thread's error message of the core: reading it into too small a buffer does."""
    lib.pactffi_get_error_message(_TOO_SMALL, 1)


def unexpected_error() -> str | None:
    """Do what `last_error` does, in 1 us, where there should be none: a long message is told as such."""
    buffer = ffi.new("char[]", _SHORT_BYTES)
    written = lib.pactffi_get_error_message(buffer, _SHORT_BYTES)
    if written < 0:
        return f"it gives a reason that is longer than {_SHORT_BYTES} bytes"
    return copied(buffer) if written > 1 else None


def last_error() -> str | None:
    """Fetch and clear this thread's error message of the core; takes 40 us, as the core fills the whole buffer."""
    try:
        buffer = _spare.pop()
    except IndexError:
        buffer = ffi.new("char[]", _ERROR_BUFFER_BYTES)
    written = lib.pactffi_get_error_message(buffer, _ERROR_BUFFER_BYTES)
    message = copied(buffer) if written > 1 else None
    _spare.append(buffer)
    return message
