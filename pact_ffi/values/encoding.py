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
from pact_ffi.values import gate
from pact_ffi.values.abstract import AbstractGenerator, AbstractMatcher
from pact_ffi.values.gate import Place
from pact_ffi.values.rules import GENERATOR as GENERATOR
from pact_ffi.values.rules import GENERATORS, MATCHERS, check_generator, check_rule, matcher_name
from pact_ffi.values.rules import MATCHER as MATCHER

# The core reads 128 levels; a pact file adds those around the body, and one that is too deep can never be read again.
DEEPEST = 115
# As a step of a path expression these are a wildcard, another number, or what the core writes but cannot read back.
_UNADDRESSABLE = re.compile(r"\*||.*'.*|0\d+", re.DOTALL)
_NATURAL_MATCHERS = {"RandomInt": "integer", "RandomDecimal": "decimal", "RandomBoolean": "boolean"}

_to_text = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode


class IntegrationJSONEncoder(json.JSONEncoder):
    """For ``json.dumps(value, cls=...)``: whatever a contract's values may be, as the core's integration JSON."""

    def default(self, o: Any) -> Any:
        """Encode what JSON itself does not know; raises `InvalidInputError` for what a contract cannot hold."""
        return to_integration_json(o)


def to_integration_json(value: object, what: str = "$", place: Place = Place.JSON) -> Any:
    """Encode ``value``; the result holds nothing but JSON's own types.

    ``place`` is where a matcher stands, if ``value`` is one. Raises `InvalidInputError`, naming ``what``.
    """
    if place is not Place.JSON:
        raw = _with_example(value, what) if isinstance(value, AbstractGenerator) else value
        raw = raw.to_integration_json() if isinstance(raw, AbstractMatcher) else raw
        if isinstance(raw, Mapping) and (MATCHER in raw or GENERATOR in raw):
            return _rule(raw, what, (id(value),), place)
    return _encoded(value, what, ())


def dumps(value: object) -> str:
    """`to_integration_json` as JSON text."""
    return _to_text(to_integration_json(value))


def plain(value: object, what: str = "$") -> Any:
    """The example alone: ``value`` encoded, with each matcher replaced by its example."""
    return example_of(to_integration_json(value, what))


def example_of(encoded: Any) -> Any:
    """The example alone of what is encoded already."""
    if isinstance(encoded, dict):
        if MATCHER in encoded:
            return example_of(encoded["variants"] if "variants" in encoded else encoded.get("value"))
        return {key: example_of(item) for key, item in encoded.items()}
    return [example_of(item) for item in encoded] if isinstance(encoded, list) else encoded


def _encoded(value: Any, path: str, parents: tuple[int, ...]) -> Any:
    kind = type(value)
    if value is None or kind is bool or (kind is str and value.isascii()):
        return value  # most of what there is
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


def _rule(raw: Mapping[str, Any], path: str, parents: tuple[int, ...], place: Place = Place.JSON) -> dict[str, Any]:
    """Check one level of integration JSON, and encode what is below it."""
    if "content" in raw and "matcher" in raw:  # a text of `pact_ffi.xml`, which keeps its rule below itself
        return {**raw, "matcher": _encoded(raw["matcher"], path, parents)}
    where = f"{path}: "
    if GENERATOR in raw:
        check_generator(raw, where)
    # the core drops a generator without a rule: what is generated must at least have the right type
    kinds = raw[MATCHER] if MATCHER in raw else _NATURAL_MATCHERS.get(raw[GENERATOR], "type")
    result: dict[str, Any] = {MATCHER: kinds}
    for key, item in raw.items():
        if key == "variants":
            result[key] = [_encoded(variant, f"{path}[{index}]", parents) for index, variant in enumerate(item)]
        elif key != MATCHER:
            result[key] = _encoded(item, path, parents) if key == "value" else _field(item)
    if isinstance(kinds, (list, tuple)) or (MATCHER not in raw and kinds == "type"):
        rules = result[MATCHER] = [_field(kind) for kind in kinds] if kinds != "type" else [{MATCHER: "type"}]
    else:
        rules = [result]
    if not rules:
        raise InvalidInputError(f"{where}a list of matchers needs at least one")
    example = example_of(result.get("value"))
    for rule in rules:
        name = matcher_name(rule.get(MATCHER) if isinstance(rule, dict) else rule, where)
        if "value" not in raw and name not in ("arrayContains", "null"):
            raise InvalidInputError(f"{where}matcher {name} needs an example as its 'value'")
        spelled = _pact_rule(name, rule if isinstance(rule, dict) else {})
        check_rule(spelled, where)
        _judge(spelled, example, result, path, place)
    return result


def _pact_rule(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of integration JSON as pact files spell it."""
    rule = {"match": name}
    for key, item in fields.items():
        if key not in (MATCHER, GENERATOR, "value") or (key == "value" and name in ("include", "contentType")):
            rule[key] = item
    return rule


def _judge(rule: dict[str, Any], example: Any, encoded: dict[str, Any], path: str, place: Place) -> None:
    name, where = rule["match"], f"{path}: "
    in_json, structure = place is Place.JSON, isinstance(example, (dict, list))
    if isinstance(example, list) and not in_json:
        for item in example:  # a header or query parameter of several values
            gate.judge(rule, item, where, place)
    elif in_json and (name in gate.CASCADING or (structure and name not in ("type", "notEmpty"))):
        gate.judge_body("application/json", _to_text(encoded), at=path)
    else:
        gate.judge(rule, example, where, place)
        if in_json and _has_neighbours(encoded):
            gate.judge_body("application/json", _to_text(encoded), at=path)


def _has_neighbours(encoded: dict[str, Any]) -> bool:
    """Return whether a rule of one item of a list reaches the others: the core writes it for all of them."""
    items = encoded.get("value")
    return isinstance(items, list) and len(items) > 1 and MATCHER in _to_text(items)


def _field(value: Any) -> Any:
    """A field of a rule, in which matchers stand for their rules."""
    if isinstance(value, AbstractMatcher):
        return _field(value.to_matching_rule())
    if isinstance(value, Mapping):
        return {str(key): _field(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_field(item) for item in value]
    return _encoded(value, "a field of a matching rule", ())


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


def needs(encoded: Any) -> tuple[PactSpecification, str]:
    """The lowest specification version that knows all matchers and generators in ``encoded``, and the one it is for."""
    return max(_named(encoded), default=(PactSpecification.V1, "nothing"))


def text_json(value: object, what: str) -> str:
    """``value`` of a header, query parameter or path as JSON text, safe from being taken for something else.

    The core takes plain text that looks like a JSON object for a matcher, so everything is wrapped. Raises
    `InvalidInputError` for what has no text form: objects, `array_containing`, lists of matchers.
    """
    encoded = to_integration_json(value, what, Place.TEXT)
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
