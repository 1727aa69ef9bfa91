"""Consumers as specifications V2, V3 and V4 describe them: rules in bodies of every kind, V4's own fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pact import Pact, generate, match, xml

XML = {"Content-Type": "application/xml"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user": {"name": "Other", "id": 7}, "roles": ["x"]}, 200),
        ({"user": {"name": "Other", "id": 7}, "roles": ["x", "y", "z"]}, 200),
        ({"user": {"name": "Other", "id": "7"}, "roles": ["x"]}, 500),
        ({"user": {"name": "Other"}, "roles": ["x"]}, 500),
        ({"user": {"name": "Other", "id": 7}, "roles": []}, 500),
        ({"user": {"name": "Other", "id": 7}, "roles": [1]}, 500),
        ({"user": {"name": "Other", "id": 7, "extra": 1}, "roles": ["x"]}, 500),
    ],
    ids=str,
)
def test_type_rules_cascade(pact: Pact, send, version: str, body: object, status: int) -> None:
    pact.with_specification(version)
    pact.upon_receiving("a user").with_request("POST", "/").with_body(
        match.like({"user": {"name": "Bob", "id": 1}, "roles": match.each_like("admin", min=1)})
    )
    with pact.serve(raises=False, verbose=False) as server:
        assert send(server, "POST", "/", body=body).status == status


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
def test_a_regex_on_path_query_header_and_body(pact: Pact, send, version: str) -> None:
    pact.with_specification(version)
    interaction = pact.upon_receiving("a").with_request("POST", match.regex("/a/1", regex=r"/a/\d+"))
    interaction.with_query_parameter("q", match.regex("10", regex=r"\d+")).with_header(
        "X", match.regex("1", regex=r"\d+")
    )
    interaction.with_body({"id": match.regex("1", regex=r"\d+")})
    with pact.serve(raises=False, verbose=False) as server:
        ok = ("POST", "/a/99?q=1", {"X": "5"}, {"id": "77"})
        assert send(server, *ok).status == 200
        for at, wrong in ((1, "/a/x?q=1"), (1, "/a/99?q=x"), (2, {"X": "x"}), (3, {"id": "x"})):
            assert send(server, *ok[:at], wrong, *ok[at + 1 :]).status == 500


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("<people><person id='7'>Al</person></people>", 200),
        ("<people><person id='7'>Al</person><person id='8'>Bo</person></people>", 200),
        ("<people><person id='x'>Al</person></people>", 500),
        ("<people/>", 500),
        ("<folk><person id='7'>Al</person></folk>", 500),
    ],
)
@pytest.mark.parametrize("version", ["V3", "V4"])
def test_rules_in_xml(pact: Pact, send, version: str, text: str, status: int) -> None:
    pact.with_specification(version)
    person = xml.element("person", match.like("Bob"), attrs={"id": match.regex("1", regex=r"\d+")}).each(min=1)
    pact.upon_receiving("a").with_request("POST", "/").with_body(
        xml.body(xml.element("people", person)), "application/xml"
    )
    with pact.serve(raises=False, verbose=False) as server:
        assert send(server, "POST", "/", XML, f"<?xml version='1.0'?>{text}").status == status


@pytest.mark.parametrize(("text", "status"), [("a=5&b=x", 200), ("b=x&a=5", 200), ("a=y&b=x", 500), ("a=5", 500)])
@pytest.mark.parametrize("version", ["V3", "V4"])
def test_rules_in_forms(pact: Pact, send, version: str, text: str, status: int) -> None:
    pact.with_specification(version)
    body = {"a": match.regex("1", regex=r"\d+"), "b": "x"}
    pact.upon_receiving("a").with_request("POST", "/").with_body(body, FORM["Content-Type"])
    with pact.serve(raises=False, verbose=False) as server:
        assert send(server, "POST", "/", FORM, text).status == status


@pytest.mark.parametrize("version", ["V3", "V4"])
def test_rules_on_each_item_of_nested_lists(pact: Pact, send, version: str) -> None:
    pact.with_specification(version)
    lines = match.each_like({"sku": match.regex("A1", regex=r"[A-Z]\d"), "tags": match.each_like("x", min=1)}, min=1)
    pact.upon_receiving("an order").with_request("POST", "/").with_body({"lines": lines})
    with pact.serve(raises=False, verbose=False) as server:
        good = {"lines": [{"sku": "B2", "tags": ["y"]}, {"sku": "C3", "tags": ["y", "z"]}]}
        assert send(server, "POST", "/", body=good).status == 200
        assert send(server, "POST", "/", body={"lines": [good["lines"][0], {"sku": "c3", "tags": ["y"]}]}).status == 500
        assert send(server, "POST", "/", body={"lines": [{"sku": "B2", "tags": []}]}).status == 500


@pytest.mark.parametrize("version", ["V3", "V4"])
def test_several_states_with_parameters(pact: Pact, only, version: str) -> None:
    pact.with_specification(version)
    pact.upon_receiving("a").given("one").given("two", {"a": 1, "b": [True]}).with_request("GET", "/")
    assert only(pact)["providerStates"] == [{"name": "one"}, {"name": "two", "params": {"a": 1, "b": [True]}}]


@pytest.mark.parametrize("version", ["V3", "V4"])
def test_generators_of_path_query_and_header_stand_in_the_file(pact: Pact, only, version: str) -> None:
    pact.with_specification(version)
    path = match.like("/users/1", generator=generate.provider_state("/users/${id}"))
    interaction = pact.upon_receiving("a").with_request("GET", path)
    interaction.with_query_parameter("q", match.like("1", generator=generate.provider_state("${q}")))
    interaction.with_header("X", match.like("1", generator=generate.provider_state("${x}")))
    found = only(pact)["request"]["generators"]
    assert found["path"] == {"type": "ProviderState", "expression": "/users/${id}"}
    assert found["query"]["q"] == {"type": "ProviderState", "expression": "${q}"} or "${q}" in json.dumps(
        found["query"]
    )
    assert "${x}" in json.dumps(found["header"])


def test_messages_of_v3_and_v4_say_the_same(tmp_path: Path) -> None:
    found = {}
    for version, name in (("V3", "messages"), ("V4", "interactions")):
        pact = Pact("consumer", "provider").with_specification(version)
        message = pact.upon_receiving("an event", "Async").given("s", id=1)
        message.with_body({"n": match.int(1)}).with_metadata({"topic": match.like("t")})
        pact.write_file(tmp_path / version)
        content = json.loads((tmp_path / version / "consumer-provider.json").read_text())
        (found[version],) = content[name]
    for key in ("description", "providerStates", "matchingRules", "metadata"):
        assert found["V3"][key] == found["V4"][key]
    assert found["V3"]["contents"] == found["V4"]["contents"]["content"]


def test_all_kinds_in_one_v4_pact(pact: Pact, written) -> None:
    pact.upon_receiving("an http request").with_request("GET", "/").set_key("1").set_pending(pending=True)
    pact.upon_receiving("an event", "Async").with_body("x").set_key("2").add_text_comment("c")
    pact.upon_receiving("a call", "Sync").with_body("q").will_respond_with().with_body("a").set_key("3")
    items = {item["key"]: item for item in written(pact)["interactions"]}
    assert {key: item["type"] for key, item in items.items()} == {
        "1": "Synchronous/HTTP",
        "2": "Asynchronous/Messages",
        "3": "Synchronous/Messages",
    }
    assert {key: item["pending"] for key, item in items.items()} == {"1": True, "2": False, "3": False}
    assert items["2"]["comments"]["text"] == ["c"]


def test_pending_interactions_are_served_like_all_others(pact: Pact, send) -> None:
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200).set_pending(pending=True)
    with pact.serve() as server:
        assert send(server).status == 200


@pytest.mark.parametrize("version", ["V1", "V1.1", "V2", "V3", "V4"])
def test_what_is_written_can_be_merged_into_by_the_next_run(tmp_path: Path, version: str) -> None:
    for name in ("a", "b"):
        pact = Pact("consumer", "provider").with_specification(version)
        interaction = (
            pact.upon_receiving(name).given("s").with_request("POST", f"/{name}").with_query_parameters("x=1&x=2")
        )
        interaction.with_header("X", "1").with_body({"n": 1}).will_respond_with(200).with_body(
            "<a/>", "application/xml"
        )
        pact.write_file(tmp_path)
    content = json.loads((tmp_path / "consumer-provider.json").read_text())
    assert [item["description"] for item in content["interactions"]] == ["a", "b"]
