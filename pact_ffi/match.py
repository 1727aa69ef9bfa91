"""Matchers: an example together with the rule that real values must satisfy.

Every function returns an `AbstractMatcher`, which may stand anywhere in a body, and for a header, a query parameter,
the path or a message's metadata. Without an example a generator makes the values, and the pact file holds a fixed
example, the same in every run. A rule that the core would drop, or that its own example does not satisfy, raises
`InvalidInputError` at once. The rules are those of the Pact specification: `like`, `each_like` and `regex` need V2,
`array_containing`, `each_key_matches`, `each_value_matches`, `not_empty` and `semver` V4, all others V3.
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
from pact_ffi.values.dates import java_example, java_patterns
from pact_ffi.values.encoding import to_integration_json
from pact_ffi.values.gate import judge, judged_by_type, satisfies
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


def _typed(name: _Str, value: Any) -> Matcher[Any]:
    """A matcher of numbers or booleans, whose example is not the text of one."""
    if not judged_by_type(name, value):
        judge({"match": name}, to_integration_json(value, name))
    return Matcher(name, value)


def _generated(name: _Str, generator: AbstractGenerator, **attributes: Any) -> Matcher[Any]:
    """A matcher whose example is that of its generator."""
    return Matcher(name, getattr(generator, "example", None), generator=generator, **attributes)


def _finite(value: Any) -> TypeGuard[_Float | Decimal]:
    if builtins.type(value) is _Int:
        return True
    if builtins.type(value) is _Float:
        return math.isfinite(value)
    from decimal import Decimal

    return isinstance(value, (_Int, _Float, Decimal)) and not isinstance(value, _Bool) and Decimal(value).is_finite()


def _bounded(value: Any, min: Any, max: Any, what: _Str) -> None:
    if min is None and max is None:
        return
    for limit in (min, max):
        if limit is not None and not _finite(limit):
            raise InvalidInputError(f"{what}: min and max are numbers, not {limit!r}")
    if _finite(value) and ((min is not None and value < min) or (max is not None and value > max)):
        raise InvalidInputError(f"{what}: the example {value!r} is not within min={min} and max={max}")


def int(value: _Int | Unset = UNSET, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[_Int]:
    """Any integer. ``min`` and ``max`` bound the example, or what is generated without one; no rule checks a range."""
    if isinstance(value, Unset):
        return _generated("integer", generate.int(min=min, max=max))
    _bounded(value, min, max, "int")
    return _typed("integer", value)


def decimal(value: _Float | Decimal | Unset = UNSET, /, *, precision: _Int | None = None) -> AbstractMatcher[_Float]:
    """Any number with a decimal point. ``precision`` counts the digits of what is generated without an example."""
    if isinstance(value, Unset) or precision is not None:
        generator = generate.decimal(precision)
        if isinstance(value, Unset):
            return _generated("decimal", generator)
    return _typed("decimal", _Float(value) if _finite(value) else value)


def number(
    value: _Float | Decimal | Unset = UNSET,
    /,
    *,
    min: _Int | None = None,
    max: _Int | None = None,
    precision: _Int | None = None,
) -> AbstractMatcher[_Float]:
    """Any number. Without an example: an integer from ``min`` to ``max``, or a decimal of ``precision`` digits."""
    if precision is not None and (min is not None or max is not None):
        raise InvalidInputError("number: min and max generate integers, precision decimals; give one or the other")
    if isinstance(value, Unset):
        return _generated(
            "number", generate.int(min=min, max=max) if precision is None else generate.decimal(precision)
        )
    _bounded(value, min, max, "number")
    return _typed("number", value)


def str(
    value: _Str | Unset = UNSET, /, *, size: _Int | None = None, generator: AbstractGenerator | None = None
) -> AbstractMatcher[_Str]:
    """Any text. ``size`` counts the characters of what is generated without an example."""
    if isinstance(value, Unset):
        generator = generator or generate.str(size)
        value = getattr(generator, "example", None) or "string"
    elif not isinstance(value, _Str):
        raise InvalidInputError(f"str: the example must be text, not {value!r}")
    elif size is not None and len(value) != size:
        raise InvalidInputError(f"str: the example {value!r} has {len(value)} characters, size says {size}")
    return Matcher("type", value, generator=generator)


def bool(value: _Bool | Unset = UNSET, /) -> AbstractMatcher[_Bool]:
    """True or False."""
    return _generated("boolean", generate.bool()) if isinstance(value, Unset) else _typed("boolean", value)


def regex(value: _Str | Unset = UNSET, /, *, regex: _Str | re.Pattern[_Str] | None = None) -> AbstractMatcher[_Str]:
    """Text that ``regex`` matches as a whole.

    The core's engine is Oniguruma: Python's named groups, flags of a compiled pattern and ``(?s)`` are translated.
    Without an example one is derived from the expression, and values are generated where the core can do that.
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
    """A UUID with hyphens, or in ``format``: ``"simple"``, ``"lower-case"``, ``"upper-case"`` or ``"urn"``."""
    from uuid import UUID

    _, expression, spelled = generate.uuid_format(format)
    if isinstance(value, Unset):
        return _generated("regex", generate.uuid(format), regex=expression)
    return Matcher("regex", spelled(_Str(value)) if isinstance(value, UUID) else value, regex=expression)


def _moment(kind: _Str, value: Any, format: _Str | None, raw: _Bool) -> AbstractMatcher[Any]:
    patterns = java_patterns(kind, format, raw, value)
    if isinstance(value, _Str):
        fitting = [each for each in patterns if satisfies({"match": kind, "format": each}, value)]
        return Matcher(kind, value, format=(fitting or patterns)[0])
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


def date(
    value: dt.date | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """A date as text; ``format`` is strftime's (%Y-%m-%d), or the core's own with ``disable_conversion``."""
    return _moment("date", value, format, disable_conversion)


def time(
    value: dt.time | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """A time as text; ``format`` is strftime's (%H:%M:%S, with the fractions or zone of the example)."""
    return _moment("time", value, format, disable_conversion)


def datetime(
    value: dt.datetime | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """A date and time as text; ``format`` is strftime's (by default ISO 8601 in the form that the example has)."""
    return _moment("datetime", value, format, disable_conversion)


def like(
    value: T, /, *, min: _Int | None = None, max: _Int | None = None, generator: AbstractGenerator | None = None
) -> AbstractMatcher[T]:
    """A value of the same type and, inside it, the same shape.

    ``min`` and ``max`` count the items of a list; a shorter example is repeated up to ``min`` items.
    """
    check_limits({"min": min, "max": max}, "like")
    example: Any = value
    if min is not None or max is not None:
        if not isinstance(value, (list, tuple)):
            raise InvalidInputError(f"like: min and max count the items of a list, the example is {value!r}")
        if min is not None and min > MOST_ITEMS:
            raise InvalidInputError(f"like: the example would have {min} items, more than {MOST_ITEMS}")
        if (not value and min) or (max is not None and len(value) > max):
            raise InvalidInputError(f"like: the example {value!r} has {len(value)} items, not min={min} to max={max}")
        example = [*value, *(value[-1:] * ((min or 0) - len(value)))]
    return Matcher("type", example, generator=generator, min=min, max=max)


def each_like(value: T, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[list[T]]:
    """A list whose items are all like ``value``, ``min`` to ``max`` of them; ``value`` stands ``min`` times."""
    return like([value], min=min, max=max) if max != 0 else like([], max=0)


def includes(value: _Str, /, *, generator: AbstractGenerator | None = None) -> AbstractMatcher[_Str]:
    """Text with ``value`` somewhere in it."""
    return Matcher("include", value, generator=generator)


def array_containing(variants: Sequence[T | AbstractMatcher[T]], /) -> AbstractMatcher[list[T]]:
    """A list that has, in any order and among others, an item for each of ``variants``; in JSON bodies only."""
    if isinstance(variants, (_Str, bytes, Mapping)) or not isinstance(variants, Iterable):
        raise InvalidInputError(f"array_containing: a list of variants is needed, not {variants!r}")
    return Matcher("arrayContains", variants=list(variants))


def _each(name: _Str, value: Any, rules: Any) -> Matcher[Any]:
    if not isinstance(value, (Mapping, AbstractMatcher)):
        raise InvalidInputError(f"{name}: the example must be a dict, not {value!r}")
    listed = rules if isinstance(rules, (list, tuple)) else [rules]
    if not listed or not all(isinstance(rule, AbstractMatcher) for rule in listed):
        raise InvalidInputError(f"{name}: rules must be a matcher or a list of matchers, not {rules!r}")
    return Matcher(name, value, rules=[rule.to_matching_rule() for rule in listed])


def each_key_matches(
    value: Mapping[_Str, T] | AbstractMatcher[Any], /, *, rules: AbstractMatcher[Any] | Sequence[AbstractMatcher[Any]]
) -> AbstractMatcher[Mapping[_Str, T]]:
    """A dict with any keys that satisfy ``rules``; may be nested with `each_value_matches`."""
    return _each("eachKey", value, rules)


def each_value_matches(
    value: Mapping[_Str, T] | AbstractMatcher[Any], /, *, rules: AbstractMatcher[Any] | Sequence[AbstractMatcher[Any]]
) -> AbstractMatcher[Mapping[_Str, T]]:
    """A dict with any keys whose values satisfy ``rules``; may be nested with `each_key_matches`."""
    return _each("eachValue", value, rules)


def null() -> AbstractMatcher[None]:
    """JSON's null."""
    return Matcher("null")


def content_type(value: _Str, /) -> AbstractMatcher[builtins.bytes]:
    """Contents of a MIME type, recognised by the core from the bytes; for `with_matching_rules`."""
    return Matcher("contentType", value)


def not_empty(value: T, /) -> AbstractMatcher[T]:
    """A value of the same type that is not empty."""
    return Matcher("notEmpty", value)


def semver(value: _Str, /) -> AbstractMatcher[_Str]:
    """A semantic version such as ``"1.2.3"``."""
    return Matcher("semver", value)


integer, float, string, boolean = int, decimal, str, bool
timestamp, type, none = datetime, like, null

__all__ = [
    "UNSET", "AbstractMatcher", "Matcher", "array_containing", "bool", "boolean", "content_type", "date",
    "datetime", "decimal", "each_key_matches", "each_like", "each_value_matches", "float", "includes", "int",
    "integer", "like", "none", "not_empty", "null", "number", "regex", "semver", "str", "string", "time",
    "timestamp", "type", "uuid"
]  # fmt: skip
