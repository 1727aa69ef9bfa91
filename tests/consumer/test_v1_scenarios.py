"""HTTP consumers as specification V1 describes them: every rule by example, through each version."""

from __future__ import annotations

import json

import pytest

from pact import Pact
from pact.error import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    MissingRequest,
    QueryMismatch,
    RequestMismatch,
    RequestNotFound,
)

VERSIONS = ["V1", "V1.1", "V2", "V3", "V4"]
NUMBERS = {"V1": "1.0.0", "V1.1": "1.1.0", "V2": "2.0.0", "V3": "3.0.0", "V4": "4.0"}


@pytest.fixture(params=VERSIONS)
def pact(request: pytest.FixtureRequest) -> Pact:
    return Pact("consumer", "provider").with_specification(request.param)


def kinds(server) -> list[type]:
    """The kinds of differences of the only request that differed."""
    (mismatch,) = [each for each in server.mismatches if isinstance(each, RequestMismatch)]
    return sorted({type(each) for each in mismatch.mismatches}, key=str)


def test_a_request_that_is_as_expected(pact: Pact, send) -> None:
    pact.upon_receiving("a basic request").with_request("GET", "/basic").will_respond_with(200).with_body(
        {"one": "a", "two": "b"}
    )
    with pact.serve() as server:
        answer = send(server, "GET", "/basic")
        assert answer.status == 200
        assert answer.header("Content-Type") == "application/json"
        assert answer.json() == {"one": "a", "two": "b"}
        assert server.matched


def test_several_interactions_are_told_apart(pact: Pact, send) -> None:
    for path in ("one", "two", "three"):
        pact.upon_receiving(f"request {path}").with_request("GET", f"/{path}").will_respond_with(200).with_body(
            path, "text/plain"
        )
    with pact.serve() as server:
        assert [send(server, "GET", f"/{path}").text for path in ("three", "one", "two")] == ["three", "one", "two"]


def test_an_interaction_that_is_not_called_is_missing(pact: Pact, send) -> None:
    for path in ("one", "two"):
        pact.upon_receiving(f"request {path}").with_request("GET", f"/{path}").will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/one").status == 200
    (missing,) = server.mismatches
    assert isinstance(missing, MissingRequest)
    assert (missing.method, missing.path) == ("GET", "/two")


def test_another_method_is_unexpected(pact: Pact, send) -> None:
    pact.upon_receiving("a basic request").with_request("GET", "/basic").will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/basic").status == 500
    assert [type(each) for each in server.mismatches] == [RequestNotFound, MissingRequest]
    assert (server.mismatches[0].method, server.mismatches[0].path) == ("POST", "/basic")


def test_the_method_does_not_depend_on_case(pact: Pact, send) -> None:
    pact.upon_receiving("a basic request").with_request("post", "/basic").will_respond_with(200)
    with pact.serve() as server:
        assert send(server, "POST", "/basic").status == 200


def test_an_unexpected_request_beside_the_expected_one(pact: Pact, send) -> None:
    pact.upon_receiving("a basic request").with_request("GET", "/basic").will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/basic").status == 200
        assert send(server, "GET", "/path").status == 500
    (found,) = server.mismatches
    assert isinstance(found, RequestNotFound)


@pytest.mark.parametrize(
    ("target", "matches"),
    [("/q?a=1&b=2", True), ("/q?b=2&a=1", True), ("/q?a=1", False), ("/q?a=1&b=3", False), ("/q?a=1&b=2&c=3", False)],
)
def test_query_parameters(pact: Pact, send, target: str, matches: bool) -> None:
    pact.upon_receiving("a search").with_request("GET", "/q").with_query_parameters({"a": "1", "b": "2"})
    with pact.serve(raises=False) as server:
        assert (send(server, "GET", target).status == 200) is matches
        if not matches:
            assert kinds(server) == [QueryMismatch]


def test_a_repeated_query_parameter(pact: Pact, send) -> None:
    pact.upon_receiving("a search").with_request("GET", "/q").with_query_parameters("a=1&a=2&b=x")
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/q?a=1&b=x&a=2").status == 200
        assert send(server, "GET", "/q?a=2&a=1&b=x").status == 500
    assert kinds(server) == [QueryMismatch]


@pytest.mark.parametrize(
    ("headers", "matches"),
    [
        ({"X-TEST-ONE": "Value"}, True),
        ({"x-test-one": "Value"}, True),
        ({"X-TEST-ONE": "Value", "X-OTHER": "1"}, True),
        ({"X-TEST-ONE": "value"}, False),
        ({"X-TEST-ONE": "Other"}, False),
        ({}, False),
    ],
)
def test_headers(pact: Pact, send, headers: dict[str, str], matches: bool) -> None:
    pact.upon_receiving("with a header").with_request("GET", "/h").with_header("X-TEST-ONE", "Value")
    with pact.serve(raises=False) as server:
        assert (send(server, "GET", "/h", headers).status == 200) is matches
        if not matches:
            assert kinds(server) == [HeaderMismatch]


@pytest.mark.parametrize(
    ("accept", "matches"),
    [("application/json, text/plain", True), ("application/json,text/plain", True), ("text/plain", False)],
)
def test_white_space_after_commas_of_a_list_header_does_not_matter(
    pact: Pact, send, accept: str, matches: bool
) -> None:
    pact.upon_receiving("accepting").with_request("GET", "/h").with_header("Accept", "application/json, text/plain")
    with pact.serve(raises=False) as server:
        assert (send(server, "GET", "/h", {"Accept": accept}).status == 200) is matches


JSON = {"one": "a", "two": [1, 2.5, True, None], "three": {"x": "y"}}


@pytest.mark.parametrize(
    ("body", "matches"),
    [
        (JSON, True),
        ({"three": {"x": "y"}, "two": [1, 2.5, True, None], "one": "a"}, True),
        ({**JSON, "one": "b"}, False),
        ({**JSON, "one": 1}, False),
        ({**JSON, "two": [1, 2.5, True]}, False),
        ({**JSON, "two": [2.5, 1, True, None]}, False),
        ({**JSON, "two": [1, 2.5, True, None, 5]}, False),
        ({**JSON, "three": {}}, False),
        ({**JSON, "three": {"X": "y"}}, False),
        ({**JSON, "four": 4}, False),
        ({"one": "a"}, False),
        ([], False),
    ],
    ids=str,
)
def test_json_bodies(pact: Pact, send, body: object, matches: bool) -> None:
    pact.upon_receiving("posting json").with_request("POST", "/b").with_body(JSON)
    with pact.serve(raises=False) as server:
        assert (send(server, "POST", "/b", body=body).status == 200) is matches
        if not matches:
            assert kinds(server) == [BodyMismatch]


XML = '<?xml version="1.0" encoding="UTF-8"?><values><value id="1">A</value><value id="2">B</value></values>'


@pytest.mark.parametrize(
    ("body", "matches"),
    [
        (XML, True),
        (XML.replace("><", ">\n  <"), True),
        (XML.replace(">A<", ">C<"), False),
        (XML.replace('id="1"', 'id="3"'), False),
        (XML.replace('<value id="2">B</value>', ""), False),
        (XML.replace("values", "vals"), False),
    ],
)
def test_xml_bodies(pact: Pact, send, body: str, matches: bool) -> None:
    pact.upon_receiving("posting xml").with_request("POST", "/b").with_body(XML, "application/xml")
    with pact.serve(raises=False) as server:
        assert (send(server, "POST", "/b", {"Content-Type": "application/xml"}, body).status == 200) is matches
        if not matches:
            assert kinds(server) == [BodyMismatch]


@pytest.mark.parametrize(
    ("kind", "expected", "other"),
    [
        ("text/plain", "some text", "some other text"),
        ("application/x-www-form-urlencoded", "a=1&b=2&c=3", "a=1&b=2"),
        ("application/octet-stream", "bytes", "other bytes"),
        ("text/csv", "a,b\n", "a,c\n"),
    ],
)
def test_other_bodies(pact: Pact, send, kind: str, expected: str, other: str) -> None:
    pact.upon_receiving("posting").with_request("POST", "/b").with_body(expected, kind)
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/b", {"Content-Type": kind}, expected).status == 200
        assert send(server, "POST", "/b", {"Content-Type": kind}, other).status == 500
    assert kinds(server) == [BodyMismatch]


def test_a_body_of_another_type(pact: Pact, send) -> None:
    pact.upon_receiving("posting json").with_request("POST", "/b").with_body({"a": 1})
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/b", {"Content-Type": "text/plain"}, '{"a": 1}').status == 500
    assert BodyTypeMismatch in kinds(server)


def test_parameters_of_the_content_type_are_compared(pact: Pact, send) -> None:
    pact.upon_receiving("posting").with_request("POST", "/b").with_body({"a": 1}, "application/json;charset=utf-8")
    with pact.serve(raises=False) as server:
        kind = {"Content-Type": "application/json; charset=UTF-8"}
        assert send(server, "POST", "/b", kind, json.dumps({"a": 1})).status == 200


def test_a_missing_body(pact: Pact, send) -> None:
    pact.upon_receiving("posting json").with_request("POST", "/b").with_body({"a": 1})
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/b", {"Content-Type": "application/json"}).status == 500
    assert kinds(server) == [BodyMismatch]


def test_any_body_where_none_is_expected(pact: Pact, send) -> None:
    pact.upon_receiving("posting").with_request("POST", "/b").will_respond_with(201)
    with pact.serve() as server:
        assert send(server, "POST", "/b", {"Content-Type": "text/plain"}, "anything").status == 201


def test_an_empty_body_where_null_is_expected(pact: Pact, send) -> None:
    pact.upon_receiving("posting").with_request("POST", "/b").with_body("null", "application/json")
    with pact.serve() as server:
        assert send(server, "POST", "/b", {"Content-Type": "application/json"}, "null").status == 200


def test_the_file_is_of_the_version(pact: Pact, written) -> None:
    pact.upon_receiving("a basic request").given("a state").with_request("GET", "/basic").with_query_parameters(
        "a=1&a=2&b=x y"
    ).with_header("X-A", "1").will_respond_with(200).with_body({"one": "a"})
    content = written(pact)
    version = str(pact.specification)
    assert content["metadata"]["pactSpecification"]["version"] == NUMBERS[version]
    assert (content["consumer"]["name"], content["provider"]["name"]) == ("consumer", "provider")
    (item,) = content["interactions"]
    assert item["description"] == "a basic request"
    if version in ("V1", "V1.1", "V2"):
        assert item["providerState"] == "a state"
        assert item["request"]["query"] == "a=1&a=2&b=x+y"
        assert item["request"]["headers"] == {"X-A": "1"}
        assert item["response"]["body"] == {"one": "a"}
        assert item["response"]["headers"] == {"Content-Type": "application/json"}
    elif version == "V3":
        assert item["providerStates"] == [{"name": "a state"}]
        assert item["request"]["query"] == {"a": ["1", "2"], "b": ["x y"]}
        assert item["response"]["body"] == {"one": "a"}
    else:
        assert item["type"] == "Synchronous/HTTP"
        assert item["response"]["body"] == {
            "content": {"one": "a"},
            "contentType": "application/json",
            "encoded": False,
        }
