"""The specification version that a value, its rules, or the name that a rule stands under needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.rules import GENERATOR, GENERATORS, MATCHER, MATCHERS, matcher_name

V1, V2, V3 = PactSpecification.V1, PactSpecification.V2, PactSpecification.V3
# As a step of a path these are a wildcard, another number, or what the core writes but cannot read back.
_NO_STEP = re.compile(r"\*||.*['\\].*|0\d+", re.DOTALL)
# Version 2 writes the names of headers and query parameters as steps of a path, without escapes for most characters.
_NAME_IN_V2 = re.compile(r"[^\W_][\w:@#-]*")


def can_be_step(key: str) -> bool:
    """Return whether a rule can stand below ``key`` in a body, in a version that is recent enough."""
    return not _NO_STEP.fullmatch(key)


def check_name(name: str, what: str) -> None:
    """Refuse the ``name`` of a header, a query parameter or metadata under which no version can write a rule."""
    if re.fullmatch(r"0\d+", name):
        raise InvalidInputError(f"{what}: a matcher under the name {name!r} is lost, the core reads it as a number")


def needed_by(encoded: Any) -> tuple[PactSpecification, str]:
    """Return the lowest version that can express integration JSON, and what in it needs that."""
    return max(needs_of(encoded), default=(V1, "nothing"))


def needs_of(encoded: Any) -> Iterator[tuple[PactSpecification, str]]:
    """Yield each matcher and generator in integration JSON, with the lowest version that knows it."""
    if isinstance(encoded, list):
        for item in encoded:
            yield from needs_of(item)
    if not isinstance(encoded, dict):
        return
    kinds = encoded.get(MATCHER, [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        name = matcher_name(kind[MATCHER] if isinstance(kind, dict) else kind)
        yield MATCHERS[name], f"the matcher {name}"
    if GENERATOR in encoded:
        yield GENERATORS[encoded[GENERATOR]], f"the generator {encoded[GENERATOR]}"
    for key, item in encoded.items():
        inner = list(needs_of(item))
        yield from inner
        if inner and "$" in key:  # version 2 puts the path of the body in its place
            yield V3, f"a matcher below the key {key!r}"


def needed_by_name(name: str, what: str) -> tuple[PactSpecification, str]:
    """Return the lowest version that can write a rule for the header or query parameter ``name``."""
    return (V2 if _NAME_IN_V2.fullmatch(name) else V3), f"a matcher of the {what} {name!r}"


def needed_by_rules(text: str) -> tuple[PactSpecification, str]:
    """Return the lowest version that can express rules or generators in the form of pact files, and what needs that."""
    needs = [(V2, "matching rules")]

    def note(item: dict[str, Any]) -> dict[str, Any]:
        if isinstance(item.get("match"), str):
            needs.append((MATCHERS[matcher_name(item["match"])], f"the matcher {item['match']}"))
        elif isinstance(item.get("type"), str):
            needs.append((GENERATORS[item["type"]], f"the generator {item['type']}"))
        return item

    rules = json.loads(text, object_hook=note)
    if "status" in rules:
        needs.append((V3, "a rule or generator of the status"))
    for category in ("header", "query"):
        needs += [needed_by_name(name, category) for name in rules.get(category, {})]
    needs += [(V3, f"a rule with the path {path!r}") for path in rules.get("body", {}) if "$" in path[1:]]
    return max(needs)
