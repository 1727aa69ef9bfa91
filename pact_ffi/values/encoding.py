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
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate
from pact_ffi.values.abstract import AbstractGenerator, AbstractMatcher
from pact_ffi.values.beside import LENIENT, rules_for_each, second_rule
from pact_ffi.values.gate import Place
from pact_ffi.values.rules import GENERATOR as GENERATOR
from pact_ffi.values.rules import MATCHER as MATCHER
from pact_ffi.values.rules import WITH_FIELDS, check_generator, check_rule, matcher_name
from pact_ffi.values.versions import can_be_step, needs_of

# The core reads 128 levels; a pact file adds those around the body, and one that is too deep can never be read again.
DEEPEST = 115
_NATURAL_MATCHERS = {"RandomInt": "integer", "RandomDecimal": "decimal", "RandomBoolean": "boolean"}

as_text = json.JSONEncoder(allow_nan=False, ensure_ascii=False, check_circular=False).encode


class IntegrationJSONEncoder(json.JSONEncoder):
    """For ``json.dumps(value, cls=...)``: whatever a contract's values may be, as the core's integration JSON."""

    def default(self, o: Any) -> Any:
        """Encode what JSON itself does not know; raises `InvalidInputError` for what a contract cannot hold.

        A matcher is its own rule alone; the second one beside it is added where the text becomes part of a contract.
        """
        encoded = to_integration_json(o)
        return o.to_integration_json() if isinstance(o, AbstractMatcher) else encoded


def to_integration_json(value: object, what: str = "$", place: Place = Place.JSON) -> Any:
    """Encode ``value``; the result holds nothing but JSON's own types.

    ``place`` is where a matcher stands, if ``value`` is one. Raises `InvalidInputError`, naming ``what``.
    """
    if place is not Place.JSON:
        raw = _with_example(value, what) if isinstance(value, AbstractGenerator) else value
        raw = raw.to_integration_json() if isinstance(raw, AbstractMatcher) else raw
        if isinstance(raw, Mapping) and (MATCHER in raw or GENERATOR in raw):
            return _rule(raw, what, 1, place)
    return _encoded(value, what, 0)


def dumps(value: object) -> str:
    """`to_integration_json` as JSON text."""
    return as_text(to_integration_json(value))


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


def _encoded(value: Any, path: str, depth: int) -> Any:
    encode = _ENCODERS.get(type(value), _other)
    return encode(value, path, depth)


def _itself(value: Any, path: str, depth: int) -> Any:
    return value


def _text(value: Any, path: str, depth: int) -> str:
    if value.isascii():
        return str.__str__(value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        surrogate = value[error.start]
        raise InvalidInputError(f"{path}: not valid Unicode: it has the lone surrogate {surrogate!r}") from None
    return str.__str__(value)


def _integer(value: Any, path: str, depth: int) -> int:
    if not -(2**63) <= value < 2**64:
        shown = value if value.bit_length() < 200 else f"an integer of {value.bit_length():,} bits"  # has no text
        raise InvalidInputError(f"{path}: {shown} does not fit into 64 bits, the core would round it")
    return int(value)


def _number(value: Any, path: str, depth: int) -> float:
    if not math.isfinite(value):
        raise InvalidInputError(f"{path}: JSON has no number {value}")
    return float(value)


def _object(value: Any, path: str, depth: int) -> dict[str, Any]:
    if MATCHER in value or GENERATOR in value:
        return _rule(value, path, depth)
    depth = _deeper(path, depth)
    encoded = {}
    for raw, item in value.items():
        if type(raw) is str and raw.isidentifier():  # most of them, and nothing can be wrong with those
            encoded[raw] = _ENCODERS.get(type(item), _other)(item, f"{path}.{raw}", depth)
            continue
        key = raw.value if isinstance(raw, Enum) else raw
        if not isinstance(key, str):
            raise InvalidInputError(f"{path}: the key {raw!r} is {type(raw).__name__}; keys in JSON are text")
        if key.startswith("pact:"):
            raise InvalidInputError(f"{path}: the core would drop the key {key!r}, as all that start with 'pact:'")
        inner = encoded[_text(key, path, depth)] = _encoded(item, f"{path}.{key}", depth)
        if not can_be_step(key) and next(needs_of(inner), None):
            raise InvalidInputError(
                f"{path}: no version of the Pact specification can address a matcher below the key {key!r}"
            )
    return encoded


def _array(value: Any, path: str, depth: int) -> list[Any]:
    depth = _deeper(path, depth)
    return [_encoded(item, f"{path}[{index}]", depth) for index, item in enumerate(value)]


def _deeper(path: str, depth: int) -> int:
    if depth >= DEEPEST:
        problem = (
            f"nested deeper than {DEEPEST} levels, which the core could not read back, or the value contains itself"
        )
        raise InvalidInputError(f"{path[:60]}...: {problem}")
    return depth + 1


def _other(value: Any, path: str, depth: int) -> Any:
    """What is not of JSON's own types."""
    if isinstance(value, AbstractMatcher):
        _ENCODERS[type(value)] = _matcher  # asking for the base takes longer than encoding
        return _matcher(value, path, depth)
    if isinstance(value, AbstractGenerator):
        return _rule(_with_example(value, path), path, depth)
    if isinstance(value, Enum):
        return _encoded(value.value, path, depth)
    for base, encode in _BASES.items():
        if isinstance(value, base):
            return encode(value, path, depth)
    if hasattr(type(value), "__dataclass_fields__"):
        import dataclasses

        return _object({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, path, depth)
    if callable(getattr(type(value), "model_dump", None)):
        return _encoded(value.model_dump(), path, _deeper(path, depth))
    return _rare(value, path)


def _matcher(value: Any, path: str, depth: int) -> Any:
    if value.settled:
        rule = {MATCHER: value.name, **value.attributes, "value": _encoded(value.value, path, depth)}
        return _doubled(rule, value.name, Place.JSON) if value.name in LENIENT else rule
    content = value.to_integration_json()
    if isinstance(content, (dict, Mapping)) and (MATCHER in content or GENERATOR in content):
        return _rule(content, path, depth)
    return _encoded(content, path, _deeper(path, depth))  # a matcher of the user's own stands for any content


def _rare(value: Any, path: str) -> Any:
    """What few contracts hold, so that its modules are imported when it comes."""
    from decimal import Decimal
    from uuid import UUID

    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidInputError(f"{path}: JSON has no number {value}")
        if Decimal(repr(_number(float(value), path, 0))) != value:
            raise InvalidInputError(f"{path}: the core would round {value!r}; pass a float, or text")
        return float(value) if value.as_tuple().exponent else int(value)
    hints: dict[type, str] = {
        bytes: "; for bytes there is with_binary_body",
        set: "; a list has an order, a set has none",
    }
    kind = type(value)
    raise InvalidInputError(f"{path}: JSON has no {kind.__name__}: {value!r:.100}{hints.get(kind, '')}")


_Encoder = Callable[[Any, str, int], Any]
_BASES: dict[Any, _Encoder] = {
    str: _text,
    bool: _itself,
    int: _integer,
    float: _number,
    (dt.date, dt.time): lambda value, path, depth: value.isoformat(),
    Mapping: _object,
    (list, tuple): _array,
}
_ENCODERS: dict[type, _Encoder] = {
    type(None): _itself,
    bool: _itself,
    str: _text,
    int: _integer,
    float: _number,
    dict: _object,
    list: _array,
    tuple: _array,
}


def _with_example(generator: Any, path: str) -> dict[str, Any]:
    """A generator used as a value: the example, and the rule that what is generated must satisfy."""
    fields = generator.to_integration_json()
    example = getattr(generator, "example", None)
    if example is None:
        raise InvalidInputError(f"{path}: {generator!r} needs an example: match.like(example, generator=...)")
    return {**fields, "value": example}


def _rule(raw: Mapping[str, Any], path: str, depth: int, place: Place = Place.JSON) -> dict[str, Any]:
    """Check one level of integration JSON, and encode what is below it."""
    if "content" in raw and "matcher" in raw:  # a text of `pact_ffi.xml`, which keeps its rule below itself
        return {**raw, "matcher": _encoded(raw["matcher"], path, depth)}
    depth = _deeper(path, depth)
    where = f"{path}: "
    if GENERATOR in raw:
        check_generator(raw, where)
    # the core drops a generator without a rule: what is generated must at least have the right type
    kinds = raw[MATCHER] if MATCHER in raw else _NATURAL_MATCHERS.get(raw[GENERATOR], "type")
    if GENERATOR in raw and MATCHER not in raw and kinds == "type":
        kinds = [{MATCHER: kinds}]  # lest the generator's min and max be taken for those of the rule
    result: dict[str, Any] = {}
    for key, item in raw.items():
        if key == "value":
            result[key] = _encoded(item, path, depth)
        elif key == "variants":
            result[key] = [_encoded(variant, f"{path}[{index}]", depth) for index, variant in enumerate(item)]
        elif key != MATCHER:
            result[key] = item if type(item) is str else _field(item)
    if isinstance(kinds, (list, tuple)):
        rules = kinds = [_field(kind) for kind in kinds]
        if not rules:
            raise InvalidInputError(f"{where}a list of matchers needs at least one")
    else:
        rules = [{**result, MATCHER: kinds}]
    result[MATCHER] = kinds
    for rule in rules:
        fields = rule if isinstance(rule, dict) else {MATCHER: rule}
        name = matcher_name(fields.get(MATCHER), where)
        if "value" not in raw and name not in ("arrayContains", "null"):
            raise InvalidInputError(f"{where}matcher {name} needs an example as its 'value'")
        if name == "type" and len(fields) <= 2 and not isinstance(result["value"], list):
            continue  # whatever is of its own type
        spelled = _pact_rule(name, fields)
        if name in WITH_FIELDS or len(spelled) > 1:
            check_rule(spelled, where)
        _judge(spelled, result, path, place)
    if name == "eachValue" and kinds is not rules:
        result["rules"] = rules_for_each(result["rules"], example_of(result["value"]))
    return _doubled(result, name, place) if kinds in LENIENT else result


def _doubled(encoded: dict[str, Any], name: str, place: Place) -> dict[str, Any]:
    """Put the rule that makes up for the core's leniency beside that of a matcher, if it has one."""
    second = second_rule(name, encoded, encoded["value"], place)
    if second is None:
        return encoded
    first = {key: item for key, item in encoded.items() if key not in (GENERATOR, "value") or name == "include"}
    beside = {MATCHER if key == "match" else key: item for key, item in second.items()}
    rest = encoded if GENERATOR in encoded else {"value": encoded["value"]}
    return {**rest, MATCHER: [first, beside]}


def _pact_rule(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of integration JSON as pact files spell it."""
    rule = {"match": name}
    for key, item in fields.items():
        if key not in (MATCHER, GENERATOR, "value") or (key == "value" and name in ("include", "contentType")):
            rule[key] = item
    return rule


def pact_rules(encoded: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules of a matcher in integration JSON as pact files spell them."""
    kinds = encoded[MATCHER]
    rules = kinds if isinstance(kinds, list) else [{**encoded, MATCHER: kinds}]
    spelled = [rule if isinstance(rule, dict) else {MATCHER: rule} for rule in rules]
    return [_pact_rule(matcher_name(rule[MATCHER]), rule) for rule in spelled]


def _judge(rule: dict[str, Any], encoded: dict[str, Any], path: str, place: Place) -> None:
    name, value, in_json = rule["match"], encoded.get("value"), place is Place.JSON
    if name == "type" and in_json and isinstance(value, (dict, list)):
        gate.judge_size(rule, len(value), path)
        if isinstance(value, list) and len(value) > 1 and MATCHER in as_text(value):
            # the core writes a rule of one item for all of them
            gate.judge_body("application/json", as_text(encoded), at=path)
        return
    example = example_of(value)
    if isinstance(example, list) and not in_json:
        for item in example:  # a header or query parameter of several values
            gate.judge(rule, item, f"{path}: ", place)
    elif in_json and (name in gate.CASCADING or (isinstance(example, (dict, list)) and name != "notEmpty")):
        gate.judge_structure(rule, example, as_text(encoded), path)
    else:
        gate.judge(rule, example, f"{path}: ", place)


def _field(value: Any) -> Any:
    """A field of a rule, in which matchers stand for their rules."""
    if isinstance(value, AbstractMatcher):
        return _field(value.to_matching_rule())
    if isinstance(value, Mapping):
        return {str(key): _field(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_field(item) for item in value]
    return _encoded(value, "a field of a matching rule", 0)
