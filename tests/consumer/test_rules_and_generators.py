"""``with_matching_rules`` and ``with_generators``: rules beside the example, as pact files spell them."""

from __future__ import annotations

import contextlib
import http.client
import json

import pytest

from pact import Pact, generate, match


def posting(pact: Pact):
    return pact.upon_receiving("something").with_request("POST", "/a1").with_body({"id": 1, "list": [{"x": "a"}]})


def test_rules_of_every_category(pact: Pact, only) -> None:
    interaction = posting(pact).with_header("X-A", "1").with_query_parameter("q", "1")
    interaction.with_matching_rules(
        {
            "path": {"matchers": [{"match": "regex", "regex": r"/a\d"}]},
            "header": {"X-A": {"matchers": [{"match": "regex", "regex": r"\d"}]}},
            "query": {"q": {"matchers": [{"match": "regex", "regex": r"\d"}]}},
            "body": {"$.id": {"combine": "AND", "matchers": [{"match": "integer"}]}},
        }
    )
    rules = only(pact)["request"]["matchingRules"]
    assert rules["path"]["matchers"] == [{"match": "regex", "regex": r"/a\d"}]
    assert rules["header"]["X-A"]["matchers"] == [{"match": "regex", "regex": r"\d"}]
    assert rules["query"]["q"]["matchers"] == [{"match": "regex", "regex": r"\d"}]
    assert rules["body"]["$.id"] == {"combine": "AND", "matchers": [{"match": "integer"}]}


@pytest.mark.parametrize(
    "rules",
    [
        {"body": {"$.id": match.int(1)}},
        {"body": {"$.id": [match.int(1)]}},
        {"body": {"$.id": {"matchers": [match.int(1)]}}},
        {"body": {"$.id": {"match": "integer"}}},
        json.dumps({"body": {"$.id": {"matchers": [{"match": "integer"}]}}}),
    ],
    ids=["matcher", "list", "matchers", "rule", "text"],
)
def test_ways_to_say_the_same_rule(pact: Pact, only, send, rules: object) -> None:
    posting(pact).with_matching_rules(rules)  # type: ignore[arg-type]
    assert only(pact)["request"]["matchingRules"]["body"]["$.id"]["matchers"] == [{"match": "integer"}]
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/a1", body={"id": 99, "list": [{"x": "a"}]}).status == 200
        assert send(server, "POST", "/a1", body={"id": "x", "list": [{"x": "a"}]}).status == 500


def test_wildcards(pact: Pact, send) -> None:
    posting(pact).with_matching_rules({"body": {"$.list": match.like([1], min=1), "$.list[*].x": match.like("x")}})
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/a1", body={"id": 1, "list": [{"x": "b"}, {"x": "c"}]}).status == 200
        assert send(server, "POST", "/a1", body={"id": 1, "list": [{"x": "b"}, {"x": 5}]}).status == 500


def test_or(pact: Pact, send) -> None:
    both = {"combine": "OR", "matchers": [{"match": "regex", "regex": "a+"}, {"match": "regex", "regex": "b+"}]}
    posting(pact).with_matching_rules({"body": {"$.list[0].x": both}})
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/a1", body={"id": 1, "list": [{"x": "aaa"}]}).status == 200
        assert send(server, "POST", "/a1", body={"id": 1, "list": [{"x": "bbb"}]}).status == 200
        assert send(server, "POST", "/a1", body={"id": 1, "list": [{"x": "ab"}]}).status == 500


def test_rules_of_the_response(pact: Pact, only) -> None:
    interaction = posting(pact).will_respond_with(200).with_body({"a": "x"})
    interaction.with_matching_rules({"body": {"$.a": match.like("x")}})
    interaction.with_matching_rules({"status": {"matchers": [{"match": "statusCode", "status": "success"}]}})
    rules = only(pact)["response"]["matchingRules"]
    assert rules["body"]["$.a"]["matchers"] == [{"match": "type"}]
    (status,) = rules["status"].values()
    assert status["matchers"] == [{"match": "statusCode", "status": "success"}]


def test_the_part_may_be_named(pact: Pact, only) -> None:
    interaction = posting(pact).will_respond_with(200)
    interaction.with_matching_rules({"body": {"$.id": match.int(1)}}, "Request")
    assert "body" in only(pact)["request"]["matchingRules"]


@pytest.mark.parametrize(
    ("status", "example"),
    [
        ("info", 101),
        ("success", 200),
        ("redirect", 302),
        ("clientError", 404),
        ("serverError", 500),
        ("nonError", 200),
        ("error", 500),
        ([200, 201], 201),
    ],
)
def test_a_status_matcher(pact: Pact, only, status: object, example: int) -> None:
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(
        {"pact:matcher:type": "statusCode", "status": status, "value": example}  # type: ignore[arg-type]
    )
    response = only(pact)["response"]
    assert response["status"] == example
    assert response["matchingRules"]["status"]["$"]["matchers"] == [{"match": "statusCode", "status": status}]


@pytest.mark.parametrize(
    "rules",
    [
        "not json",
        "[]",
        5,
        {"nothing": {}},
        {"body": []},
        {"body": {"id": {"matchers": [{"match": "type"}]}}},
        {"body": {"$.id": {"matchers": []}}},
        {"body": {"$.id": {"matchers": [{"match": "unknown"}]}}},
        {"body": {"$.id": {"matchers": [{"match": 5}]}}},
        {"body": {"$.id": {"matchers": [{}]}}},
        {"body": {"$.id": {"matchers": "type"}}},
        {"body": {"$.id": {"matchers": [{"match": "regex"}]}}},
        {"body": {"$.id": {"matchers": [{"match": "regex", "regex": "("}]}}},
        {"body": {"$.id": {"matchers": [{"match": "type", "min": -1}]}}},
        {"body": {"$.id": {"matchers": [{"match": "type", "min": 3, "max": 2}]}}},
        {"body": {"$.id": {"matchers": [{"match": "date", "format": "%Y"}]}}},
        {"body": {"$.id": {"matchers": [{"match": "include"}]}}},
        {"body": {"$.id": {"matchers": [{"match": "arrayContains"}]}}},
        {"body": {"$.id": {"matchers": [{"match": "eachValue", "rules": []}]}}},
        {"body": {"$.id": {"combine": "XOR", "matchers": [{"match": "type"}]}}},
        {"status": {"matchers": [{"match": "statusCode", "status": "fine"}]}},
        {"body": {"$[": {"matchers": [{"match": "type"}]}}},
        {"body": {"$.id": generate.int()}},
    ],
    ids=str,
)
def test_rules_that_the_core_would_drop_are_refused(pact: Pact, only, rules: object) -> None:
    with pytest.raises((ValueError, RuntimeError)):
        posting(pact).with_matching_rules(rules)  # type: ignore[arg-type]
        only(pact)


def test_generators(pact: Pact, send, only) -> None:
    interaction = pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200)
    interaction.with_header("X-Id", "1").with_body({"id": "x", "n": 1})
    interaction.with_generators({"body": {"$.id": {"type": "Uuid"}, "$.n": generate.int(min=5, max=6)}})
    interaction.with_generators(json.dumps({"header": {"X-Id": {"type": "RandomInt", "min": 7, "max": 8}}}))
    with pact.serve() as server:
        answer = send(server)
    assert len(answer.json()["id"]) == 36
    assert answer.json()["n"] in (5, 6)
    assert answer.header("X-Id") in ("7", "8")
    assert only(pact)["response"]["generators"]["body"]["$.n"] == {"type": "RandomInt", "min": 5, "max": 6}


@pytest.mark.parametrize(
    "generators",
    [
        "not json",
        {"nothing": {}},
        {"body": {"id": {"type": "Uuid"}}},
        {"body": {"$.id": {"type": "Unknown"}}},
        {"body": {"$.id": {}}},
        {"body": {"$.id": "Uuid"}},
        {"body": {"$.id": {"type": "RandomInt", "min": 5, "max": 4}}},
        {"body": {"$.id": {"type": "Regex", "regex": "("}}},
        {"body": {"$.id": {"type": "Uuid", "format": "other"}}},
        {"body": {"$.id": {"type": "Date", "format": "%Y"}}},
        {"body": {"$.id": {"type": "ProviderState"}}},
        {"body": {"$.id": match.int(1)}},
    ],
    ids=str,
)
def test_generators_that_the_core_would_ignore_are_refused(pact: Pact, generators: object) -> None:
    with pytest.raises(ValueError):
        posting(pact).with_generators(generators)  # type: ignore[arg-type]


def test_a_regex_that_backtracks_without_end_is_never_green(pact: Pact, send) -> None:
    with pytest.raises((ValueError, AssertionError)):
        pact.upon_receiving("a").with_request("POST", "/").with_body({"a": match.regex("aaaa", regex="(a+)+$")})
        with pact.serve() as server:
            send(server, "POST", "/", body={"a": "aaaa"})
            with contextlib.suppress(http.client.RemoteDisconnected):
                send(server, "POST", "/", body={"a": "a" * 40 + "!"})
