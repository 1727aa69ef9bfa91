"""The gate: the core judges each example by its own rule.

A contract whose own example does not satisfy its rule can be met by nobody. So each pair of rule and example is
put to the core, once; what was judged is remembered. Numbers and booleans are judged by their Python type, which
is the same and costs nothing. What the core does not check (unknown names, missing fields, ...) is up to
`pact_ffi.values.rules`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from pact_ffi.core import matching
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.rules import MATCHER, matcher_name

_BY_TYPE: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "decimal": (float,),
    "real": (float,),
    "number": (int, float),
    "boolean": (bool,),
    "type": (str, int, float, bool, type(None)),
}
_SAMPLES = 4  # of what is generated at random
CASCADING = ("eachKey", "eachValue", "arrayContains", "contentType")  # whose rules reach below their own place
_IN_BODIES = ("arrayContains", "eachKey", "eachValue", "null", "contentType", "values")
_to_text = json.JSONEncoder(ensure_ascii=False).encode


class Place(Enum):
    """Where an example stands: the core reads the same rule in several ways."""

    JSON = "a JSON body or metadata"
    TEXT = "a header, a query parameter, the path or a form"
    STATUS = "the status"
    UNKNOWN = "a place that is not known yet"


def judged_by_type(name: str, example: object) -> bool:
    """Return whether ``example`` satisfies the matcher ``name`` by its type alone, in every place."""
    return type(example) in _BY_TYPE.get(name, ())


def judge(rule: Mapping[str, Any], example: Any, where: str = "", place: Place = Place.JSON) -> None:
    """Refuse an example that does not satisfy its own rule.

    Args:
        rule: as pact files spell it: ``{"match": "regex", "regex": "..."}``, its name canonical, and checked before.
        example: a JSON value.
        where: leads the message.
        place: where it stands; a place that is unknown yet accepts what one of the places would accept.

    Raises `InvalidInputError` with the core's words.
    """
    name = rule["match"]
    if judged_by_type(name, example):
        return
    if name == "type":
        if isinstance(example, (dict, list)):
            judge_size(rule, len(example), where.rstrip(": "))
        return
    if name == "contentType" and place is Place.UNKNOWN:
        return
    if name == "statusCode" and place in (Place.JSON, Place.TEXT):
        raise InvalidInputError(f"{where}the matcher statusCode works for the status only")
    if name in _IN_BODIES and place in (Place.TEXT, Place.STATUS):
        raise InvalidInputError(f"{where}the matcher {name} works in bodies only, not for {place.value}")
    if place is Place.JSON and name == "boolean" and isinstance(example, str):
        reason: str | None = "Expected text to be a boolean"  # the core takes "true" for one
    elif name == "regex" and type(example) is str:
        reason = _regex_verdict(rule["regex"], example)
        if reason is not None and reason.startswith("Expected"):
            reason += " as a whole"
    else:
        as_text = place in (Place.TEXT, Place.STATUS) or name == "statusCode"
        if place is Place.UNKNOWN and name in _BY_TYPE:
            as_text = isinstance(example, str)  # headers, queries and forms carry numbers as text
        shown = example if as_text and isinstance(example, str) else _to_text(example)
        reason = _verdict(_to_text(rule), shown, as_text)
    if reason is not None:
        raise InvalidInputError(f"{where}the example {example!r} does not satisfy its matcher {name}: {reason}")


def satisfies(rule: Mapping[str, Any], example: str) -> bool:
    """Return whether text satisfies a rule."""
    return _verdict(_to_text(rule), _to_text(example), False) is None


def judge_size(rule: Mapping[str, Any], size: int, at: str) -> None:
    """Refuse a list or object ``at`` a path of fewer or more items than its own rule says."""
    low, high = rule.get("min") or 0, rule.get("max")
    if size < low or (high is not None and size > high):
        raise InvalidInputError(f"{at}: the example has {size} items, its matcher says min={low} and max={high}")


def judge_body(content_type: str, body: str | bytes, rules: str | None = None, at: str = "$") -> None:
    """Refuse a body, ``at`` a path, whose example does not satisfy its own rules; see `matching.judge_body`."""
    for path, reason in _body_verdict(content_type, body, rules):
        raise InvalidInputError(
            f"{at}{path[1:]}: the example does not satisfy its own matching rule: {reason.splitlines()[0]}"
        )


def judge_structure(rule: Mapping[str, Any], example: Any, encoded: str, at: str) -> None:
    """Refuse a list or dict whose example does not satisfy ``rule``, which reaches below its own place.

    ``encoded`` is the integration JSON of both.
    """
    judge_body("application/json", encoded, at=at)
    _judge_members(rule, example, at)


def _judge_members(rule: Mapping[str, Any], example: Any, at: str) -> None:
    """Ask a core that cannot match a whole body about each key or value."""
    if matching.matches_bodies() or rule["match"] not in ("eachKey", "eachValue") or not isinstance(example, dict):
        return
    for nested in rule["rules"]:
        spelled = {**nested, "match": matcher_name(nested.get("match", nested.get(MATCHER)))}
        for member in example if rule["match"] == "eachKey" else example.values():
            judge(spelled, member, f"{at}: ")


def judge_generated(content_type: str, body: str) -> None:
    """Refuse a body, integration JSON, whose generators make what does not satisfy its own rules."""
    for path, reason in _generated_verdict(content_type, body):
        why = reason.splitlines()[0].partition(": Error(")[0]
        raise InvalidInputError(f"{path}: what the generator makes does not satisfy its own matching rule: {why}")


def judge_apart(rule: Mapping[str, Any], example: Any, where: str, place: Place) -> None:
    """Refuse an example that does not satisfy a rule that was given apart from it; arguments as for `judge`."""
    if place is Place.JSON and (rule["match"] in CASCADING or isinstance(example, (dict, list))):
        rules = {"body": {"$": {"matchers": [rule]}}}
        judge_body("application/json", _to_text(example).encode(), _to_text(rules), f"{where}$")
        _judge_members(rule, example, f"{where}$")
    judge(rule, example, where, place)


@lru_cache(maxsize=4096)
def _verdict(rule: str, example: str, as_text: bool) -> str | None:
    reason = (matching.judge_text if as_text else matching.judge_json)(rule, example)
    return None if reason is None else reason.partition(": Error(")[0]  # of the core's parser of dates


@lru_cache(maxsize=4096)
def _regex_verdict(regex: str, example: str) -> str | None:
    return matching.judge_json(_to_text({"match": "regex", "regex": regex}), _to_text(example))


@lru_cache(maxsize=256)
def _generated_verdict(content_type: str, body: str) -> list[tuple[str, str]]:
    return matching.judge_generated(content_type, body, _SAMPLES)


@lru_cache(maxsize=256)
def _body_verdict(content_type: str, body: str | bytes, rules: str | None) -> list[tuple[str, str]]:
    return matching.judge_body(content_type, body, rules)
