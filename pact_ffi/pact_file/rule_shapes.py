"""The shape of matching rules and generators in other people's pact files.

The core drops what it cannot read of them: an unknown nested rule, a minimum that is text, a generator without its
regex. A rule that is not applied lets everything pass, so each is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.pact_file.shape import Shape, ShapeError, not_empty

_SINGLE = ("path", "method", "status")
_KEYED = ("body", "header", "headers", "query", "metadata", "content", "contents")
_V2_RULE = re.compile(rf"\$(\.|\[')({'|'.join(_SINGLE + _KEYED)})\b")
_GUESSED = {"regex", "min", "max", "timestamp", "time", "date"}  # what the core guesses a rule's type from
_STATUSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


def check_generated_names(category: str, generators: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the ``generators`` of headers or query parameters under the ``names`` that the request has.

    The core would add a parameter for a name that is not there, and a second header for one in another case.
    """
    spelled = {name.lower() if category != "query" else name: name for name in names}
    result = {}
    for name, generator in generators.items():
        key = name if category == "query" else name.lower()
        if key not in spelled:
            raise ShapeError(
                f"is not in the request, which has {sorted(spelled.values())}", f"generators.{category}.{name}"
            )
        result[spelled[key]] = generator
    return result


def _rules(rules: dict[str, Any]) -> None:
    _by_category(rules, _RULE_LIST)


def _generators(generators: dict[str, Any]) -> None:
    _by_category(generators, _GENERATOR)


def _by_category(categories: dict[str, Any], one: Shape) -> None:
    for category, entry in categories.items():
        try:
            if one is _RULE_LIST and _V2_RULE.match(category):
                _RULE.check(entry)
                listed = [entry]
            elif category not in _SINGLE + _KEYED:
                raise ShapeError(f"is an unknown category; known are {', '.join(_SINGLE + _KEYED)}")
            elif isinstance(entry, dict) and ("matchers" in entry or (category in _SINGLE and _is_one(entry))):
                one.check(entry)
                listed = entry.get("matchers", ())
            else:
                (_RULE_LISTS if one is _RULE_LIST else _GENERATOR_SETS).check(entry)
                listed = [rule for rules in entry.values() for rule in rules.get("matchers", ())]
            if "status" not in category and any(rule.get("match") in ("statusCode", "status-code") for rule in listed):
                raise ShapeError("cannot have the matcher statusCode, which works for the status only")
        except ShapeError as error:
            raise error.within(category) from None


def _is_one(entry: dict[str, Any]) -> bool:
    """Return whether it is one list of rules or one generator, not some by their paths."""
    return bool(entry) and not {"$", ""} & set(entry)


def _combine(how: str) -> str | None:
    return None if how.upper() in ("AND", "OR") else "must be 'AND' or 'OR'"


def _rule(rule: dict[str, Any]) -> None:
    kind = rule.get("match", rule.get("pact:matcher:type"))
    if kind is None and not _GUESSED & set(rule):
        raise ShapeError("is missing", "match")
    members = _RULE_MEMBERS.get(str(kind).replace("-", "").lower())
    if members is not None:
        members.check(rule)
    low, high = rule.get("min"), rule.get("max")
    if low is not None and high is not None and float(low) > float(high):
        raise ShapeError(f"must not be greater than max {high}, but is {low}", "min")


def _nested(rule: dict[str, Any]) -> None:
    """Check a rule that stands in another one, where the core drops an unknown one without a word."""
    from pact_ffi.values.rules import matcher_name  # it loads the core

    _RULE.check(rule)
    try:
        matcher_name(rule.get("match", rule.get("pact:matcher:type")))
    except InvalidInputError as error:
        raise ShapeError(f"is not right: {error}", "match") from None


def _limit(limit: float | str) -> str | None:
    return None if re.fullmatch(r"\d+(\.0*)?", str(limit)) else "must be a whole number from 0"


def _status_class(status: str | list[int]) -> str | None:
    right = isinstance(status, list) or status in _STATUSES
    return None if right else f"must be one of {', '.join(_STATUSES)} or a list"


def _generator(generator: dict[str, Any]) -> None:
    from pact_ffi.core import matching  # this and the next load the core
    from pact_ffi.values.rules import check_generator

    try:
        if generator["type"] == "Regex":  # nothing is matched with it, so it may backtrack
            _REGEX.check(generator)
            matching.check_syntax(generator["regex"], "the regex")
            matching.check_length(generator["regex"], f"the regex {generator['regex']!r}")
        else:
            check_generator(generator)
    except InvalidInputError as error:
        raise ShapeError(f"cannot be used: {error}") from None


_LIMIT = (int, float, str, _limit)
_RULE = Shape({"match?": (str, not_empty), "min?": _LIMIT, "max?": _LIMIT}, _rule)
_RULE_LIST = Shape({"matchers": [_RULE], "combine?": (str, _combine)})
_RULE_LISTS = Shape({"*": _RULE_LIST})
_NESTED = Shape({}, _nested)
_REGEX = Shape({"regex": str})
_RULE_MEMBERS = {
    "regex": _REGEX,
    "include": Shape({"value": (str, int, float, bool)}),
    "contenttype": Shape({"value": str}),
    "arraycontains": Shape({"variants": [{"index?": int, "rules?": {"*": {"matchers": [_NESTED]}}}, ...]}),
    "min": Shape({"min": _LIMIT}),
    "max": Shape({"max": _LIMIT}),
    "eachkey": Shape({"rules": [_NESTED, ...]}),
    "eachvalue": Shape({"rules": [_NESTED, ...]}),
    "statuscode": Shape({"status": (str, [int], _status_class)}),
}
_GENERATOR = Shape({"type": str}, _generator)
_GENERATOR_SETS = Shape({"*": _GENERATOR})
RULED: dict[str, Any] = {  # the members of a request, a response or a message
    "matchingRules?": ({}, _rules),
    "requestMatchingRules?": ({}, _rules),  # this and the next are of old pacts
    "responseMatchingRules?": ({}, _rules),
    "generators?": ({}, _generators),
}
