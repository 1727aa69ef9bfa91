"""What a version of the specification cannot express is refused, naming the version that can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, generate, match, xml
from pact.error import SpecificationError
from pact_ffi import PactSpecification

Story = Callable[[Pact], Any]


def http(pact: Pact):
    return pact.upon_receiving("something").with_request("POST", "/")


def multipart(pact: Pact) -> None:
    http(pact).with_multipart_file("a", Path(__file__), "text/plain")


FEATURES: list[tuple[str, Story, str]] = [
    ("like", lambda p: http(p).with_body({"a": match.like(1)}), "V2"),
    ("each_like", lambda p: http(p).with_body({"a": match.each_like(1, min=1)}), "V2"),
    ("regex", lambda p: http(p).with_body({"a": match.regex("1", regex=r"\d")}), "V2"),
    ("like with limits", lambda p: http(p).with_body(match.like([1], min=1, max=3)), "V2"),
    ("header matcher", lambda p: http(p).with_header("X", match.regex("1", regex=r"\d")), "V2"),
    ("query matcher", lambda p: http(p).with_query_parameter("q", match.regex("1", regex=r"\d")), "V2"),
    ("path matcher", lambda p: p.upon_receiving("a").with_request("GET", match.regex("/1", regex=r"/\d")), "V2"),
    ("matching rules", lambda p: http(p).with_matching_rules({"body": {"$": {"matchers": [{"match": "type"}]}}}), "V2"),
    ("int", lambda p: http(p).with_body({"a": match.int(1)}), "V3"),
    ("decimal", lambda p: http(p).with_body({"a": match.decimal(1.5)}), "V3"),
    ("number", lambda p: http(p).with_body({"a": match.number(1)}), "V3"),
    ("bool", lambda p: http(p).with_body({"a": match.bool(True)}), "V3"),
    ("date", lambda p: http(p).with_body({"a": match.date("2024-01-01")}), "V3"),
    ("time", lambda p: http(p).with_body({"a": match.time("12:00:00")}), "V3"),
    ("datetime", lambda p: http(p).with_body({"a": match.datetime("2024-01-01T12:00:00")}), "V3"),
    ("includes", lambda p: http(p).with_body({"a": match.includes("x")}), "V3"),
    ("null", lambda p: http(p).with_body({"a": match.null()}), "V3"),
    ("generator", lambda p: http(p).with_body({"a": generate.int(min=1, max=2)}), "V3"),
    ("generators", lambda p: http(p).with_body({"a": 1}).with_generators({"body": {"$.a": {"type": "Uuid"}}}), "V3"),
    ("two states", lambda p: http(p).given("a").given("b"), "V3"),
    ("state parameters", lambda p: http(p).given("a", x=1), "V3"),
    ("multipart", multipart, "V3"),
    ("message", lambda p: p.upon_receiving("a", "Async").with_body({"a": 1}), "V3"),
    ("array_containing", lambda p: http(p).with_body({"a": match.array_containing([1])}), "V4"),
    ("each_key_matches", lambda p: http(p).with_body(match.each_key_matches({"a": 1}, rules=match.like("x"))), "V4"),
    ("each_value_matches", lambda p: http(p).with_body(match.each_value_matches({"a": 1}, rules=match.like(1))), "V4"),
    ("not_empty", lambda p: http(p).with_body({"a": match.not_empty("x")}), "V4"),
    ("semver", lambda p: http(p).with_body({"a": match.semver("1.2.3")}), "V4"),
    ("mock_server_url", lambda p: http(p).with_body(
        {"a": match.like("http://x/1", generator=generate.mock_server_url(".*(/\\d)$", "http://x/1"))}), "V4"),
    ("key", lambda p: http(p).set_key("k"), "V4"),
    ("pending", lambda p: http(p).set_pending(pending=True), "V4"),
    ("comment", lambda p: http(p).set_comment("a", 1), "V4"),
    ("text comment", lambda p: http(p).add_text_comment("a"), "V4"),
    ("test name", lambda p: http(p).test_name("a"), "V4"),
    ("reference", lambda p: http(p).add_external_reference("a", "b", "c"), "V4"),
    ("sync message", lambda p: p.upon_receiving("a", "Sync").with_body("a").will_respond_with().with_body("b"), "V4"),
    ("status matcher", lambda p: http(p).will_respond_with(
        {"pact:matcher:type": "statusCode", "status": "success", "value": 200}), "V4"),
    ("status rule", lambda p: http(p).will_respond_with(200).with_matching_rules(
        {"status": {"matchers": [{"match": "statusCode", "status": "success"}]}}), "V4"),
    ("V3 rule", lambda p: http(p).with_body({"a": 1}).with_matching_rules(
        {"body": {"$.a": {"matchers": [{"match": "integer"}]}}}), "V3"),
    ("http and message", lambda p: (http(p), p.upon_receiving("b", "Async").with_body("x")), "V4"),
    ("xml matcher", lambda p: http(p).with_body(xml.body(xml.element("a", match.int(1))), "application/xml"), "V3"),
    ("message metadata", lambda p: p.upon_receiving("a", "Async").with_body("a").with_metadata({"a": "b"}), "V3"),
]  # fmt: skip
CASES = [
    pytest.param(story, needs, version, id=f"{name}-{version}")
    for name, story, needs in FEATURES
    for version in ("V1", "V1.1", "V2", "V3", "V4")
]


@pytest.mark.parametrize(("story", "needs", "version"), CASES)
def test_a_version_expresses_it_or_names_the_one_that_does(
    pact: Pact, written, story: Story, needs: str, version: str
) -> None:
    pact.with_specification(version)
    story(pact)
    if pact.specification >= PactSpecification.from_str(needs):
        assert written(pact)
        return
    with pytest.raises(SpecificationError) as caught:
        written(pact)
    assert f"{needs} or later" in str(caught.value) or f"specification {needs}" in str(caught.value)
    assert f"this pact is {pact.specification}" in str(caught.value)


@pytest.mark.parametrize(
    ("story", "needs"),
    [
        pytest.param(story, needs, id=name)
        for name, story, needs in FEATURES
        if name not in ("message", "sync message", "http and message", "message metadata")
    ],
)
def test_it_is_refused_before_it_is_served(pact: Pact, story: Story, needs: str) -> None:
    pact.with_specification("V1")
    story(pact)
    with pytest.raises(SpecificationError):
        with pact.serve():
            pass


def test_the_error_names_the_interaction_and_is_a_value_error(pact: Pact, tmp_path: Path) -> None:
    pact.with_specification("V3").upon_receiving("my interaction").set_key("k")
    with pytest.raises(
        ValueError, match="interaction 'my interaction': key needs specification V4 or later, but this pact is V3"
    ):
        pact.write_file(tmp_path)


def test_the_version_may_be_chosen_last(pact: Pact, written) -> None:
    pact.upon_receiving("something").with_request("GET", "/").with_body({"a": match.like(1)})
    assert written(pact)["metadata"]["pactSpecification"]["version"] == "4.0"
    pact.with_specification("2")
    content = written(pact)
    assert content["metadata"]["pactSpecification"]["version"] == "2.0.0"
    assert content["interactions"][0]["request"]["matchingRules"] == {"$.body.a": {"match": "type"}}


def test_rules_of_v2_files_are_keyed_by_the_whole_path(pact: Pact, written) -> None:
    pact.with_specification("2")
    interaction = pact.upon_receiving("something").with_request("GET", match.regex("/1", regex=r"/\d"))
    interaction.with_header("X-A", match.regex("1", regex=r"\d")).with_query_parameter("q", match.like("x"))
    interaction.with_body({"list": match.each_like({"id": match.like(1)}, min=2)})
    rules = written(pact)["interactions"][0]["request"]["matchingRules"]
    assert rules["$.path"] == {"match": "regex", "regex": r"/\d"}
    assert rules["$.body.list"] == {"match": "type", "min": 2}
    assert rules["$.body.list[*].id"] == {"match": "type"}
    assert {rule["match"] for name, rule in rules.items() if name.startswith(("$.header", "$.query"))} == {
        "regex",
        "type",
    }


def test_rules_of_v3_files_are_grouped(pact: Pact, written) -> None:
    pact.with_specification("3")
    pact.upon_receiving("something").with_request("POST", "/").with_body({"a": match.int(1), "b": generate.uuid()})
    request = written(pact)["interactions"][0]["request"]
    assert request["matchingRules"]["body"]["$.a"] == {"combine": "AND", "matchers": [{"match": "integer"}]}
    assert request["generators"]["body"]["$.b"]["type"] == "Uuid"


def test_messages_of_v3_files_stand_in_a_list_of_their_own(pact: Pact, written) -> None:
    pact.with_specification("3")
    pact.upon_receiving("a message", "Async").given("a", x=1).with_body({"a": match.int(1)}).with_metadata({"k": "v"})
    content = written(pact)
    (message,) = content["messages"]
    assert "interactions" not in content
    assert message["contents"] == {"a": 1}
    assert message["providerStates"] == [{"name": "a", "params": {"x": 1}}]
    assert message["metadata"]["k"] == "v"
    assert message["matchingRules"]["body"]["$.a"]["matchers"] == [{"match": "integer"}]
