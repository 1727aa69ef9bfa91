"""The second rule beside a first one that the core reads too leniently.

A ``regex`` takes null where it matches the text "null", and 12 where it matches "12"; ``boolean`` takes the text
"false", ``date`` takes 20-1-1 for ``yyyy-MM-dd``. The rule ``type``, or a regex of the date's digits, written beside it
closes that, for every verifier, and changes nothing of what a right provider may send. Version 2 of the specification
has one rule for each place: there the core writes the first one alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pact_ffi.core import matching
from pact_ffi.values import gate
from pact_ffi.values.dates import java_regex
from pact_ffi.values.gate import Place
from pact_ffi.values.rules import MATCHER, matcher_name

_OTHERS = [(value, json.dumps(value)) for value in (None, True, False, 12, 1.5, 0, -1)]  # with their JSON
DATES = ("date", "time", "datetime", "timestamp")
LENIENT = ("regex", "include", "boolean", *DATES)


def second_rule(name: str, rule: Mapping[str, Any], example: Any, place: Place) -> Mapping[str, str] | None:
    """Return the rule to write beside another one, as pact files spell it; ``None`` where it needs none.

    Args:
        name: the canonical name of the rule.
        rule: its fields, which were checked before.
        example: the value that it stands for.
        place: where that stands. Only in JSON can a value be of another type.
    """
    if name not in LENIENT or type(example) not in (str, int, float, bool):
        return None
    field = "format" if name in DATES else "value" if name == "include" else "regex"
    return _second(name, field, rule.get(field), example, place is Place.JSON)


def rules_for_each(rules: list[Mapping[str, Any]], example: object) -> list[Mapping[str, Any]]:
    """Return ``rules`` of the matcher ``eachValue``, with the second ones where all values are of one type."""
    values = example.values() if isinstance(example, Mapping) else example if isinstance(example, list) else ()
    if len({type(value) for value in values}) != 1:
        return rules
    example = next(iter(values))
    names = [matcher_name(rule.get("match", rule.get(MATCHER))) for rule in rules]
    seconds = [second_rule(name, rule, example, Place.JSON) for name, rule in zip(names, rules, strict=True)]
    return [*rules, *(rule for rule in seconds if rule and rule not in rules)]


@lru_cache(maxsize=4096, typed=True)  # each test makes the same matchers anew
def _second(name: str, field: str, argument: Any, example: Any, in_json: bool) -> Mapping[str, str] | None:
    if name in DATES:
        regex = {"match": "regex", "regex": java_regex(argument)}
        return regex if gate.satisfies(regex, str(example)) else None
    lenient = in_json and (name == "boolean" or _takes_others({"match": name, field: argument}, example))
    return {"match": "type"} if lenient else None


def _takes_others(rule: Mapping[str, Any], example: Any) -> bool:
    """Return whether the core takes a value of another type than that of the example for right."""
    written = _number(example) if isinstance(example, str) else str(example)
    others = [text for other, text in _OTHERS if type(other) is not type(example)]
    if written is not None and type(written) is not type(example):
        others.insert(0, json.dumps(written))  # the likeliest
    text = json.dumps(rule)
    return any(matching.judge_json(text, other) is None for other in others)


def _number(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "-0123456789" else None
    except ValueError:
        return None
