"""What all kinds of interactions have in common."""

from __future__ import annotations

import re

import pytest

from pact import Pact

KINDS = [("HTTP", "HttpInteraction"), ("Async", "AsyncMessageInteraction"), ("Sync", "SyncMessageInteraction")]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_str_and_repr(pact: Pact, kind: str, name: str) -> None:
    interaction = pact.upon_receiving("a basic request", kind)  # type: ignore[call-overload]
    assert str(interaction) == f"{name}(a basic request)"
    assert re.fullmatch(rf"{name}\(InteractionHandle\(\d+\)\)", repr(interaction))


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_every_method_returns_the_interaction(pact: Pact, kind: str, name: str) -> None:
    interaction = pact.upon_receiving("something", kind)  # type: ignore[call-overload]
    assert interaction.given("a state") is interaction
    assert interaction.with_body({"a": 1}) is interaction
    assert interaction.with_binary_body(b"abc", "image/png") is interaction
    assert interaction.with_matching_rules({"body": {"$": {"matchers": [{"match": "type"}]}}}) is interaction
    assert interaction.with_generators({"body": {"$.a": {"type": "Uuid"}}}) is interaction
    assert interaction.set_key("key") is interaction
    assert interaction.set_pending(pending=True) is interaction
    assert interaction.set_comment("a", 1) is interaction
    assert interaction.add_text_comment("text") is interaction
    assert interaction.test_name("name") is interaction
    assert interaction.add_external_reference("group", "name", "value") is interaction
    if kind != "HTTP":
        assert interaction.with_metadata({"a": "b"}) is interaction
        assert interaction.set_metadata({"a": "c"}) is interaction


def test_http_methods_return_the_interaction(pact: Pact) -> None:
    interaction = pact.upon_receiving("something")
    assert interaction.with_request("GET", "/") is interaction
    assert interaction.with_header("X-A", "1") is interaction
    assert interaction.with_headers({"X-B": "1"}) is interaction
    assert interaction.set_header("X-A", "2") is interaction
    assert interaction.set_headers({"X-B": "2"}) is interaction
    assert interaction.with_query_parameter("q", "1") is interaction
    assert interaction.with_query_parameters({"r": "1"}) is interaction
    assert interaction.will_respond_with(200) is interaction


@pytest.mark.parametrize("part", ["request", "", "Both", 0])
def test_unknown_parts_are_refused(pact: Pact, part: object) -> None:
    interaction = pact.upon_receiving("something")
    for call in (
        lambda: interaction.with_body("x", part=part),  # type: ignore[arg-type]
        lambda: interaction.with_binary_body(b"x", part=part),  # type: ignore[arg-type]
        lambda: interaction.with_header("X", "x", part),  # type: ignore[arg-type]
        lambda: interaction.with_matching_rules({}, part),  # type: ignore[arg-type]
        lambda: interaction.with_generators({}, part),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match="^Invalid part: "):
            call()


def test_parts_follow_the_story_unless_they_are_named(pact: Pact, only) -> None:
    (
        pact.upon_receiving("something")
        .with_request("POST", "/")
        .with_body("asked", "text/plain")
        .with_header("X-Side", "request")
        .will_respond_with(200)
        .with_body("answered", "text/plain")
        .with_header("X-Side", "response")
        .with_header("X-Late", "request", "Request")
    )
    item = only(pact)
    assert item["request"]["body"]["content"] == "asked"
    assert item["request"]["headers"]["X-Side"] == ["request"]
    assert item["request"]["headers"]["X-Late"] == ["request"]
    assert item["response"]["body"]["content"] == "answered"
    assert item["response"]["headers"]["X-Side"] == ["response"]


def test_a_response_can_be_described_first(pact: Pact, only) -> None:
    pact.upon_receiving("something").with_body("late", "text/plain", "Response").with_request("GET", "/")
    item = only(pact)
    assert item["response"]["body"]["content"] == "late"
    assert "body" not in item["request"]


# provider states


def states(item: dict) -> list:
    return item["providerStates"]


def test_states_and_parameters(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("something").with_request("GET", "/")
    interaction.given("plain").given("by name", id=1, tags=["a"]).given("as a mapping", {"x": None, "y": {"z": True}})
    assert states(only(pact)) == [
        {"name": "plain"},
        {"name": "by name", "params": {"id": 1, "tags": ["a"]}},
        {"name": "as a mapping", "params": {"x": None, "y": {"z": True}}},
    ]


def test_giving_a_state_again_adds_parameters(pact: Pact, only) -> None:
    pact.upon_receiving("something").given("a user", id=1).given("a user", name="Bob").given("a user")
    assert states(only(pact)) == [{"name": "a user", "params": {"id": 1, "name": "Bob"}}]


def test_parameters_may_have_the_names_of_arguments(pact: Pact, only) -> None:
    pact.upon_receiving("something").given("a state", state="on", parameters="p", self="me")
    assert states(only(pact)) == [{"name": "a state", "params": {"state": "on", "parameters": "p", "self": "me"}}]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"x", "\ud800", object()])
def test_parameters_that_json_does_not_know_are_refused(pact: Pact, value: object) -> None:
    with pytest.raises(ValueError):
        pact.upon_receiving("something").given("a state", value=value)


# what only V4 knows


def test_key_pending_and_comments(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("something").with_request("GET", "/")
    interaction.set_key("123").set_pending(pending=True)
    interaction.set_comment("number", 1).set_comment("object", {"a": [1, "2", None]}).set_comment("text2", "plain")
    interaction.add_text_comment("line 1").add_text_comment("line 2").test_name("test_something")
    item = only(pact)
    assert item["key"] == "123"
    assert item["pending"] is True
    assert item["comments"]["number"] == 1
    assert item["comments"]["object"] == {"a": [1, "2", None]}
    assert item["comments"]["text2"] == "plain"
    assert item["comments"]["text"] == ["line 1", "line 2"]
    assert item["comments"]["testname"] == "test_something"


def test_key_pending_and_comments_can_be_taken_back(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("something").with_request("GET", "/")
    interaction.set_key("1").set_key(None).set_pending(pending=True).set_pending(pending=False)
    interaction.set_comment("a", 1).set_comment("a", None)
    item = only(pact)
    assert "key" not in item
    assert item["pending"] is False
    assert "a" not in item.get("comments", {})


def test_the_last_key_wins(pact: Pact, only) -> None:
    pact.upon_receiving("something").set_key("1").set_key("2")
    assert only(pact)["key"] == "2"


def test_a_comment_that_looks_like_json_stays_text(pact: Pact, only) -> None:
    pact.upon_receiving("something").set_comment("a", '{"b": 1}').set_comment("n", "12")
    assert only(pact)["comments"]["a"] == '{"b": 1}'
    assert only(pact)["comments"]["n"] == "12"


def test_equal_text_comments_are_both_kept(pact: Pact, only) -> None:
    pact.upon_receiving("something").add_text_comment("same").add_text_comment("same")
    assert only(pact)["comments"]["text"] == ["same", "same"]


def test_external_references(pact: Pact, only) -> None:
    interaction = pact.upon_receiving("something")
    interaction.add_external_reference("jira", "ticket", "ABC-1").add_external_reference("jira", "epic", "ABC-2")
    interaction.add_external_reference("openapi", "operation", "getUser")
    assert only(pact)["comments"]["references"] == {
        "jira": {"ticket": "ABC-1", "epic": "ABC-2"},
        "openapi": {"operation": "getUser"},
    }


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_all_kinds_have_key_pending_and_comments_in_the_file(pact: Pact, only, kind: str, name: str) -> None:
    interaction = pact.upon_receiving("something", kind).with_body({"a": 1})  # type: ignore[call-overload]
    interaction.set_key("k").set_pending(pending=True).add_text_comment("c").test_name("t")
    interaction.add_external_reference("g", "n", "v")
    item = only(pact)
    assert (item["key"], item["pending"], item["comments"]["text"]) == ("k", True, ["c"])
    assert item["comments"]["testname"] == "t"
    assert item["comments"]["references"] == {"g": {"n": "v"}}


def test_comments_with_a_nul_are_refused(pact: Pact) -> None:
    with pytest.raises(ValueError, match="NUL"):
        pact.upon_receiving("something").add_text_comment("a\0b")
    with pytest.raises(ValueError, match="NUL"):
        pact.upon_receiving("something").test_name("a\0b")
