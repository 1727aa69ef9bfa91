"""The one encoder from Python values to the core's integration JSON.

=======================================  ======================================================================
Python                                   JSON
=======================================  ======================================================================
None, bool, str, int, float              themselves; integers from -2**63 to 2**64-1, no NaN and no infinity
Decimal                                  a number, if the core's 64-bit floats keep its value; else refused
date, time, datetime, UUID               text: ISO 8601, or the UUID's canonical form
Enum                                     its value
dict and other mappings                  an object; keys must be text
list, tuple, named tuple                 an array
dataclass, object with ``model_dump``    an object
matcher, generator                       its rule around its example
dict with ``"pact:matcher:type"``        taken as integration JSON, and checked like a matcher
=======================================  ======================================================================

All else (bytes, sets, ...) raises `InvalidInputError` with the JSON path of the culprit.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.generator import AbstractGenerator
from pact_ffi.values.matcher import AbstractMatcher, Matcher, MatchingRuleJSONEncoder
from pact_ffi.values.rules import GENERATORS, MATCHERS, check_generator, check_rule, matcher_name

MATCHER, GENERATOR = "pact:matcher:type", "pact:generator:type"
# The core reads 128 levels; a pact file adds those around the body, and one that is too deep can never be read again.
DEEPEST = 115
# As a step of a path expression these are a wildcard, another number, or what the core writes but cannot read back.
_UNADDRESSABLE = re.compile(r"\*||.*'.*|0\d+", re.DOTALL)
_SCALARS = (str, int, float, bool)
_CHECKED = ("type", "regex", "integer", "decimal", "number", "boolean", "date", "time", "datetime")
_NATURAL_MATCHERS = {"RandomInt": "integer", "RandomDecimal": "decimal", "RandomBoolean": "boolean"}

_to_text = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode


class IntegrationJSONEncoder(json.JSONEncoder):
    """For ``json.dumps(value, cls=...)``: whatever a contract's values may be, as the core's integration JSON."""

    def default(self, o: Any) -> Any:
        """Encode what JSON itself does not know; raises `InvalidInputError` for what a contract cannot hold."""
        return to_integration_json(o)


def to_integration_json(value: object, what: str = "$") -> Any:
    """Encode ``value``; the result holds nothing but JSON's own types. Raises `InvalidInputError`, naming ``what``."""
    return _encoded(value, what, ())


def dumps(value: object) -> str:
    """`to_integration_json` as JSON text."""
    return _to_text(to_integration_json(value))


def plain(value: object, what: str = "$") -> Any:
    """The example alone: ``value`` encoded, with each matcher replaced by its example."""
    return _stripped(to_integration_json(value, what))


def _stripped(encoded: Any) -> Any:
    if isinstance(encoded, dict):
        if MATCHER in encoded:
            return _stripped(encoded["variants"] if "variants" in encoded else encoded.get("value"))
        return {key: _stripped(item) for key, item in encoded.items()}
    return [_stripped(item) for item in encoded] if isinstance(encoded, list) else encoded


def _encoded(value: Any, path: str, parents: tuple[int, ...]) -> Any:
    kind = type(value)
    if value is None or kind is bool or (kind is str and value.isascii()):
        return value  # most of what there is
    if kind is Matcher and value.generator is None and type(value.value) in _SCALARS and value.name in _CHECKED:
        # making the matcher has checked all that there is to check, but for the text itself
        return {MATCHER: value.name, **value.attributes, "value": _scalar(value.value, path)}
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, str, int, float, dt.date, dt.time)):
        return _scalar(value, path)
    if id(value) in parents:
        raise InvalidInputError(f"{path}: the value contains itself")
    if len(parents) >= DEEPEST:
        raise InvalidInputError(
            f"{path[:60]}...: nested deeper than {DEEPEST} levels, which the core could not read back"
        )
    parents = (*parents, id(value))
    if isinstance(value, AbstractGenerator):
        value = _with_example(value, path)
    if isinstance(value, AbstractMatcher):
        content = value.to_integration_json()
        if isinstance(content, Mapping) and (MATCHER in content or GENERATOR in content):
            return _rule(content, path, parents)
        return _encoded(content, path, parents)  # a classic matcher of the user's own stands for any content
    if hasattr(kind, "__dataclass_fields__"):
        import dataclasses

        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif callable(getattr(value, "model_dump", None)) and not isinstance(value, type):
        value = value.model_dump()
    if isinstance(value, Mapping):
        if MATCHER in value or GENERATOR in value:
            return _rule(value, path, parents)
        return _object(value, path, parents)
    if isinstance(value, (list, tuple)):
        return [_encoded(item, f"{path}[{index}]", parents) for index, item in enumerate(value)]
    return _rare(value, path)


def _rare(value: Any, path: str) -> Any:
    """What few contracts hold, so that its modules are imported when it comes."""
    from decimal import Decimal
    from uuid import UUID

    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidInputError(f"{path}: {value} is no number that JSON knows")
        if Decimal(repr(_scalar(float(value), path))) != value:
            raise InvalidInputError(f"{path}: the core would round {value!r}; pass a float, or text")
        return float(value) if value.as_tuple().exponent else int(value)
    hints: dict[type, str] = {
        bytes: "; for bytes there is with_binary_body",
        set: "; a list has an order, a set has none",
    }
    raise InvalidInputError(
        f"{path}: {type(value).__name__} is no value that JSON knows: {value!r:.100}{hints.get(type(value), '')}"
    )


def _scalar(value: Any, path: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if type(value) is str and value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidInputError(f"{path}: not valid Unicode (a lone surrogate): {value!r}") from None
        return str.__str__(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise InvalidInputError(f"{path}: {value} does not fit into 64 bits, the core would round it")
        return int(value)
    if not math.isfinite(value):
        raise InvalidInputError(f"{path}: {value} is no number that JSON knows")
    return float(value)


def _object(value: Mapping[Any, Any], path: str, parents: tuple[int, ...]) -> dict[str, Any]:
    encoded = {}
    for raw, item in value.items():
        if type(raw) is str and raw.isidentifier():  # most of them, and nothing can be wrong with those
            encoded[raw] = _encoded(item, f"{path}.{raw}", parents)
            continue
        key = raw.value if isinstance(raw, Enum) else raw
        if not isinstance(key, str):
            raise InvalidInputError(f"{path}: the key {raw!r} is {type(raw).__name__}; keys in JSON are text")
        if key.startswith("pact:"):
            raise InvalidInputError(f"{path}: the core would drop the key {key!r}, as all that start with 'pact:'")
        inner = encoded[_scalar(key, path)] = _encoded(item, f"{path}.{key}", parents)
        if _UNADDRESSABLE.fullmatch(key) and next(_named(inner), None):
            raise InvalidInputError(f"{path}: a matcher below the key {key!r} cannot be addressed in a pact file")
    return encoded


def _with_example(generator: Any, path: str) -> dict[str, Any]:
    """A generator used as a value: the example, and the rule that what is generated must satisfy."""
    fields = generator.to_integration_json()
    example = getattr(generator, "example", None)
    if example is None:
        raise InvalidInputError(f"{path}: {generator!r} needs an example: match.like(example, generator=...)")
    return {**fields, "value": example}


def _rule(raw: Mapping[str, Any], path: str, parents: tuple[int, ...]) -> dict[str, Any]:
    """Check one level of integration JSON, and encode what is below it."""
    where = f"{path}: "
    if "content" in raw and "matcher" in raw:  # a text of `pact_ffi.xml`, which keeps its rule below itself
        return {**raw, "matcher": _encoded(raw["matcher"], path, parents)}
    if GENERATOR in raw:
        check_generator(raw, where)
    # the core drops a generator without a rule: what is generated must at least have the right type
    kinds = raw[MATCHER] if MATCHER in raw else _NATURAL_MATCHERS.get(raw[GENERATOR], "type")
    rules = list(kinds) if isinstance(kinds, (list, tuple)) else [{**raw, MATCHER: kinds}]
    if not rules:
        raise InvalidInputError(f"{where}a list of matchers needs at least one")
    names = [matcher_name(rule.get(MATCHER) if isinstance(rule, Mapping) else rule, where) for rule in rules]
    result: dict[str, Any] = {}
    for key, item in raw.items():
        if key == "variants":
            result[key] = [_encoded(each, f"{path}[{index}]", parents) for index, each in enumerate(item)]
        elif key != MATCHER:
            result[key] = _encoded(item, path, parents) if key == "value" else _attribute(item)
    if MATCHER not in raw and names == ["type"]:
        rules = kinds = [{MATCHER: "type"}]
    result[MATCHER] = [_attribute(rule) for rule in rules] if isinstance(kinds, (list, tuple)) else kinds
    if "value" not in raw and not {"arrayContains", "null"} & set(names):
        raise InvalidInputError(f"{where}matcher {names[0]} needs an example as its 'value'")
    example = _stripped(result.get("value"))
    for rule in result[MATCHER] if isinstance(kinds, (list, tuple)) else [result]:
        check_rule(rule, where, example)
    return result


def _attribute(value: Any) -> Any:
    """A field of a rule, in which matchers stand for their rules."""
    return json.loads(json.dumps(value, cls=MatchingRuleJSONEncoder))


def _named(encoded: Any) -> Iterator[tuple[PactSpecification, str]]:
    """Each matcher and generator in integration JSON, with the lowest version that knows it."""
    if isinstance(encoded, dict):
        kinds = encoded.get(MATCHER, [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            name = matcher_name(kind[MATCHER] if isinstance(kind, dict) else kind)
            yield MATCHERS[name], f"the matcher {name}"
        if GENERATOR in encoded:
            yield GENERATORS[encoded[GENERATOR]], f"the generator {encoded[GENERATOR]}"
    for item in encoded.values() if isinstance(encoded, dict) else encoded if isinstance(encoded, list) else ():
        yield from _named(item)


def needs(value: object) -> tuple[PactSpecification, str]:
    """The lowest specification version that can express ``value``, and the matcher or generator that needs it."""
    return max(_named(to_integration_json(value)), default=(PactSpecification.V1, "nothing"))


def text_json(value: object, what: str) -> str:
    """``value`` of a header, query parameter or path as JSON text, safe from being taken for something else.

    The core takes plain text that looks like a JSON object for a matcher, so everything is wrapped. Raises
    `InvalidInputError` for what has no text form: objects, `array_containing`, lists of matchers.
    """
    encoded = to_integration_json(value, what)
    ruled = isinstance(encoded, dict) and MATCHER in encoded
    example = encoded.get("value") if ruled else encoded
    if isinstance(example, dict) or (isinstance(example, list) and not ruled and next(_named(example), None)):
        raise InvalidInputError(f"{what}: text, a number or a matcher of one is needed, not {value!r}")
    if ruled and "variants" in encoded:
        raise InvalidInputError(f"{what}: array_containing works in JSON bodies only")
    if example == []:
        raise InvalidInputError(f"{what}: a list of values needs at least one")
    if any(item is None for item in (example if isinstance(example, list) else [example])):
        raise InvalidInputError(f"{what}: None has no text form")
    return _to_text(encoded if ruled else {"value": encoded})
