"""Generators: values that are made anew whenever the core sends something.

A generator goes with a matcher (``match.like("1", generator=generate.provider_state("${id}"))``) or stands alone, where
it needs an example: all but `provider_state` bring one, the same in every run, so that pact files do not change.
Every function raises `InvalidInputError` for a field that the core would ignore. Needs specification V3
(`mock_server_url`: V4).
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.dates import java_example, java_patterns
from pact_ffi.values.generator import AbstractGenerator, Generator
from pact_ffi.values.limits import check_limits

_UUID = "936da01f-9abd-4d9d-80c7-02af85c822a8"
_HEX = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Each format with the core's name for it, the regex of its texts, and what spells a UUID so.
_UUIDS: dict[Any, tuple[Any, builtins.str, Callable[[builtins.str], builtins.str]]] = {
    None: (None, _HEX.replace("a-f", "a-fA-F"), builtins.str),
    "simple": ("simple", "[0-9a-fA-F]{32}", lambda text: text.replace("-", "")),
    "lower-case": ("lower-case-hyphenated", _HEX, builtins.str),
    "upper-case": ("upper-case-hyphenated", _HEX.replace("a-f", "A-F"), builtins.str.upper),
    "urn": ("URN", f"urn:uuid:{_HEX}", "urn:uuid:{}".format),
}


def int(*, min: builtins.int | None = None, max: builtins.int | None = None) -> AbstractGenerator:
    """A random integer from ``min`` (0) to ``max`` (10), both within 32 bits."""
    check_limits({"min": min, "max": max}, "int", -(2**31))
    low = min if min is not None else 0 if max is None or max >= 0 else -(2**31)
    high = max if max is not None else 10 if low <= 10 else 2**31 - 1
    return Generator("RandomInt", low, min=low, max=high)


def decimal(precision: builtins.int | None = None) -> AbstractGenerator:
    """A random decimal number of ``precision`` digits in all (10)."""
    return Generator("RandomDecimal", 1.5, digits=precision)


def hex(digits: builtins.int | None = None) -> AbstractGenerator:
    """A random hexadecimal text of ``digits`` digits (10)."""
    generator = Generator("RandomHexadecimal", digits=digits)
    generator.example = ("0123456789abcdef" * ((digits or 10) // 16 + 1))[: digits or 10]
    return generator


def str(size: builtins.int | None = None) -> AbstractGenerator:
    """A random alphanumeric text of ``size`` characters (10)."""
    generator = Generator("RandomString", size=size)
    generator.example = ("string" * ((size or 10) // 6 + 1))[: size or 10]
    return generator


def regex(regex: builtins.str) -> AbstractGenerator:
    """A random text that matches ``regex``; the core cannot make one for ``.``, ``[^a]``, anchors and look-around."""
    from pact_ffi.values.regex_example import regex_example  # rarely used

    return Generator("Regex", regex_example(regex), regex=regex)


def uuid(format: builtins.str | None = None) -> AbstractGenerator:
    """A random UUID; ``format`` is ``"simple"``, ``"lower-case"``, ``"upper-case"`` or ``"urn"``."""
    name, _, spelled = uuid_format(format)
    return Generator("Uuid", spelled(_UUID), format=name)


def uuid_format(format: builtins.str | None) -> tuple[Any, builtins.str, Callable[[builtins.str], builtins.str]]:
    """The core's name for a UUID ``format``, the regex of its texts, and what spells a UUID so.

    Raises `InvalidInputError` for an unknown one.
    """
    try:
        return _UUIDS[format and format.lower().removesuffix("-hyphenated")]
    except (KeyError, AttributeError, TypeError):
        known = ", ".join(filter(None, _UUIDS))
        raise InvalidInputError(f"unknown UUID format {format!r}; known are {known}") from None


def _moment(name: builtins.str, kind: builtins.str, format: builtins.str | None, raw: builtins.bool) -> Generator:
    pattern = java_patterns(kind, format, raw)[0]
    return Generator(name, java_example(pattern), format=pattern)


def date(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Today's date; ``format`` is strftime's (%Y-%m-%d), or the core's own with ``disable_conversion``."""
    return _moment("Date", "date", format, disable_conversion)


def time(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """The time now; ``format`` is strftime's (%H:%M:%S), or the core's own with ``disable_conversion``."""
    return _moment("Time", "time", format, disable_conversion)


def datetime(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """The moment; ``format`` is strftime's (%Y-%m-%dT%H:%M:%S%z), or the core's own with ``disable_conversion``."""
    return _moment("DateTime", "datetime", format, disable_conversion)


def bool() -> AbstractGenerator:
    """True or False."""
    return Generator("RandomBoolean", True)


def provider_state(expression: builtins.str | None = None) -> AbstractGenerator:
    """A value that the provider's state handler returned, such as ``"${id}"``; used when the provider is verified."""
    return Generator("ProviderState", expression=expression)


def mock_server_url(regex: builtins.str | None = None, example: builtins.str | None = None) -> AbstractGenerator:
    """The running mock server's URL in place of ``example``'s; the group of ``regex`` is the part to keep."""
    return Generator("MockServerURL", example, regex=regex, example=example)


integer, float, hexadecimal, string, boolean, timestamp = int, decimal, hex, str, bool, datetime

__all__ = [
    "AbstractGenerator", "Generator", "bool", "boolean", "date", "datetime", "decimal", "float", "hex",
    "hexadecimal", "int", "integer", "mock_server_url", "provider_state", "regex", "str", "string", "time",
    "timestamp", "uuid"
]  # fmt: skip
