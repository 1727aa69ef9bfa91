"""Bodies of every kind: what is served, what is expected, what stands in the file."""

from __future__ import annotations

import base64
import dataclasses
import json

import pytest

from pact import Pact, match

FORM = "application/x-www-form-urlencoded"


def answering(pact: Pact, *args, **kwargs):
    """A pact that answers GET / with a body."""
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200).with_body(*args, **kwargs)
    return pact


def expecting(pact: Pact, *args, **kwargs):
    """A pact that expects a body in POST /."""
    pact.upon_receiving("something").with_request("POST", "/").with_body(*args, **kwargs).will_respond_with(200)
    return pact


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        [1, "2", None, True, 1.5],
        {},
        [],
        {"deep": {"er": [{"x": "Ü😀"}]}},
        5,
        1.5,
        True,
        False,
        {"a/b": {"c d": 1}},
    ],
    ids=repr,
)
def test_values_are_served_as_json(pact: Pact, send, value: object) -> None:
    with answering(pact, value).serve() as server:
        answer = send(server)
    assert answer.json() == value
    assert answer.header("Content-Type") == "application/json"


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], 5, True, {"empty": {}}], ids=repr)
def test_values_are_expected_as_json(pact: Pact, send, only, value: object) -> None:
    with expecting(pact, value).serve() as server:
        assert send(server, "POST", "/", {"Content-Type": "application/json"}, json.dumps(value)).status == 200
    assert only(pact)["request"]["body"]["content"] == value


def test_extra_keys_in_a_request_are_a_mismatch(pact: Pact, send) -> None:
    with expecting(pact, {"a": 1}).serve(raises=False) as server:
        assert send(server, "POST", "/", body={"a": 1, "b": 2}).status == 500
        assert not server.matched


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("plain", "text/plain"),
        ("Ünïcödé 😀 \t\r\n", "text/plain"),
        ("<html><body>hi</body></html>", "text/html"),
        ("a,b\r\n1,2\r\n", "text/csv"),
        ("not { json", "text/plain"),
        ('{"a": 1}', "text/plain"),
        ("123", "text/plain"),
        ("true", "application/vnd.custom"),
    ],
)
def test_text_is_served_byte_for_byte(pact: Pact, send, text: str, kind: str) -> None:
    with answering(pact, text, kind).serve() as server:
        answer = send(server)
    assert answer.body == text.encode()
    assert answer.header("Content-Type") == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("just text", "text/plain"),
        ('{"a": 1}', "application/json"),
        ("[1, 2]", "application/json"),
        ("<?xml version='1.0'?><a/>", "application/xml"),
        ("<a><b/></a>", "application/xml"),
        ("<html></html>", "text/html"),
        ("<!DOCTYPE html><p>", "text/html"),
        ("12", "text/plain"),
    ],
)
def test_text_without_a_type_is_what_it_looks_like(pact: Pact, send, text: str, kind: str) -> None:
    with answering(pact, text).serve() as server:
        assert send(server).header("Content-Type") == kind


def test_the_content_type_header_decides_where_the_body_names_none(pact: Pact, send) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    interaction.with_header("Content-Type", "application/vnd.api+json").with_body({"a": 1})
    with pact.serve() as server:
        answer = send(server)
    assert answer.header("content-type") == "application/vnd.api+json"
    assert answer.json() == {"a": 1}


def test_a_content_type_header_in_another_case_does_not_become_a_second_one(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    interaction.with_header("content-type", "text/plain").with_body("x", "text/plain")
    assert only(pact)["response"]["headers"] == {"content-type": ["text/plain"]}


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
@pytest.mark.parametrize("name", ["content-type", "CONTENT-TYPE", "Content-type", "Content-Type"])
def test_headers_are_written_as_the_test_spells_them(pact: Pact, only, name: str, version: str) -> None:
    interaction = pact.with_specification(version).upon_receiving("a").with_request("POST", "/")
    interaction.with_header(name, "text/plain").with_body("q").will_respond_with(200)
    interaction.with_header("x-Foo", "1").with_header("Content-Type", "text/html").set_header(name, "text/plain")
    interaction.with_body("x")
    written = only(pact)
    assert set(written["request"]["headers"]) == {name}
    assert set(written["response"]["headers"]) == {name, "x-Foo"}


def test_a_matcher_of_the_content_type_is_written_with_its_rule(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    interaction.with_header("content-type", match.regex("text/plain", regex="text/.*")).with_body("x")
    response = only(pact)["response"]
    assert set(response["headers"]) == set(response["matchingRules"]["header"]) == {"Content-Type"}


def test_a_header_after_the_body_decides_too(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    interaction.with_body('{"a": 1}').with_header("Content-Type", "text/plain")
    assert only(pact)["response"]["body"] == {"content": '{"a": 1}', "contentType": "text/plain", "encoded": False}


def test_the_same_form_body_in_another_order_of_fields_matches(pact: Pact, send) -> None:
    with expecting(pact, "a=1&b=two+words", FORM).serve() as server:
        assert send(server, "POST", "/", {"Content-Type": FORM}, "b=two%20words&a=1").status == 200


def test_a_form_from_a_mapping_with_matchers(pact: Pact, send) -> None:
    body = {"name": match.like("x"), "n": match.regex("12", regex=r"\d+"), "list": ["a", "b"]}
    with expecting(pact, body, FORM).serve(raises=False) as server:
        assert send(server, "POST", "/", {"Content-Type": FORM}, "name=other&n=99&list=a&list=b").status == 200
        assert send(server, "POST", "/", {"Content-Type": FORM}, "name=other&n=x&list=a&list=b").status == 500


@pytest.mark.parametrize("text", ["1=2&b=3", "true=1", '{"a"=1', "[=1", "null", '"a"=1', "12"])
def test_form_text_that_looks_like_json_at_its_start_is_text(pact: Pact, send, text: str) -> None:
    with expecting(pact, text, FORM).serve() as server:
        assert send(server, "POST", "/", {"Content-Type": FORM}, text).status == 200


def test_binary_bodies_are_served_byte_for_byte(pact: Pact, send) -> None:
    data = bytes(range(256)) * 3
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200).with_binary_body(data, "image/png")
    with pact.serve() as server:
        answer = send(server)
    assert answer.body == data
    assert answer.header("Content-Type") == "image/png"


def test_binary_bodies_default_to_octet_stream(pact: Pact, only) -> None:
    pact.upon_receiving("a").with_request("POST", "/").with_binary_body(b"\0\1")
    body = only(pact)["request"]["body"]
    assert body["contentType"] == "application/octet-stream"
    assert base64.b64decode(body["content"]) == b"\0\1"


def test_expected_binary_bodies_match_byte_for_byte(pact: Pact, send) -> None:
    pact.upon_receiving("a").with_request("POST", "/").with_binary_body(b"\0\1\2", "application/octet-stream")
    with pact.serve(raises=False) as server:
        kind = {"Content-Type": "application/octet-stream"}
        assert send(server, "POST", "/", kind, b"\0\1\2").status == 200
        assert send(server, "POST", "/", kind, b"\0\1\3").status == 500


@pytest.mark.parametrize("value", ["text", 5, [1], {"a": 1}])
def test_binary_bodies_must_be_bytes(pact: Pact, value: object) -> None:
    with pytest.raises(ValueError, match="must be bytes"):
        pact.upon_receiving("a").with_binary_body(value)  # type: ignore[arg-type]


def test_bytes_are_a_body_too(pact: Pact, send) -> None:
    with answering(pact, b"a\0b", "application/octet-stream").serve() as server:
        assert send(server).body == b"a\0b"


@pytest.mark.parametrize("body", [None, ""])
def test_no_body_and_an_empty_one(pact: Pact, send, body: str | None) -> None:
    with answering(pact, body).serve() as server:
        assert send(server).body == b""


def test_none_takes_a_body_back(pact: Pact, only) -> None:
    pact.upon_receiving("a").with_request("POST", "/").with_body({"a": 1}).with_body(None)
    assert "body" not in only(pact)["request"]


def test_setting_a_body_again_replaces_it_with_its_rules(pact: Pact, only) -> None:
    pact.upon_receiving("a").with_request("POST", "/").with_body({"a": match.int(1)}).with_body({"b": 2})
    request = only(pact)["request"]
    assert request["body"]["content"] == {"b": 2}
    assert "body" not in request.get("matchingRules", {})


def test_text_with_matchers_in_it_is_taken_as_integration_json(pact: Pact, only) -> None:
    text = json.dumps({"a": {"pact:matcher:type": "integer", "value": 3}})
    pact.upon_receiving("a").with_request("POST", "/").with_body(text, "application/json")
    request = only(pact)["request"]
    assert request["body"]["content"] == {"a": 3}
    assert request["matchingRules"]["body"]["$.a"]["matchers"] == [{"match": "integer"}]


@pytest.mark.parametrize("text", ['{"a": 1', "plain", "{'a': 1}", '{"a": NaN}'])
def test_text_that_is_no_json_is_refused_where_it_should_be(pact: Pact, text: str) -> None:
    with pytest.raises(ValueError, match="(?i)json"):
        pact.upon_receiving("a").with_request("POST", "/").with_body(text, "application/json")


@pytest.mark.parametrize("kind", ["json", "text/", "a b/c", "text/plain\r\nX: y", "/", "text/plain; charset"])
def test_content_types_that_are_none_are_refused(pact: Pact, kind: str) -> None:
    with pytest.raises(ValueError, match="content type"):
        pact.upon_receiving("a").with_body("x", kind)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/JSON", "application/hal+json", "application/problem+json"]
)
def test_json_under_its_many_names(pact: Pact, send, only, kind: str) -> None:
    with answering(pact, {"a": 1}, kind).serve() as server:
        answer = send(server)
    assert answer.json() == {"a": 1}
    assert (answer.header("Content-Type") or "").lower() == kind.lower().replace(" ", "")
    assert only(pact)["response"]["body"]["content"] == {"a": 1}


def test_dataclasses_become_json(pact: Pact, send) -> None:
    @dataclasses.dataclass
    class User:
        id: int
        name: object

    with answering(pact, [User(1, match.like("Bob"))]).serve() as server:
        assert send(server).json() == [{"id": 1, "name": "Bob"}]


@pytest.mark.parametrize("value", [{1: 2}, {"a": {1, 2}}, {"a": float("inf")}, {"a": b"x"}, {"a": object}], ids=str)
def test_values_that_json_does_not_know_are_refused(pact: Pact, value: object) -> None:
    with pytest.raises(ValueError):
        pact.upon_receiving("a").with_body(value)


def test_large_bodies(pact: Pact, send) -> None:
    value = {"items": ["x" * 1000] * 1000}
    with answering(pact, value).serve() as server:
        assert send(server).json() == value
