"""Python values as JSON, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pact_ffi import generate, match
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import contents, http
from pact_ffi.values.encoding import IntegrationJSONEncoder, dumps, plain, to_integration_json
from pact_ffi.values.versions import needed_by


class Colour(str, Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Point(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Order:
    id: UUID
    items: list[Any]


class Model:
    def model_dump(self) -> dict[str, Any]:
        return {"a": dt.date(2024, 1, 2)}


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.time(1, 2, 3, 4), "01:02:03.000004"),
        (dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc), "2024-01-02T00:00:00+00:00"),
        (Decimal("1.10"), 1.1),
        (Decimal("5"), 5),
        (Colour.RED, "red"),
        ({Colour.RED: Level.HIGH}, {"red": 3}),
        (Point(1, 2), [1, 2]),
        (Order(UUID(int=1), [match.int(1)]), {"id": str(UUID(int=1)), "items": [1]}),
        (Model(), {"a": "2024-01-02"}),
        ({"text": "a\0b", "big": 2**64 - 1, "small": -(2**63)}, {"text": "a\0b", "big": 2**64 - 1, "small": -(2**63)}),
    ],
)
def test_python_values_have_a_json_form(value: Any, encoded: Any) -> None:
    assert plain(value) == encoded


LOOP: list[Any] = []
LOOP.append({"a": LOOP})
DEEP: Any = 1
for _ in range(116):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [{"b": b"x"}]}, r"\$\.a\[0\]\.b: JSON has no bytes.*with_binary_body"),
        ({"a": {1, 2}}, r"\$\.a: JSON has no set.*order"),
        ({"a": {1: 2}}, r"\$\.a: the key 1 is int"),
        ({None: 2}, "the key None"),
        ({"a": object}, r"\$\.a: JSON has no type"),
        (float("nan"), "nan"),
        (Decimal("Infinity"), "Infinity"),
        (Decimal("0.1000000000000000055511151231257827"), "round"),
        (2**64, "64 bits"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        (LOOP, "contains itself"),
        (DEEP, "nested deeper"),
        ({"pact:foo": 1}, "'pact:foo'"),
        ({"*": match.int(1)}, r"below the key '\*'"),
        ({"a'b": [match.int(1)]}, "can address a matcher below the key"),
        ({"": match.int(1)}, "can address a matcher below the key"),
        (generate.provider_state("${id}"), "needs an example"),
        ({"a": {"pact:matcher:type": "bogus", "value": 1}}, r"\$\.a: unknown matcher 'bogus'"),
        ({"pact:matcher:type": "regex", "regex": "a", "value": "b"}, "does not satisfy"),
        ({"pact:matcher:type": "regex", "regex": "(", "value": "b"}, "not valid"),
        ({"pact:matcher:type": "regex", "regex": "(", "value": []}, "not valid"),
        ({"pact:matcher:type": "eachKey", "rules": [{"match": "bogus"}], "value": {}}, "unknown matcher 'bogus'"),
        ({"pact:matcher:type": "type"}, "needs an example"),
        ({"pact:matcher:type": "type", "value": [], "min": -1}, "min must be"),
        ({"pact:generator:type": "Bogus", "value": 1}, "unknown generator 'Bogus'"),
        ({"pact:matcher:type": [5], "value": 1}, "unknown matcher 5"),
    ],
    ids=lambda item: repr(item)[:40],
)
def test_what_json_or_the_core_cannot_hold_is_refused_with_its_path(value: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        dumps(value)


@pytest.mark.parametrize(
    ("value", "version"),
    [
        ({"a": 1}, "V1"),
        (match.each_like(match.regex("a", regex="a")), "V2"),
        ([match.int(1)], "V3"),
        (match.like(1, generator=generate.int()), "V3"),
        ({"a": match.semver("1.0.0")}, "V4"),
        (match.array_containing([1]), "V4"),
    ],
    ids=lambda item: repr(item)[:30],
)
def test_the_lowest_version_is_known(value: Any, version: str) -> None:
    assert needed_by(to_integration_json(value))[0] is PactSpecification.parse(version)


def test_the_version_that_is_needed_comes_with_what_needs_it() -> None:
    assert needed_by(to_integration_json({"a": [match.semver("1.0.0")], "b": match.like(1)})) == (
        PactSpecification.V4,
        "the matcher semver",
    )


@pytest.mark.parametrize(
    "value", [{"a": 1}, None, match.like({"a": 1}), ["a", match.int(1)], match.array_containing([1])]
)
def test_what_has_no_text_form_is_refused_for_headers(value: Any) -> None:
    with pytest.raises(InvalidInputError, match="query parameter 'q'"):
        http.query_parameter(value, "q")


def test_the_json_encoder_of_the_standard_library_takes_matchers() -> None:
    assert json.loads(json.dumps({"a": match.like(1)}, cls=IntegrationJSONEncoder)) == {
        "a": {"pact:matcher:type": "type", "value": 1}
    }


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda key: not key.startswith("pact:"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_json_value_comes_back_unchanged_from_a_pact_file(value: Any) -> None:
    assert json.loads(dumps(value)) == value == plain(value)


# the core reads floats of seventeen digits with an error in the last place
SHORT = st.recursive(st.booleans() | TEXTS | st.integers(-(10**9), 10**9).map(lambda n: n / 8), st.lists, max_leaves=8)


def _matched(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return inner | inner.map(match.like) | inner.map(match.each_like)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, _matched(SHORT), max_size=4))
def test_the_core_keeps_the_example_of_any_matched_value(written: Callable[..., Any], value: Any) -> None:

    def same(left: Any, right: Any) -> bool:
        return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)

    try:
        encoded = dumps(value)
    except InvalidInputError:
        return  # a key that no path can address
    assert json.loads(encoded) is not None
    assert same(written(value)["body"]["content"], plain(value))


@pytest.mark.parametrize(
    ("matcher", "encoded"),
    [
        (match.bool(True), {"pact:matcher:type": "boolean", "value": True}),
        (match.regex("ab", regex="[a-z]+"), {"pact:matcher:type": "regex", "regex": "[a-z]+", "value": "ab"}),
        (match.includes("a"), {"pact:matcher:type": "include", "value": "a"}),
        (
            match.date("2024-01-01", "%Y-%m-%d"),
            {"pact:matcher:type": "date", "format": "yyyy-MM-dd", "value": "2024-01-01"},
        ),
        (
            match.like({"a": match.regex("ab", regex="[a-z]+")}),
            {
                "pact:matcher:type": "type",
                "value": {"a": {"pact:matcher:type": "regex", "regex": "[a-z]+", "value": "ab"}},
            },
        ),
    ],
)
def test_the_encoder_for_json_writes_the_rule_of_the_matcher_alone(matcher: object, encoded: dict[str, Any]) -> None:
    text = json.dumps(matcher, cls=IntegrationJSONEncoder)
    assert json.loads(text) == encoded
    # and as the text of a body it is the same contract
    as_value, as_text = contents.body([matcher], None), contents.body(f"[{text}]", None)
    assert json.loads(as_value[0]) == json.loads(as_text[0])


def test_the_encoder_for_json_refuses_what_a_contract_cannot_hold() -> None:
    for wrong in (match.like({"a": b"x"}), match.like(2**70), match.like([float("nan")])):
        with pytest.raises(InvalidInputError):
            json.dumps({"a": wrong}, cls=IntegrationJSONEncoder)
