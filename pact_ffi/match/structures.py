"""Matchers of lists, dicts, and of whatever has a type."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate
from pact_ffi.values.generator import AbstractGenerator
from pact_ffi.values.limits import MOST_ITEMS, check_limits
from pact_ffi.values.matcher import AbstractMatcher, Matcher

T = TypeVar("T")
_Int: TypeAlias = builtins.int
_Str: TypeAlias = builtins.str


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
    example: Any = value
    if min is not None or max is not None:
        check_limits({"min": min, "max": max}, "like")
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


def _each(name: _Str, value: Any, rules: Any) -> Matcher[Any]:
    if not isinstance(value, (Mapping, AbstractMatcher)):
        raise InvalidInputError(f"{name}: the example must be a dict, not {value!r}")
    listed = rules if isinstance(rules, (list, tuple)) else [rules]
    if not listed or not all(isinstance(rule, AbstractMatcher) for rule in listed):
        raise InvalidInputError(f"{name}: rules must be a matcher or a list of matchers, not {rules!r}")
    return Matcher(name, value, rules=[rule.to_matching_rule() for rule in listed])
