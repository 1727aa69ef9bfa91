"""What each matcher and generator becomes in a pact file that the core wrote."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from pact_ffi import generate, match
from pact_ffi.classic.matchers import EachLike, Like, Term
from pact_ffi.values.rules_apart import generators_json, rules_json

Written = Callable[..., dict[str, Any]]
UUID = "936da01f-9abd-4d9d-80c7-02af85c822a8"
REGEX = {"match": "regex", "regex": r"a\d"}
HEX = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
DATETIME = "yyyy-MM-dd'T'HH:mm:ss"

# value, example, rule, generator
SCALARS: list[tuple[Any, Any, dict[str, Any], dict[str, Any] | None]] = [
    (match.int(5), 5, {"match": "integer"}, None),
    (match.int(min=3, max=7), 3, {"match": "integer"}, {"type": "RandomInt", "min": 3, "max": 7}),
    (match.integer(), 0, {"match": "integer"}, {"type": "RandomInt", "min": 0, "max": 10}),
    (match.decimal(2.5), 2.5, {"match": "decimal"}, None),
    (match.float(precision=3), 1.5, {"match": "decimal"}, {"type": "RandomDecimal", "digits": 3}),
    (match.number(7), 7, {"match": "number"}, None),
    (match.number(precision=3), 1.5, {"match": "number"}, {"type": "RandomDecimal", "digits": 3}),
    (match.str("x"), "x", {"match": "type"}, None),
    (match.string(size=3), "str", {"match": "type"}, {"type": "RandomString", "size": 3}),
    (match.str("x", generator=generate.uuid()), "x", {"match": "type"}, {"type": "Uuid"}),
    (match.bool(False), False, {"match": "boolean"}, None),
    (match.boolean(), True, {"match": "boolean"}, {"type": "RandomBoolean"}),
    (match.regex("a1", regex=r"a\d"), "a1", REGEX, None),
    (match.regex(regex=r"a\d"), "a0", REGEX, {"type": "Regex", "regex": r"a\d"}),
    (match.regex("A1", regex=re.compile("a.", re.I)), "A1", {"match": "regex", "regex": "(?i)a."}, None),
    (match.uuid(format="lower-case"), UUID, {"match": "regex", "regex": HEX},
     {"type": "Uuid", "format": "lower-case-hyphenated"}),
    (match.uuid(UUID.upper(), format="upper-case"), UUID.upper(),
     {"match": "regex", "regex": HEX.replace("a-f", "A-F")}, None),
    (match.date("2024-02-29"), "2024-02-29", {"match": "date", "format": "yyyy-MM-dd"}, None),
    (match.date(), "2000-01-31", {"match": "date", "format": "yyyy-MM-dd"}, {"type": "Date", "format": "yyyy-MM-dd"}),
    (match.time(dt.time(1, 2, 3)), "01:02:03", {"match": "time", "format": "HH:mm:ss"}, None),
    (match.datetime(dt.datetime(2024, 1, 2, 3, 4, 5, 6)), "2024-01-02T03:04:05",
     {"match": "datetime", "format": DATETIME}, None),
    (match.timestamp("2024-01-02T03:04:05Z"), "2024-01-02T03:04:05Z",
     {"match": "datetime", "format": DATETIME + "XXX"}, None),
    (match.like("x"), "x", {"match": "type"}, None),
    (match.like(3, generator=generate.int(min=1, max=5)), 3, {"match": "type"},
     {"type": "RandomInt", "min": 1, "max": 5}),
    (match.like("7", generator=generate.provider_state("${id}")), "7", {"match": "type"},
     {"type": "ProviderState", "expression": "${id}"}),
    (match.includes("b"), "b", {"match": "include", "value": "b"}, None),
    (match.not_empty("b"), "b", {"match": "notEmpty"}, None),
    (match.semver("1.2.3"), "1.2.3", {"match": "semver"}, None),
    (generate.int(min=1, max=2), 1, {"match": "integer"}, {"type": "RandomInt", "min": 1, "max": 2}),
    (generate.decimal(4), 1.5, {"match": "decimal"}, {"type": "RandomDecimal", "digits": 4}),
    (generate.hex(4), "0123", {"match": "type"}, {"type": "RandomHexadecimal", "digits": 4}),
    (generate.str(4), "stri", {"match": "type"}, {"type": "RandomString", "size": 4}),
    (generate.regex("a{2}"), "aa", {"match": "type"}, {"type": "Regex", "regex": "a{2}"}),
    (generate.uuid("urn"), f"urn:uuid:{UUID}", {"match": "type"}, {"type": "Uuid", "format": "URN"}),
    (generate.date("%d.%m.%Y"), "31.01.2000", {"match": "type"}, {"type": "Date", "format": "dd.MM.yyyy"}),
    (generate.time(), "12:34:56", {"match": "type"}, {"type": "Time", "format": "HH:mm:ss"}),
    (generate.datetime(), "2000-01-31T12:34:56+0000", {"match": "type"},
     {"type": "DateTime", "format": DATETIME + "Z"}),
    (generate.bool(), True, {"match": "boolean"}, {"type": "RandomBoolean"}),
    (generate.mock_server_url(".*(/x)$", "http://h/x"), "http://h/x", {"match": "type"},
     {"type": "MockServerURL", "regex": ".*(/x)$", "example": "http://h/x"}),
    (Term(r"\d", "a1b"), "a1b", {"match": "regex", "regex": r"[\s\S]*?(?:\d)[\s\S]*"}, None),
    (Like(4), 4, {"match": "type"}, None),
]  # fmt: skip


SECONDS = {  # beside the rules that the core reads too leniently, see tests/consumer/test_second_rules.py
    "yyyy-MM-dd": r"\d{4}-\d{2}-\d{2}",
    "HH:mm:ss": r"\d{2}:\d{2}:\d{2}",
    DATETIME: r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    DATETIME + "XXX": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.+",
}


def _beside(rule: dict[str, Any], place: str) -> list[dict[str, Any]]:
    if rule.get("format") in SECONDS:
        return [{"match": "regex", "regex": SECONDS[rule["format"]]}]
    lenient = rule["match"] == "boolean" or "[\\s\\S]" in rule.get("regex", "")
    return [{"match": "type"}] if lenient and place in ("body", "metadata") else []


def _text(example: Any) -> str:
    return example if isinstance(example, str) else str(example).lower()


@pytest.mark.parametrize(("value", "example", "rule", "generator"), SCALARS, ids=lambda item: repr(item)[:60])
def test_every_matcher_and_generator_reaches_every_place_of_a_pact_file(
    written: Written, value: Any, example: Any, rule: dict[str, Any], generator: dict[str, Any] | None
) -> None:
    places: tuple[tuple[str, str | None, Callable[[Any], Any]], ...] = (
        ("body", "$.a", lambda request: request["body"]["content"]["a"]),
        ("path", None, lambda request: request["path"]),
        ("header", "X-A", lambda request: request["headers"]["X-A"][0]),
        ("query", "q", lambda request: request["query"]["q"][0]),
        ("metadata", "k", lambda message: message["metadata"]["k"]),
    )
    for place, key, read in places:
        rules = {"combine": "AND", "matchers": [rule, *_beside(rule, place)]}
        found = written({"a": value} if place == "body" else value, place)
        assert read(found) == (example if place in ("body", "metadata") else _text(example)), place
        assert found["matchingRules"][place] == ({key: rules} if key else rules), place
        made = None if generator is None else {place: {key: generator} if key else generator}
        assert found.get("generators") == made, place


@pytest.mark.parametrize(
    ("value", "content", "rules"),
    [
        (match.each_like({"a": match.int(1)}, min=2), [{"a": 1}, {"a": 1}],
         {"$": [{"match": "type", "min": 2}], "$[*].a": [{"match": "integer"}] * 2}),
        (match.like([1, 2], max=3), [1, 2], {"$": [{"match": "type", "max": 3}]}),
        (match.array_containing([{"a": match.int(1)}, "x"]), [{"a": 1}, "x"],
         {"$": [{"match": "arrayContains", "variants": [
            {"index": 0, "rules": {"$.a": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
            {"index": 1, "rules": {}}]}]}),
        (match.each_key_matches({"a1": 1}, rules=match.regex("a1", regex=r"a\d")), {"a1": 1},
         {"$": [{"match": "eachKey", "rules": [REGEX], "value": '{"a1":1}'}]}),
        (match.each_value_matches({"a": 1}, rules=[match.int(1)]), {"a": 1},
         {"$": [{"match": "eachValue", "rules": [{"match": "integer"}], "value": '{"a":1}'}]}),
        ({"a": match.null()}, {"a": None}, {"$.a": [{"match": "null"}]}),
        ({"a b": {"c.d": match.none()}}, {"a b": {"c.d": None}}, {"$['a b']['c.d']": [{"match": "null"}]}),
        (EachLike(Like("x"), minimum=2), ["x", "x"],
         {"$": [{"match": "type", "min": 2}], "$[*]": [{"match": "type"}] * 2}),
        ([{"a": match.like(EachLike(1))}], [{"a": [1]}], {"$[0].a": [{"match": "type", "min": 1}, {"match": "type"}]}),
        ({"pact:matcher:type": "integer", "value": 3}, 3, {"$": [{"match": "integer"}]}),
    ],
    ids=lambda item: repr(item)[:50],
)  # fmt: skip
def test_structures_of_a_body_keep_their_rules(
    written: Written, value: Any, content: Any, rules: dict[str, Any]
) -> None:
    request = written(value)
    assert request["body"]["content"] == content
    assert {path: entry["matchers"] for path, entry in request["matchingRules"]["body"].items()} == rules


def test_headers_and_queries_take_lists_under_one_matcher(written: Written) -> None:
    value = match.regex("a1", regex=r"a\d")
    assert written(match.like(["a", value]), "query")["query"] == {"q": ["a", "a1"]}
    assert written(["a", "b"], "header")["headers"] == {"X-A": ["a", "b"]}


def test_header_text_that_looks_like_json_is_kept(written: Written) -> None:
    assert written('{"a":1}', "header")["headers"] == {"X-A": ['{"a":1}']}


def test_rules_apart_from_values(written: Written) -> None:
    rules = {
        "body": {
            "$.a": match.int(1),
            "$.b": {"combine": "OR", "matchers": [match.regex("x", regex="x"), match.null()]},
        },
        "path": match.regex("/1", regex=r"/\d"),
        "header": {"X-A": [{"match": "include", "value": "x"}]},
        "status": {"$": {"matchers": [{"match": "statusCode", "status": "success"}]}},
    }
    stored = written(rules_json(rules), "with_matching_rules")["matchingRules"]
    assert stored["body"]["$.a"] == {"combine": "AND", "matchers": [{"match": "integer"}]}
    assert stored["body"]["$.b"]["combine"] == "OR"
    assert stored["path"]["matchers"] == [{"match": "regex", "regex": r"/\d"}]
    assert stored["header"]["X-A"]["matchers"] == [{"match": "include", "value": "x"}]
    assert stored["status"]


def test_generators_apart_from_values(written: Written) -> None:
    given = {"body": {"$.a": generate.int(min=1, max=2)}, "path": {"type": "Uuid"}, "header": {"X-A": generate.str(3)}}
    assert written(generators_json(given), "with_generators")["generators"] == {
        "body": {"$.a": {"type": "RandomInt", "min": 1, "max": 2}},
        "path": {"type": "Uuid"},
        "header": {"X-A": {"type": "RandomString", "size": 3}},
    }
