"""A matcher: an example value, the rule that real values must satisfy, and perhaps a generator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.values import encoding, gate
from pact_ffi.values.abstract import UNSET, AbstractGenerator, AbstractMatcher, T_co, Unset
from pact_ffi.values.rules import MATCHER, WITH_FIELDS, check_rule, matcher_name

__all__ = ["UNSET", "AbstractGenerator", "AbstractMatcher", "Matcher", "MatchingRuleJSONEncoder", "Unset"]


_OF_ANY_TEXT = ("regex", "semver", "include", "date", "time", "datetime", "timestamp")  # the same in every place


class Matcher(AbstractMatcher[T_co]):
    """A matcher of the Pact specification, by its name there.

    Args:
        name: the name in the specification, such as ``"regex"`` or ``"eachKey"``.
        value: the example.
        generator: makes the value that is really sent; the example stays in the pact file.
        attributes: the rule's other fields; those that are None are left out.

    Raises `InvalidInputError` when the rule is incomplete or the example does not satisfy it.
    """

    def __init__(
        self, name: str, value: object = UNSET, *, generator: AbstractGenerator | None = None, **attributes: Any
    ) -> None:
        if generator is not None and not isinstance(generator, AbstractGenerator):
            raise InvalidInputError(f"a generator is made by pact.generate, {generator!r} was not")
        self.name = matcher_name(name)
        self.value = None if self.name == "null" and value is UNSET else value
        self.generator = generator
        self.attributes = {key: item for key, item in attributes.items() if item is not None} if attributes else {}
        self.settled = not attributes and gate.judged_by_type(self.name, value) and self._stands_alone()
        if not self.settled:
            self._check(value)

    def _check(self, value: object) -> None:
        if type(value) is str and self._is_simple():
            _check_text(self.name, value, **self.attributes)
            self.settled = self.generator is None
            return
        rule = self.to_matching_rule()
        if self.attributes or self.name in WITH_FIELDS:
            check_rule(rule)
        if self.value is None or isinstance(value, (str, int, float)):
            gate.judge(rule, self.value, place=gate.Place.UNKNOWN)
            self.settled = type(value) is str and self.name in _OF_ANY_TEXT and self._stands_alone()
        elif self.name != "type" and isinstance(value, (Mapping, list, tuple)):
            encoding.to_integration_json(self)

    def _is_simple(self) -> bool:
        """Whether it is text under a rule whose fields are texts, and nothing of a subclass."""
        texts = all(type(item) is str for item in self.attributes.values())
        return texts and self.name in _OF_ANY_TEXT and type(self) is Matcher

    def _stands_alone(self) -> bool:
        """Whether a rule and an example are all there is to encode."""
        return self.generator is None and self.__class__.to_integration_json is Matcher.to_integration_json

    def to_integration_json(self) -> dict[str, Any]:
        """One level of the core's integration JSON, the example not yet encoded."""
        rule = {MATCHER: self.name, **self.attributes}
        if self.generator is None:
            return rule if self.value is UNSET else {**rule, "value": self.value}
        generator = self.generator.to_integration_json()
        clash = any(rule.get(key, item) != item for key, item in generator.items())
        if clash or (self.name == "type" and generator.keys() & {"min", "max"}):
            # the core reads both from one object; the list form keeps the rule's fields apart from the generator's
            rule = {MATCHER: [rule]}
        example = getattr(self.generator, "example", UNSET) if self.value is UNSET else self.value
        if example is not UNSET:
            rule["value"] = example
        return {**rule, **generator}

    def to_matching_rule(self) -> dict[str, Any]:
        """The rule alone, as pact files spell it."""
        return _rule(self.name, self.value, self.attributes)

    def __repr__(self) -> str:
        fields = "".join(f", {key}={item!r}" for key, item in self.attributes.items())
        return f"Matcher({self.name!r}, {self.value!r}{fields})"


def _rule(name: str, value: object, attributes: Mapping[str, Any]) -> dict[str, Any]:
    rule = {"match": name, **attributes}
    if name in ("include", "contentType"):
        rule["value"] = value
    return rule


@lru_cache(maxsize=4096)
def _check_text(name: str, example: str, /, **attributes: str) -> None:
    """Refuse text that does not satisfy a rule whose fields are texts; each test makes the same matchers anew."""
    rule = _rule(name, example, attributes)
    check_rule(rule)
    gate.judge(rule, example, place=gate.Place.UNKNOWN)


class MatchingRuleJSONEncoder(json.JSONEncoder):
    """For ``json.dumps(rules, cls=...)``: matchers become matching rules."""

    def default(self, o: Any) -> Any:
        """Encode a matcher as its rule."""
        if isinstance(o, AbstractMatcher):
            return o.to_matching_rule()
        raise InvalidInputError(f"a matching rule holds matchers and JSON values, not {type(o).__name__} {o!r}")
