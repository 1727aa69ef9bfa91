"""Matchers of dates and times."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import Any, TypeAlias, TypeVar

from pact_ffi import generate
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate
from pact_ffi.values.dates import java_example, java_patterns
from pact_ffi.values.matcher import UNSET, AbstractMatcher, Matcher, Unset

T = TypeVar("T")
_Str: TypeAlias = builtins.str
_Bool: TypeAlias = builtins.bool


def date(
    value: dt.date | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a date as text.

    Args:
        value: the example, as text or a ``datetime.date``. Without one the present day is sent.
        format: a strftime format; by default ISO 8601, ``%Y-%m-%d``.
        disable_conversion: the format is in the core's own letters (``yyyy-MM-dd``).

    Returns:
        The matcher ``date``.

    Raises:
        InvalidInputError: a format that the core does not know, or an example that does not have it.

    >>> match.date("31.01.2024", "%d.%m.%Y")
    Matcher('date', '31.01.2024', format='dd.MM.yyyy')
    """
    return _moment("date", value, format, disable_conversion)


def time(
    value: dt.time | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a time of day as text.

    Args:
        value: the example, as text or a ``datetime.time``. Without one the present time is sent.
        format: a strftime format. By default ISO 8601 to the second, ``%H:%M:%S``, whatever the microseconds of a
            ``datetime.time`` are; an example that is text may also have fractions or a zone.
        disable_conversion: the format is in the core's own letters (``HH:mm:ss``).

    Returns:
        The matcher ``time``.

    Raises:
        InvalidInputError: a format that the core does not know, or an example that does not have it.

    >>> import datetime
    >>> match.time(datetime.time(10, 20, 30, 456789))
    Matcher('time', '10:20:30', format='HH:mm:ss')
    """
    return _moment("time", value, format, disable_conversion)


def datetime(
    value: dt.datetime | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a date and time as text.

    Args:
        value: the example, as text or a ``datetime.datetime``. Without one the present moment is sent.
        format: a strftime format. By default ISO 8601 to the second, ``%Y-%m-%dT%H:%M:%S%z`` (without ``%z`` where the
            example has no zone), whatever the microseconds of a ``datetime.datetime`` are; ``%f`` asks for them. An
            example that is text may also have fractions or another spelling of the zone.
        disable_conversion: the format is in the core's own letters (``yyyy-MM-dd'T'HH:mm:ssZ``).

    Returns:
        The matcher ``datetime``.

    Raises:
        InvalidInputError: a format that the core does not know, or an example that does not have it.

    >>> import datetime
    >>> moment = datetime.datetime(2024, 1, 31, 10, 20, 30, 456789, datetime.timezone.utc)
    >>> match.datetime(moment).value
    '2024-01-31T10:20:30+0000'
    >>> match.datetime(moment, "%Y-%m-%dT%H:%M:%S.%f").value
    '2024-01-31T10:20:30.456789'
    """
    return _moment("datetime", value, format, disable_conversion)


def _moment(kind: _Str, value: Any, format: _Str | None, raw: _Bool) -> AbstractMatcher[Any]:
    patterns = java_patterns(kind, format, raw, value)
    if isinstance(value, _Str):
        fitting = (pattern for pattern in patterns if gate.satisfies({"match": kind, "format": pattern}, value))
        return Matcher(kind, value, format=next(fitting, patterns[0]))
    if isinstance(value, Unset):
        generator = getattr(generate, kind)(patterns[0], disable_conversion=True)
        example = generator.example
    elif isinstance(value, (dt.date, dt.time)):
        example, generator = java_example(patterns[0], value), None
    else:
        raise InvalidInputError(f"{kind}: the example must be text or of Python's datetime, not {value!r}")
    if example is None:
        raise InvalidInputError(f"{kind}: give an example as text, none could be made in the format {patterns[0]!r}")
    return Matcher(kind, example, generator=generator, format=patterns[0])
