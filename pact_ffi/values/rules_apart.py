"""Rules and generators given apart from the values, as pact files hold them, checked before the core sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import gate, http
from pact_ffi.values.abstract import AbstractGenerator
from pact_ffi.values.beside import DATES, second_rule
from pact_ffi.values.dates import java_example
from pact_ffi.values.gate import Place, judge_body
from pact_ffi.values.matcher import MatchingRuleJSONEncoder
from pact_ffi.values.rules import MATCHER, check_generator, check_rule, matcher_name
from pact_ffi.values.versions import check_name

V2, V3 = PactSpecification.V2, PactSpecification.V3

_SINGLE = ("path", "method", "status")
_BODIES = ("body", "content", "contents")
_KEYED = (*_BODIES, "header", "query", "metadata")


def rules_json(rules: Mapping[str, Any] | str) -> str:
    """Matching rules as the core reads them.

    ``{"body": {"$.a": {"combine": "AND", "matchers": [...]}}, "path": {"matchers": [...]}}``; the matchers may be
    `pact_ffi.match` objects, rules as pact files spell them, one alone or a list. The spelling of specification V2
    (``{"$.body.a": {"match": "type"}}``) works too. Raises `InvalidInputError` for what the core would drop.
    """
    parsed = json.loads(_json(_parsed(rules, "matching rules"), "matching rules"))
    result: dict[str, Any] = {}
    for category, entry in parsed.items():
        if category.startswith("$."):
            result[category] = _rule(entry, category)
        else:
            single = category in _SINGLE and isinstance(entry, dict)
            result[category] = _each(category, entry.get("$", entry.get("", entry)) if single else entry, _rule_list)
    return json.dumps(result)


def generators_json(generators: Mapping[str, Any] | str) -> str:
    """Generators as the core reads them: ``{"body": {"$.a": {"type": "Uuid"}}, "path": {"type": "RandomInt"}}``."""
    parsed = _parsed(generators, "generators")
    result = {category: _each(category, entry, _generator) for category, entry in parsed.items()}
    if "status" in result:
        http.generated_status(result["status"])
    for header, generator in result.get("header", {}).items():
        http.generated_header(generator, header)
    return _json(result, "generators")


def judge_apart(rules: str, examples: Mapping[str, Any]) -> None:
    """Refuse examples that do not satisfy ``rules``, which were given apart from them.

    Args:
        rules: what `rules_json` returned.
        examples: the values of one request, response or message by category: ``path``, ``method`` and ``status`` are
            single values, ``header`` and ``query`` are lists of values by name, ``metadata`` is values by key, and
            ``body`` is the content type and what `http.body` returned.

    Raises `InvalidInputError`.
    """
    for category, entry in _by_category(json.loads(rules)).items():
        if category in _BODIES:
            if "body" in examples:
                kind, body = examples["body"]
                judge_body(kind, body, json.dumps({"body": entry}), "the body $")
            continue
        if category in _SINGLE:
            entry, values = {"": entry}, {"": [examples[category]] if category in examples else []}
        elif category == "metadata":
            values = {key: [value] for key, value in examples.get(category, {}).items()}
        else:
            values = examples.get(category, {})
        place = {"status": Place.STATUS, "metadata": Place.JSON}.get(category, Place.TEXT)
        for name, listed in entry.items():
            for value in _named(values, name, category):
                _judge_any(listed, value, f"{category} {name}: ".replace(" :", ":"), place)


def completed(rules: str, content_type: str) -> str:
    """Return ``rules`` with a second one beside each that stands alone and that the core reads too leniently.

    Args:
        rules: what `rules_json` returned.
        content_type: that of the body.
    """
    parsed = json.loads(rules)
    for category, entry in parsed.items():
        in_json = category == "metadata" or (category in _BODIES and "json" in content_type)
        place = Place.JSON if in_json else Place.TEXT
        for listed in [] if category.startswith("$.") else [entry] if category in _SINGLE else entry.values():
            rule = listed["matchers"][0]
            name = matcher_name(rule["match"])
            example = java_example(rule["format"]) if name in DATES else ""
            second = second_rule(name, rule, example, place) if len(listed["matchers"]) == 1 else None
            listed["matchers"] += [second] if second else []
    return json.dumps(parsed)


def _by_category(rules: dict[str, Any]) -> dict[str, Any]:
    """Rules with those in the spelling of specification V2 put under their categories."""
    result: dict[str, Any] = {}
    for key, entry in rules.items():
        if not key.startswith("$."):
            result[key] = entry
            continue
        found = re.match(r"\$\.(body|headers?|query|path|status)(?:\.([^.\[]+)|\['([^']+)'\])?(.*)", key)
        if found is None:
            continue
        category, listed = found[1].replace("headers", "header"), {"matchers": [entry]}
        if category == "body":
            result.setdefault("body", {})["$" + key[len("$.body") :]] = listed
        elif category in _SINGLE:
            result[category] = listed
        else:
            result.setdefault(category, {})[found[2] or found[3] or ""] = listed
    return result


def _named(values: Mapping[str, list[Any]], name: str, category: str) -> list[Any]:
    if category != "header":
        return values.get(name, [])
    return [value for header, listed in values.items() if header.lower() == name.lower() for value in listed]


def _judge_any(listed: Mapping[str, Any], example: Any, where: str, place: Place) -> None:
    """Let all matchers, or with OR one of them, judge ``example``."""
    problems = []
    for rule in listed["matchers"]:
        try:
            gate.judge_apart({**rule, "match": matcher_name(rule["match"])}, example, where, place)
        except InvalidInputError as error:
            problems.append(error)
    if problems and (listed.get("combine") != "OR" or len(problems) == len(listed["matchers"])):
        raise problems[0]


def _parsed(given: Mapping[str, Any] | str, what: str) -> dict[str, Any]:
    try:
        parsed = json.loads(given) if isinstance(given, str) else given
    except ValueError as error:
        raise InvalidInputError(f"the {what} are not valid JSON: {error}") from None
    if not isinstance(parsed, Mapping):
        raise InvalidInputError(f"the {what} must be a dict of categories, not {parsed!r:.100}")
    return dict(parsed)


def _json(value: Any, what: str) -> str:
    try:
        return json.dumps(value, cls=MatchingRuleJSONEncoder, allow_nan=False)
    except InvalidInputError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"the {what} are not valid JSON: {error}") from None


def _each(category: str, entry: Any, read: Callable[[Any, str], Any]) -> Any:
    """What ``read`` makes of a category's ``entry``, or of what stands in it under each path or name."""
    if category in _SINGLE:
        return read(entry, category)
    if category not in _KEYED:
        raise InvalidInputError(f"unknown category {category!r}; known are {', '.join((*_SINGLE, *_KEYED))}")
    if not isinstance(entry, Mapping):
        raise InvalidInputError(f"{category}: a dict of {'paths' if category == 'body' else 'names'} is needed")
    for key in entry:
        if category in ("body", "content", "contents") and not str(key).startswith("$"):
            raise InvalidInputError(f"{category}: the path expression {key!r} must start with '$'")
        if category not in _BODIES:
            check_name(str(key), category)
    return {key: read(each, f"{category} {key}") for key, each in entry.items()}


def _rule_list(entry: Any, where: str) -> dict[str, Any]:
    if isinstance(entry, Mapping) and "matchers" not in entry:
        entry = {"matchers": [entry]}
    elif isinstance(entry, list):
        entry = {"matchers": entry}
    if not isinstance(entry, Mapping) or not isinstance(entry["matchers"], list) or not entry["matchers"]:
        raise InvalidInputError(f"{where}: a list of 'matchers' with at least one is needed, not {entry!r}")
    if entry.get("combine", "AND") not in ("AND", "OR"):
        raise InvalidInputError(f"{where}: 'combine' is AND or OR, not {entry['combine']!r}")
    return {"combine": "AND", **entry, "matchers": [_rule(rule, where) for rule in entry["matchers"]]}


def _rule(rule: Any, where: str) -> dict[str, Any]:
    """Check a rule and spell it as pact files do."""
    check_rule(rule, f"{where}: ")
    return {"match" if key == MATCHER else key: item for key, item in rule.items()}


def _generator(entry: Any, where: str) -> dict[str, Any]:
    generator = entry.to_generator_json() if isinstance(entry, AbstractGenerator) else entry
    check_generator(generator, f"{where}: ")
    return dict(generator)
