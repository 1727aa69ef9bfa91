"""Matchers: an example together with the rule that real values must satisfy.

Every function returns an `AbstractMatcher`, which may stand anywhere in a body, and for a header, a query parameter,
the path, the status or a message's metadata. Without an example a generator makes the values, and the pact file holds a
fixed example, the same in every run. A rule that the core would drop, or that its own example does not satisfy, raises
`InvalidInputError` (a ``ValueError``) at once.

The rules are those of the Pact specification: `like`, `each_like` and `regex` need version 2, `array_containing`,
`each_key_matches`, `each_value_matches`, `not_empty` and `semver` version 4, all others version 3.

>>> from pact import match
>>> match.each_like({"id": match.int(7), "sku": match.regex("AB-1", regex=r"[A-Z]{2}-\\d+")}, min=1)
Matcher('type', [{'id': Matcher('integer', 7), 'sku': Matcher('regex', 'AB-1', regex='[A-Z]{2}-\\\\d+')}], min=1)
"""

from __future__ import annotations

import builtins
import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard, TypeVar

from pact_ffi import generate
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate
from pact_ffi.values.dates import java_example, java_patterns
from pact_ffi.values.encoding import to_integration_json
from pact_ffi.values.generator import AbstractGenerator
from pact_ffi.values.limits import MOST_ITEMS, check_limits
from pact_ffi.values.matcher import UNSET, AbstractMatcher, Matcher, Unset
from pact_ffi.values.regexes import core_regex

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID  # both are slow to import

T = TypeVar("T")
_Int: TypeAlias = builtins.int
_Str: TypeAlias = builtins.str
_Float: TypeAlias = builtins.float
_Bool: TypeAlias = builtins.bool


def int(value: _Int | Unset = UNSET, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[_Int]:
    """Match any integer.

    Args:
        value: the example. Without one a random integer is sent.
        min: the least that the example or the random integer may be. No rule checks it on real values.
        max: the greatest.

    Returns:
        The matcher ``integer``.

    Raises:
        InvalidInputError: the example is not an integer, or not within ``min`` and ``max``.

    >>> match.int(7)
    Matcher('integer', 7)
    """
    if isinstance(value, Unset):
        return _generated("integer", generate.int(min=min, max=max))
    _check_within(value, min, max, "int")
    return _typed("integer", value)


def decimal(value: _Float | Decimal | Unset = UNSET, /, *, precision: _Int | None = None) -> AbstractMatcher[_Float]:
    """Match any number with a decimal point.

    Args:
        value: the example; an integer becomes a decimal. Without one a random decimal is sent.
        precision: how many digits the random decimal has in all (10).

    Returns:
        The matcher ``decimal``.

    Raises:
        InvalidInputError: the example is not a finite number.

    >>> match.decimal(1.5)
    Matcher('decimal', 1.5)
    """
    if isinstance(value, Unset) or precision is not None:
        generator = generate.decimal(precision)
        if isinstance(value, Unset):
            return _generated("decimal", generator)
    return _typed("decimal", _Float(value) if _is_finite(value) else value)


def number(
    value: _Float | Decimal | Unset = UNSET,
    /,
    *,
    min: _Int | None = None,
    max: _Int | None = None,
    precision: _Int | None = None,
) -> AbstractMatcher[_Float]:
    """Match any number.

    Args:
        value: the example. Without one a random number is sent.
        min: the least that the example or a random integer may be. No rule checks it on real values.
        max: the greatest.
        precision: how many digits a random decimal has in all; instead of ``min`` and ``max``.

    Returns:
        The matcher ``number``.

    Raises:
        InvalidInputError: the example is not a finite number, or not within ``min`` and ``max``.

    >>> match.number(3)
    Matcher('number', 3)
    """
    if precision is not None and (min is not None or max is not None):
        raise InvalidInputError("number: min and max generate integers, precision decimals; give one or the other")
    if isinstance(value, Unset):
        generator = generate.int(min=min, max=max) if precision is None else generate.decimal(precision)
        return _generated("number", generator)
    _check_within(value, min, max, "number")
    return _typed("number", value)


def str(
    value: _Str | Unset = UNSET, /, *, size: _Int | None = None, generator: AbstractGenerator | None = None
) -> AbstractMatcher[_Str]:
    """Match any text.

    Args:
        value: the example. Without one a random text is sent.
        size: how many characters the example has, or the random text (10). No rule checks it on real values.
        generator: makes the text that is sent.

    Returns:
        The matcher ``type`` around text.

    Raises:
        InvalidInputError: the example is not text, or not ``size`` characters long.

    >>> match.str("Ann")
    Matcher('type', 'Ann')
    """
    if isinstance(value, Unset):
        generator = generator or generate.str(size)
        value = getattr(generator, "example", None) or "string"
    elif not isinstance(value, _Str):
        raise InvalidInputError(f"str: the example must be text, not {value!r}")
    elif size is not None and len(value) != size:
        raise InvalidInputError(f"str: the example {value!r} has {len(value)} characters, size says {size}")
    return Matcher("type", value, generator=generator)


def bool(value: _Bool | Unset = UNSET, /) -> AbstractMatcher[_Bool]:
    """Match True and False.

    Args:
        value: the example. Without one a random boolean is sent.

    Returns:
        The matcher ``boolean``.

    Raises:
        InvalidInputError: the example is not a boolean.

    >>> match.bool(True)
    Matcher('boolean', True)
    """
    return _generated("boolean", generate.bool()) if isinstance(value, Unset) else _typed("boolean", value)


def regex(value: _Str | Unset = UNSET, /, *, regex: _Str | re.Pattern[_Str] | None = None) -> AbstractMatcher[_Str]:
    """Match text that a regular expression matches as a whole.

    The core's engine is Oniguruma. Python's named groups, the flags of a compiled pattern and ``(?s)`` are translated.

    Args:
        value: the example. Without one it is derived from the expression, and random text is sent where the core can
            make it.
        regex: the expression, as text or compiled.

    Returns:
        The matcher ``regex``.

    Raises:
        InvalidInputError: no expression, one that the core cannot compile or that would keep it busy without end, an
            example that does not match, or none that could be derived.

    >>> match.regex("AB-1", regex=r"[A-Z]{2}-\\d")
    Matcher('regex', 'AB-1', regex='[A-Z]{2}-\\\\d')
    """
    if regex is None:
        raise InvalidInputError("regex: the keyword 'regex' is needed, the expression that values must match")
    expression = core_regex(regex)
    if not isinstance(value, Unset):
        return Matcher("regex", value, regex=expression)
    from pact_ffi.core import matching

    generator: AbstractGenerator | None = generate.regex(expression)
    example = getattr(generator, "example", None)
    if example is None or not matching.check_regex(expression, example):
        raise InvalidInputError(
            f"regex: no example could be derived from {expression!r}; give one as the first argument"
        )
    try:
        matching.generate_regex(expression)
    except (ValueError, RuntimeError):
        generator = None  # the core cannot make values for it
    return Matcher("regex", example, generator=generator, regex=expression)


def uuid(value: _Str | UUID | Unset = UNSET, /, *, format: _Str | None = None) -> AbstractMatcher[_Str]:
    """Match a UUID as text.

    Args:
        value: the example, as text or a ``uuid.UUID``. Without one a random UUID is sent.
        format: ``"simple"`` (no hyphens), ``"lowercase"``, ``"uppercase"`` or ``"urn"``; by default hyphens, and
            letters of one case.

    Returns:
        The matcher ``regex``.

    Raises:
        InvalidInputError: an unknown format, or an example that does not have it.

    >>> match.uuid("936DA01F-9ABD-4D9D-80C7-02AF85C822A8", format="uppercase").value
    '936DA01F-9ABD-4D9D-80C7-02AF85C822A8'
    """
    from uuid import UUID

    _, expression, spelled = generate.uuid_format(format)
    if isinstance(value, Unset):
        return _generated("regex", generate.uuid(format), regex=expression)
    return Matcher("regex", spelled(_Str(value)) if isinstance(value, UUID) else value, regex=expression)


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


def like(
    value: T, /, *, min: _Int | None = None, max: _Int | None = None, generator: AbstractGenerator | None = None
) -> AbstractMatcher[T]:
    """Match a value of the same type and, inside it, the same shape.

    Args:
        value: the example; matchers may stand inside it.
        min: how many items a list or dict has at least. A shorter list is repeated up to it.
        max: how many items it has at most.
        generator: makes the value that is sent.

    Returns:
        The matcher ``type``.

    Raises:
        InvalidInputError: limits of what has no items, or an example that is not within them.

    >>> match.like({"name": "Ann"})
    Matcher('type', {'name': 'Ann'})
    """
    check_limits({"min": min, "max": max}, "like")
    example: Any = value
    if min is not None or max is not None:
        if not isinstance(value, (list, tuple, Mapping)):
            raise InvalidInputError(f"like: min and max count the items of a list or dict, not of {value!r:.100}")
        if min is not None and min > MOST_ITEMS:
            raise InvalidInputError(f"like: the example would have {min} items, more than {MOST_ITEMS}")
        missing = (min or 0) - len(value)
        if isinstance(value, (list, tuple)) and value and missing > 0:
            example = [*value, *(value[-1:] * missing)]
        gate.judge_size({"min": min, "max": max}, len(example), "like")
    return Matcher("type", example, generator=generator, min=min, max=max)


def each_like(value: T, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[list[T]]:
    """Match a list whose items are all like ``value``.

    Args:
        value: the example of one item; the example of the list has ``min`` of them, or one.
        min: how many items the list has at least.
        max: how many items it has at most.

    Returns:
        The matcher ``type`` around a list.

    Raises:
        InvalidInputError: limits that are not integers from 0, or a minimum above the maximum.

    >>> match.each_like(match.int(1), min=2)
    Matcher('type', [Matcher('integer', 1), Matcher('integer', 1)], min=2)
    """
    return like([value], min=min, max=max) if max != 0 else like([], max=0)


def includes(value: _Str, /, *, generator: AbstractGenerator | None = None) -> AbstractMatcher[_Str]:
    """Match text that has ``value`` somewhere in it.

    Args:
        value: the text to look for; it is the example, too.
        generator: makes the value that is sent.

    Returns:
        The matcher ``include``.

    Raises:
        InvalidInputError: ``value`` is not text.

    >>> match.includes("@")
    Matcher('include', '@')
    """
    return Matcher("include", value, generator=generator)


def array_containing(variants: Sequence[T | AbstractMatcher[T]], /) -> AbstractMatcher[list[T]]:
    """Match a list that has, in any order and among others, an item for each of ``variants``; in JSON bodies only.

    Args:
        variants: examples, with or without matchers.

    Returns:
        The matcher ``arrayContains``.

    Raises:
        InvalidInputError: no list, or an empty one.

    >>> match.array_containing(["red", match.int(1)]).attributes
    {'variants': ['red', Matcher('integer', 1)]}
    """
    if isinstance(variants, (_Str, bytes, Mapping)) or not isinstance(variants, Iterable):
        raise InvalidInputError(f"array_containing: a list of variants is needed, not {variants!r}")
    return Matcher("arrayContains", variants=list(variants))


def each_key_matches(
    value: Mapping[_Str, T] | AbstractMatcher[Any], /, *, rules: AbstractMatcher[Any] | Sequence[AbstractMatcher[Any]]
) -> AbstractMatcher[Mapping[_Str, T]]:
    """Match a dict with any keys that satisfy ``rules``; may be nested with `each_value_matches`.

    Args:
        value: the example, a dict.
        rules: a matcher or several, each of which every key must satisfy.

    Returns:
        The matcher ``eachKey``.

    Raises:
        InvalidInputError: no dict, no rules, or a key that does not satisfy them.

    >>> match.each_key_matches({"en": "Hello"}, rules=match.regex("en", regex="[a-z]{2}")).value
    {'en': 'Hello'}
    """
    return _each("eachKey", value, rules)


def each_value_matches(
    value: Mapping[_Str, T] | AbstractMatcher[Any], /, *, rules: AbstractMatcher[Any] | Sequence[AbstractMatcher[Any]]
) -> AbstractMatcher[Mapping[_Str, T]]:
    """Match a dict with any keys whose values satisfy ``rules``; may be nested with `each_key_matches`.

    Args:
        value: the example, a dict.
        rules: a matcher or several, each of which every value must satisfy.

    Returns:
        The matcher ``eachValue``.

    Raises:
        InvalidInputError: no dict, no rules, or a value that does not satisfy them.

    >>> match.each_value_matches({"apples": 3}, rules=match.int(1)).value
    {'apples': 3}
    """
    return _each("eachValue", value, rules)


def null() -> AbstractMatcher[None]:
    """Match JSON's null.

    Returns:
        The matcher ``null``.

    >>> match.null()
    Matcher('null', None)
    """
    return Matcher("null")


def content_type(content_type: _Str) -> AbstractMatcher[builtins.bytes]:
    """Match contents of a MIME type, which the core recognises from the bytes; for ``with_matching_rules``.

    Args:
        content_type: the MIME type, such as ``"image/png"``.

    Returns:
        The matcher ``contentType``.

    Raises:
        InvalidInputError: ``content_type`` is not text.

    >>> match.content_type("image/png").to_matching_rule()
    {'match': 'contentType', 'value': 'image/png'}
    """
    return Matcher("contentType", content_type)


def not_empty(value: T, /) -> AbstractMatcher[T]:
    """Match a value of the same type that is not empty.

    Args:
        value: the example.

    Returns:
        The matcher ``notEmpty``.

    Raises:
        InvalidInputError: the example is empty.

    >>> match.not_empty("x")
    Matcher('notEmpty', 'x')
    """
    return Matcher("notEmpty", value)


def semver(value: _Str, /) -> AbstractMatcher[_Str]:
    """Match a semantic version.

    Args:
        value: the example, such as ``"1.2.3"``.

    Returns:
        The matcher ``semver``.

    Raises:
        InvalidInputError: the example is not a semantic version.

    >>> match.semver("1.2.3-beta.1")
    Matcher('semver', '1.2.3-beta.1')
    """
    return Matcher("semver", value)


def _typed(name: _Str, value: Any) -> Matcher[Any]:
    """A matcher of numbers or booleans, whose example is not the text of one."""
    if not gate.judged_by_type(name, value):
        gate.judge({"match": name}, to_integration_json(value, name))
    return Matcher(name, value)


def _generated(name: _Str, generator: AbstractGenerator, **attributes: Any) -> Matcher[Any]:
    """A matcher whose example is that of its generator."""
    return Matcher(name, getattr(generator, "example", None), generator=generator, **attributes)


def _is_finite(value: Any) -> TypeGuard[_Float | Decimal]:
    if builtins.type(value) is _Int:
        return True
    if builtins.type(value) is _Float:
        return math.isfinite(value)
    from decimal import Decimal

    return isinstance(value, (_Int, _Float, Decimal)) and not isinstance(value, _Bool) and Decimal(value).is_finite()


def _check_within(value: Any, min: Any, max: Any, what: _Str) -> None:
    for name, limit in (("min", min), ("max", max)):
        if limit is not None and not _is_finite(limit):
            raise InvalidInputError(f"{what}: {name} must be a number, not {limit!r}")
    if min is None and max is None:
        return
    if _is_finite(value) and ((min is not None and value < min) or (max is not None and value > max)):
        raise InvalidInputError(f"{what}: the example {value!r} is not within min={min} and max={max}")


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


def _each(name: _Str, value: Any, rules: Any) -> Matcher[Any]:
    if not isinstance(value, (Mapping, AbstractMatcher)):
        raise InvalidInputError(f"{name}: the example must be a dict, not {value!r}")
    listed = rules if isinstance(rules, (list, tuple)) else [rules]
    if not listed or not all(isinstance(rule, AbstractMatcher) for rule in listed):
        raise InvalidInputError(f"{name}: rules must be a matcher or a list of matchers, not {rules!r}")
    return Matcher(name, value, rules=[rule.to_matching_rule() for rule in listed])


integer, float, string, boolean = int, decimal, str, bool
timestamp, type, none = datetime, like, null

__all__ = [
    "UNSET", "AbstractMatcher", "Matcher", "array_containing", "bool", "boolean", "content_type", "date",
    "datetime", "decimal", "each_key_matches", "each_like", "each_value_matches", "float", "includes", "int",
    "integer", "like", "none", "not_empty", "null", "number", "regex", "semver", "str", "string", "time",
    "timestamp", "type", "uuid"
]  # fmt: skip
