"""Generators: values that are made anew whenever the core sends something.

A generator goes with a matcher (``match.like("1", generator=generate.provider_state("${id}"))``) or stands alone, where
it needs an example: all but `provider_state` bring one, the same in every run, so that pact files do not change.
Every function returns an `AbstractGenerator` and raises `InvalidInputError` (a ``ValueError``) for a field that the
core would ignore. Generators need specification version 3, `mock_server_url` version 4.

>>> from pact import generate
>>> generate.int(min=1, max=6)
Generator('RandomInt', min=1, max=6)
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
_LOWER = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UPPER = _LOWER.replace("a-f", "A-F")
# Each format with the core's name for it, the regex of its texts, and what spells a UUID so.
_UUIDS: dict[Any, tuple[Any, builtins.str, Callable[[builtins.str], builtins.str]]] = {
    None: (None, f"^({_LOWER}|{_UPPER})$", builtins.str),
    "simple": ("simple", "^[0-9a-fA-F]{32}$", lambda text: text.replace("-", "")),
    "lowercase": ("lower-case-hyphenated", f"^{_LOWER}$", builtins.str),
    "uppercase": ("upper-case-hyphenated", f"^{_UPPER}$", builtins.str.upper),
    "urn": ("URN", f"^urn:uuid:{_LOWER}$", "urn:uuid:{}".format),
}


def int(*, min: builtins.int | None = None, max: builtins.int | None = None) -> AbstractGenerator:
    """Make a random integer.

    Args:
        min: the least (0), from -2**31.
        max: the greatest (10), to 2**31-1.

    Returns:
        The generator ``RandomInt``.

    Raises:
        InvalidInputError: a limit that is not an integer of 32 bits, or a minimum above the maximum.

    >>> generate.int(max=6)
    Generator('RandomInt', min=0, max=6)
    """
    check_limits({"min": min, "max": max}, "int", -(2**31))
    low = min if min is not None else 0 if max is None or max >= 0 else -(2**31)
    high = max if max is not None else 10 if low <= 10 else 2**31 - 1
    return Generator("RandomInt", low, min=low, max=high)


def decimal(precision: builtins.int | None = None) -> AbstractGenerator:
    """Make a random number with a decimal point.

    Args:
        precision: how many digits it has in all (10).

    Returns:
        The generator ``RandomDecimal``.

    Raises:
        InvalidInputError: ``precision`` is not an integer from 1 to 65535.

    >>> generate.decimal(4)
    Generator('RandomDecimal', digits=4)
    """
    return Generator("RandomDecimal", 1.5, digits=precision)


def hex(digits: builtins.int | None = None) -> AbstractGenerator:
    """Make a random hexadecimal text.

    Args:
        digits: how many digits it has (10).

    Returns:
        The generator ``RandomHexadecimal``.

    Raises:
        InvalidInputError: ``digits`` is not an integer from 1 to 65535.

    >>> generate.hex(4).example
    '0123'
    """
    generator = Generator("RandomHexadecimal", digits=digits)
    generator.example = ("0123456789abcdef" * ((digits or 10) // 16 + 1))[: digits or 10]
    return generator


def str(size: builtins.int | None = None) -> AbstractGenerator:
    """Make a random text of letters and digits.

    Args:
        size: how many characters it has (10).

    Returns:
        The generator ``RandomString``.

    Raises:
        InvalidInputError: ``size`` is not an integer from 1 to 65535.

    >>> generate.str(8).example
    'stringst'
    """
    generator = Generator("RandomString", size=size)
    generator.example = "string" if size is None else ("string" * (size // 6 + 1))[:size]
    return generator


def regex(regex: builtins.str) -> AbstractGenerator:
    """Make a random text that matches a regular expression.

    Args:
        regex: the expression. The core cannot make a text for ``.``, ``[^a]``, anchors and look-around.

    Returns:
        The generator ``Regex``.

    Raises:
        InvalidInputError: an expression that the core cannot compile.

    >>> generate.regex(r"[a-z]{3}-\\d").example
    'aaa-0'
    """
    from pact_ffi.values.regex_example import regex_example  # rarely used

    return Generator("Regex", regex_example(regex), regex=regex)


def uuid(format: builtins.str | None = None) -> AbstractGenerator:
    """Make a random UUID.

    Args:
        format: ``"simple"`` (no hyphens), ``"lowercase"`` (the default), ``"uppercase"`` or ``"urn"``.

    Returns:
        The generator ``Uuid``.

    Raises:
        InvalidInputError: an unknown format.

    >>> generate.uuid("simple").example
    '936da01f9abd4d9d80c702af85c822a8'
    """
    name, _, spelled = uuid_format(format)
    return Generator("Uuid", spelled(_UUID), format=name)


def uuid_format(format: builtins.str | None) -> tuple[Any, builtins.str, Callable[[builtins.str], builtins.str]]:
    """Return the core's name for a UUID ``format``, the regex of its texts, and what spells a UUID so.

    Raises `InvalidInputError` for an unknown one.
    """
    try:
        return _UUIDS[format and format.lower().removesuffix("-hyphenated").replace("-", "")]
    except (KeyError, AttributeError, TypeError):
        known = ", ".join(filter(None, _UUIDS))
        raise InvalidInputError(f"unknown UUID format {format!r}; known are {known}") from None


def date(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the present day.

    Args:
        format: a strftime format (``%Y-%m-%d``).
        disable_conversion: the format is in the core's own letters (``yyyy-MM-dd``).

    Returns:
        The generator ``Date``.

    Raises:
        InvalidInputError: a format that the core does not know.

    >>> generate.date("%d.%m.%Y")
    Generator('Date', format='dd.MM.yyyy')
    """
    return _moment("Date", "date", format, disable_conversion)


def time(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the present time of day.

    Args:
        format: a strftime format (``%H:%M:%S``).
        disable_conversion: the format is in the core's own letters (``HH:mm:ss``).

    Returns:
        The generator ``Time``.

    Raises:
        InvalidInputError: a format that the core does not know.

    >>> generate.time()
    Generator('Time', format='HH:mm:ss')
    """
    return _moment("Time", "time", format, disable_conversion)


def datetime(format: builtins.str | None = None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the present moment.

    Args:
        format: a strftime format (``%Y-%m-%dT%H:%M:%S%z``).
        disable_conversion: the format is in the core's own letters (``yyyy-MM-dd'T'HH:mm:ssZ``).

    Returns:
        The generator ``DateTime``.

    Raises:
        InvalidInputError: a format that the core does not know.

    >>> generate.datetime("%Y-%m-%d %H:%M")
    Generator('DateTime', format='yyyy-MM-dd HH:mm')
    """
    return _moment("DateTime", "datetime", format, disable_conversion)


def _moment(name: builtins.str, kind: builtins.str, format: builtins.str | None, raw: builtins.bool) -> Generator:
    pattern = java_patterns(kind, format, raw)[0]
    return Generator(name, java_example(pattern), format=pattern)


def bool() -> AbstractGenerator:
    """Make True or False.

    Returns:
        The generator ``RandomBoolean``.

    >>> generate.bool()
    Generator('RandomBoolean')
    """
    return Generator("RandomBoolean", True)


def provider_state(expression: builtins.str | None = None) -> AbstractGenerator:
    """Take a value that the provider's state handler returned; used when the provider is verified.

    Args:
        expression: text with the names of values, such as ``"/orders/${id}"``.

    Returns:
        The generator ``ProviderState``. It has no example: give it to `pact.match.like` or another matcher.

    Raises:
        InvalidInputError: no expression.

    >>> generate.provider_state("${id}")
    Generator('ProviderState', expression='${id}')
    """
    return Generator("ProviderState", expression=expression)


def mock_server_url(regex: builtins.str | None = None, example: builtins.str | None = None) -> AbstractGenerator:
    """Put the URL of the running mock server in place of the example's.

    Args:
        regex: what matches the example; its group is the part to keep.
        example: a URL.

    Returns:
        The generator ``MockServerURL``.

    Raises:
        InvalidInputError: no regex, or an example that it does not match.

    >>> generate.mock_server_url(r".*(/orders/\\d+)$", "http://localhost:1234/orders/1").example
    'http://localhost:1234/orders/1'
    """
    return Generator("MockServerURL", example, regex=regex, example=example)


integer, float, hexadecimal, string, boolean, timestamp = int, decimal, hex, str, bool, datetime

__all__ = [
    "AbstractGenerator", "Generator", "bool", "boolean", "date", "datetime", "decimal", "float", "hex",
    "hexadecimal", "int", "integer", "mock_server_url", "provider_state", "regex", "str", "string", "time",
    "timestamp", "uuid"
]  # fmt: skip
