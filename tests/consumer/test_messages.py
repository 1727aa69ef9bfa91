"""Messages, asynchronous and synchronous: what the file holds."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pact import Pact, generate, match


def test_a_message_with_everything(pact: Pact, only) -> None:
    message = pact.upon_receiving("an event", "Async").given("a user", id=1)
    message.with_body({"id": match.int(1), "at": match.date("2024-01-01")})
    message.with_metadata({"topic": "users", "version": match.regex("1.2", regex=r"\d+\.\d+")}, partition=3)
    item = only(pact)
    assert item["type"] == "Asynchronous/Messages"
    assert item["description"] == "an event"
    assert item["providerStates"] == [{"name": "a user", "params": {"id": 1}}]
    assert item["contents"] == {
        "content": {"id": 1, "at": "2024-01-01"},
        "contentType": "application/json",
        "encoded": False,
    }
    assert item["metadata"] == {"contentType": "application/json", "topic": "users", "version": "1.2", "partition": 3}
    assert item["matchingRules"]["body"]["$.id"]["matchers"] == [{"match": "integer"}]
    assert item["matchingRules"]["metadata"]["version"]["matchers"] == [
        {"match": "regex", "regex": r"\d+\.\d+"},
        {"match": "type"},
    ]


@pytest.mark.parametrize("value", ["text", 1, 1.23, True, None, ["a", 1], {"a": {"b": [None]}}, '{"a": 1}', "[1]", ""])
def test_metadata_values_keep_their_type(pact: Pact, only, value: object) -> None:
    pact.upon_receiving("an event", "Async").with_metadata({"key": value})
    assert only(pact)["metadata"]["key"] == value


@pytest.mark.parametrize("key", ["content-type-2", "a.b", "x:y", "a b", "ce/id", "@id", "Ü", "$"])
@pytest.mark.parametrize("value", ["text", '{"a": 1}', "[1]"])
def test_metadata_keys_may_be_unusual(pact: Pact, only, key: str, value: str) -> None:
    pact.upon_receiving("an event", "Async").with_metadata({key: value})
    assert only(pact)["metadata"][key] == value


def test_metadata_keys_that_no_path_can_address_take_no_matcher(pact: Pact) -> None:
    with pytest.raises(ValueError, match="metadata key 'a b'"):
        pact.upon_receiving("an event", "Async").with_metadata({"a b": match.like("x")})


def test_metadata_may_be_set_again(pact: Pact, only) -> None:
    pact.upon_receiving("an event", "Async").with_metadata(key="1").set_metadata({"key": "2"}).with_metadata(other="3")
    assert only(pact)["metadata"] == {"key": "2", "other": "3"}


def test_metadata_of_http_is_refused(pact: Pact) -> None:
    with pytest.raises(ValueError, match="use headers"):
        pact.upon_receiving("a request").with_metadata({"a": "b"})


@pytest.mark.parametrize(
    ("body", "kind", "content"),
    [
        ("text", "text/plain", "text"),
        ("<a/>", "application/xml", "<a/>"),
        ([1, 2], None, [1, 2]),
        (5, None, 5),
        ('{"a": 1}', "application/json", {"a": 1}),
        ("a,b\n", "text/csv", "a,b\n"),
    ],
)
def test_contents(pact: Pact, only, body: object, kind: str | None, content: object) -> None:
    pact.upon_receiving("an event", "Async").with_body(body, kind)
    assert only(pact)["contents"]["content"] == content


def test_binary_contents(pact: Pact, only) -> None:
    pact.upon_receiving("an event", "Async").with_binary_body(bytes(range(256)), "image/png")
    contents = only(pact)["contents"]
    assert base64.b64decode(contents["content"]) == bytes(range(256))
    assert contents["contentType"] == "image/png"


def test_several_messages_and_http_in_one_pact(pact: Pact, written) -> None:
    for number in range(3):
        pact.upon_receiving(f"event {number}", "Async").with_body({"n": number})
    pact.upon_receiving("a request").with_request("GET", "/")
    pact.upon_receiving("a call", "Sync").with_body("q").will_respond_with().with_body("a")
    kinds = sorted(item["type"] for item in written(pact)["interactions"])
    assert kinds == ["Asynchronous/Messages"] * 3 + ["Synchronous/HTTP", "Synchronous/Messages"]


def test_a_synchronous_message(pact: Pact, only) -> None:
    call = pact.upon_receiving("a call", "Sync").given("a state")
    call.with_body({"question": match.like("?")}).with_metadata({"to": "service"})
    assert call.will_respond_with() is call
    call.with_body({"answer": match.int(42)}).with_metadata({"from": "service"})
    item = only(pact)
    assert item["type"] == "Synchronous/Messages"
    assert item["request"]["contents"]["content"] == {"question": "?"}
    assert item["request"]["metadata"] == {"contentType": "application/json", "to": "service"}
    (response,) = item["response"]
    assert response["contents"]["content"] == {"answer": 42}
    assert response["metadata"] == {"contentType": "application/json", "from": "service"}
    assert response["matchingRules"]["body"]["$.answer"]["matchers"] == [{"match": "integer"}]


def test_several_responses(pact: Pact, only) -> None:
    call = pact.upon_receiving("a call", "Sync").with_body("go", "text/plain").will_respond_with()
    call.with_body("one", "text/plain").with_body({"two": match.int(2)}).with_body("three", "text/plain")
    item = only(pact)
    assert [response["contents"]["content"] for response in item["response"]] == ["one", {"two": 2}, "three"]
    assert [bool(response.get("matchingRules")) for response in item["response"]] == [False, True, False]


def test_parts_of_a_synchronous_message_by_name(pact: Pact, only) -> None:
    call = pact.upon_receiving("a call", "Sync").will_respond_with()
    call.with_body("q", "text/plain", "Request").with_metadata({"k": "q"}, "Request")
    call.with_body("a", "text/plain").with_metadata({"k": "a"}, "Response")
    item = only(pact)
    assert (item["request"]["contents"]["content"], item["request"]["metadata"]["k"]) == ("q", "q")
    assert (item["response"][0]["contents"]["content"], item["response"][0]["metadata"]["k"]) == ("a", "a")


def test_messages_know_no_headers(pact: Pact, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(ValueError, match="a message has no"):
        pact.upon_receiving("an event", "Async").with_multipart_file("a", tmp_path / "f")
    with pytest.raises(AttributeError):
        pact.upon_receiving("an event", "Async").with_header("X", "1")  # type: ignore[attr-defined]


def test_rules_and_generators_of_messages(pact: Pact, only) -> None:
    message = pact.upon_receiving("an event", "Async").with_body({"id": "x", "n": 1})
    message.with_matching_rules({"body": {"$.n": {"matchers": [{"match": "integer"}]}}})
    message.with_generators({"body": {"$.id": generate.uuid()}})
    item = only(pact)
    assert item["matchingRules"]["body"]["$.n"]["matchers"] == [{"match": "integer"}]
    assert item["generators"]["body"]["$.id"]["type"] == "Uuid"
