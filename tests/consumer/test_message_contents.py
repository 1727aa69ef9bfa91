"""What a consumer's test gets of a message: contents and metadata, generators applied."""

from __future__ import annotations

import gc
import json
import re
from typing import Any

import pytest

from pact import Pact, generate, match
from pact.error import UsageError

BODIES: dict[str, tuple[Any, str | None, Any]] = {
    "an object": ({"a": [1, None]}, None, '{"a": [1, null]}'),
    "matchers": ({"a": match.int(1)}, None, '{"a": 1}'),
    "text": ("Ü", "text/plain", "Ü"),
    "XML": ("<a/>", "application/xml", "<a/>"),
    "bytes": (b"\0\xff", None, b"\0\xff"),
    "empty text": ("", "text/plain", ""),
}


@pytest.fixture
def pact() -> Pact:
    return Pact("client", "server")


@pytest.mark.parametrize(("body", "kind", "received"), BODIES.values(), ids=list(BODIES))
def test_contents_of_each_part(pact: Pact, body: Any, kind: str | None, received: Any) -> None:
    pact.upon_receiving("told", "Async").with_body(body, kind)
    asked = pact.upon_receiving("asked", "Sync").with_body(body, kind)
    asked.will_respond_with().with_body({"n": 1}).with_body(body, kind)
    (told,) = pact.interactions("Async")
    assert told.contents.contents == received
    assert asked.request_contents.contents == received
    assert [response.contents for response in asked.response_contents] == ['{"n": 1}', received]


def test_generators_are_applied_in_each_part(pact: Pact) -> None:
    asked = pact.upon_receiving("asked", "Sync").with_body({"id": match.uuid()})
    asked.will_respond_with().with_body({"id": match.uuid()}).with_body({"id": match.int()})
    texts = [asked.request_contents.contents, *(response.contents for response in asked.response_contents)]
    first, second, third = (json.loads(text)["id"] for text in texts)
    assert re.fullmatch(r"[0-9a-f-]{36}", first) and re.fullmatch(r"[0-9a-f-]{36}", second) and first != second
    assert isinstance(third, int)


@pytest.mark.parametrize("version", ["V3", "V4"])
def test_a_generator_of_one_metadata_key_leaves_the_types_alone(version: str) -> None:
    pact = Pact("client", "server").with_specification(version)
    metadata = {"number": 5, "weight": 100.5, "flag": True, "tag": {"a": 1}, "text": "5"}
    message = pact.upon_receiving("m", "Async").with_body({"x": 1}).with_metadata(metadata)
    message.with_generators({"metadata": {"number": {"type": "RandomInt", "min": 7, "max": 9}}})
    received = message.contents.metadata
    assert received.pop("number") in (7, 8, 9)
    assert received == {"contentType": "application/json", "weight": 100.5, "flag": True, "tag": {"a": 1}, "text": "5"}


def test_what_is_generated_for_text_stays_text(pact: Pact) -> None:
    message = pact.upon_receiving("m", "Async").with_body("x")
    message.with_metadata(
        id=match.regex(
            "12",
            regex=r"\d+",
        )
    ).with_metadata(at=match.like("5", generator=generate.int(min=6, max=6)))
    assert message.contents.metadata["at"] == "6"


def test_metadata_of_a_response_without_a_body_is_kept(pact: Pact, only: Any) -> None:
    asked = pact.upon_receiving("asked", "Sync").with_body({"q": 1}).will_respond_with()
    asked.with_metadata({"status": "done"})
    assert [response.metadata for response in asked.response_contents] == [{"status": "done"}]
    (response,) = only(pact)["response"]
    assert response["metadata"] == {"status": "done"}


def test_a_request_without_a_response_has_none(pact: Pact) -> None:
    assert pact.upon_receiving("asked", "Sync").with_body("x").response_contents == []


def test_a_message_without_contents_has_none(pact: Pact) -> None:
    assert pact.upon_receiving("told", "Async").contents == (None, {})


def test_an_interaction_does_not_keep_its_pact_alive() -> None:
    message = Pact("client", "server").upon_receiving("told", "Async").with_body("x")
    gc.collect()
    with pytest.raises(UsageError, match="the pact of this interaction is gone"):
        _ = message.contents
