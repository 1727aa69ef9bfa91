"""Matchers of single values: numbers, truth values, text, null."""

from __future__ import annotations

import builtins
import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from pact_ffi import generate
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate
from pact_ffi.values.encoding import to_integration_json
from pact_ffi.values.generator import AbstractGenerator
from pact_ffi.values.matcher import UNSET, AbstractMatcher, Matcher, Unset
from pact_ffi.values.regexes import core_regex

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID  # both are slow to import

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


def null() -> AbstractMatcher[None]:
    """Match JSON's null.

    Returns:
        The matcher ``null``.

    >>> match.null()
    Matcher('null', None)
    """
    return Matcher("null")


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
