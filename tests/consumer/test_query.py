"""Query parameters: by name, mapping, pairs or query string; repeated, empty, encoded, matched."""

from __future__ import annotations

import pytest

from pact import Pact, match


def asking(pact: Pact):
    return pact.upon_receiving("a search").with_request("GET", "/search").will_respond_with(200)


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": "1", "b": ["2", "3"]},
        [("a", "1"), ("b", "2"), ("b", "3")],
        (("b", ["2", "3"]), ("a", "1")),
        "a=1&b=2&b=3",
    ],
    ids=["mapping", "pairs", "tuples", "text"],
)
def test_ways_to_say_the_same(pact: Pact, send, only, parameters) -> None:
    asking(pact).with_query_parameters(parameters)
    with pact.serve() as server:
        assert send(server, "GET", "/search?a=1&b=2&b=3").status == 200
    assert only(pact)["request"]["query"] == {"a": ["1"], "b": ["2", "3"]}


def test_one_by_one_names_may_repeat(pact: Pact, only) -> None:
    asking(pact).with_query_parameter("b", "2").with_query_parameter("a", "1").with_query_parameter("b", "3")
    assert only(pact)["request"]["query"] == {"a": ["1"], "b": ["2", "3"]}


def test_the_query_string_of_a_path_becomes_parameters(pact: Pact, only) -> None:
    pact.upon_receiving("a").with_request("GET", "/search?a=1&b=two%20words&c=")
    request = only(pact)["request"]
    assert request["path"] == "/search"
    assert request["query"] == {"a": ["1"], "b": ["two words"], "c": [""]}


def test_the_order_of_different_parameters_does_not_matter(pact: Pact, send) -> None:
    asking(pact).with_query_parameters({"a": "1", "b": "2"})
    with pact.serve() as server:
        assert send(server, "GET", "/search?b=2&a=1").status == 200


@pytest.mark.parametrize(
    "target",
    ["/search", "/search?a=2", "/search?a=1&b=2", "/search?a=1&a=1", "/search?A=1", "/search?a", "/search?a=1%20"],
)
def test_another_query_is_a_mismatch(pact: Pact, send, target: str) -> None:
    asking(pact).with_query_parameter("a", "1")
    with pact.serve(raises=False) as server:
        assert send(server, "GET", target).status == 500
        assert not server.matched


def test_an_unexpected_query_is_a_mismatch(pact: Pact, send) -> None:
    asking(pact)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/search?a=1").status == 500


def test_the_order_of_repeated_values_matters(pact: Pact, send) -> None:
    asking(pact).with_query_parameter("a", ["1", "2"])
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/search?a=1&a=2").status == 200
        assert send(server, "GET", "/search?a=2&a=1").status == 500


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("two words", "two+words"),
        ("two words", "two%20words"),
        ("a&b=c", "a%26b%3Dc"),
        ("Ü😀", "%C3%9C%F0%9F%98%80"),
        ("100%", "100%25"),
        ("a+b", "a%2Bb"),
        ("", ""),
        ("a,b", "a,b"),
        ("a#b?c/d", "a%23b%3Fc%2Fd"),
        ('{"a": 1}', "%7B%22a%22:%201%7D"),
        ("[1]", "[1]"),
        ("null", "null"),
        ("a\0b", "a%00b"),
    ],
)
def test_values_are_plain_text_and_arrive_encoded(pact: Pact, send, only, value: str, encoded: str) -> None:
    asking(pact).with_query_parameter("q", value)
    with pact.serve() as server:
        assert send(server, "GET", f"/search?q={encoded}").status == 200
    assert only(pact)["request"]["query"] == {"q": [value]}


@pytest.mark.parametrize(
    ("name", "encoded"),
    [("a[b]", "a%5Bb%5D"), ("two words", "two%20words"), ("Ü", "%C3%9C"), ("a.b", "a.b"), ("$x", "$x")],
)
def test_names_may_be_unusual(pact: Pact, send, name: str, encoded: str) -> None:
    asking(pact).with_query_parameter(name, "1")
    with pact.serve() as server:
        assert send(server, "GET", f"/search?{encoded}=1").status == 200


def test_numbers_and_booleans_become_text(pact: Pact, send) -> None:
    asking(pact).with_query_parameters({"n": 1, "f": 1.5, "b": True})
    with pact.serve() as server:
        assert send(server, "GET", "/search?n=1&f=1.5&b=true").status == 200


def test_matchers(pact: Pact, send) -> None:
    asking(pact).with_query_parameters({"n": match.regex("12", regex=r"\d+"), "any": match.like("x")})
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/search?n=99&any=thing").status == 200
        assert send(server, "GET", "/search?n=99x&any=thing").status == 500


def test_a_matcher_on_each_of_several_values(pact: Pact, send) -> None:
    asking(pact).with_query_parameter("id", match.each_like("1", min=1))
    with pact.serve() as server:
        assert send(server, "GET", "/search?id=7&id=8&id=9").status == 200


@pytest.mark.parametrize("value", [None, {"a": 1}, b"x", "\ud800"])
def test_values_without_text_form_are_refused(pact: Pact, value: object) -> None:
    with pytest.raises(ValueError, match="'q'"):
        asking(pact).with_query_parameter("q", value)


def test_an_empty_mapping_expects_no_query(pact: Pact, send) -> None:
    asking(pact).with_query_parameters({})
    with pact.serve() as server:
        assert send(server, "GET", "/search").status == 200
