"""Natural user code for the modern API: ``mypy --strict`` must accept it as it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import requests

from pact import Pact, Verifier, generate, match, xml
from pact.error import (
    BodyMismatch,
    HeaderMismatch,
    InteractionVerificationError,
    Mismatch,
    MismatchesError,
    PactVerificationError,
    RequestMismatch,
)
from pact.interaction import Interaction
from pact.match.matcher import AbstractMatcher
from pact.pact import AsyncMessageInteraction, HttpInteraction, PactServer, SyncMessageInteraction
from pact.types import Message
from pact_ffi import PactSpecification


def pact() -> Iterator[Pact]:
    made = Pact("consumer", "provider").with_specification("V4").with_metadata("team", {"name": "blue"})
    yield made
    made.write_file(Path("pacts"))
    made.write_file("pacts", overwrite=True)


def http(pact: Pact) -> None:
    body: dict[str, Any] = {"id": match.int(1), "name": match.str("x"), "tags": match.each_like("a", min=1)}
    interaction: HttpInteraction = (
        pact.upon_receiving("a request")
        .given("a user", id=1, name="Bob")
        .given("an admin", {"id": 2})
        .with_request("GET", match.regex("/users/1", regex=r"/users/\d+"))
        .with_header("Accept", "application/json")
        .with_headers({"X-A": "1", "X-B": match.like("2")})
        .with_query_parameter("q", "1")
        .with_query_parameters({"a": "1", "b": ["2", "3"]})
        .will_respond_with(200)
        .with_header("X", "1", part="Response")
        .with_body(body)
        .with_body(match.like({"a": 1}), "application/json")
        .with_body("text", content_type="text/plain", part="Request")
        .set_pending(pending=True)
        .set_key("k")
        .set_comment("a", {"b": 1})
        .add_text_comment("c")
        .test_name("t")
        .add_external_reference("a", "b", "c")
        .with_matching_rules({"body": {"$.a": {"matchers": [{"match": "type"}]}}})
        .with_generators({"body": {"$.a": generate.uuid()}})
        .with_multipart_file("f", Path("x"), "text/plain")
        .with_binary_body(b"x", "image/png")
    )
    interaction.with_headers([("A", "1"), ("A", "2")]).set_headers({"B": "1"}).set_header("C", "1")
    with pact.serve() as server:
        response = requests.get(f"{server.url}/users/1")
        requests.get(server.url / "users" / "1")
        port: int | None = server.port
        print(response.json(), port, server.host, server.transport, server / "x", server.logs)
        asyncio.run(served(pact))
    assert server.matched
    for mismatch in server.mismatches:
        show(mismatch)


def show(mismatch: Mismatch) -> str:
    if isinstance(mismatch, RequestMismatch):
        return "".join(
            f"{each.path}{each.expected}" if isinstance(each, BodyMismatch) else f"{each.key}"
            for each in mismatch.mismatches
            if isinstance(each, (BodyMismatch, HeaderMismatch))
        )
    return mismatch.type


async def served(pact: Pact) -> None:
    async with pact.serve("localhost", 0, "https", {"corsPreflight": True}, raises=False, verbose=False) as server:
        found: PactServer = server
        print(found.certificate())


def messages(pact: Pact) -> None:
    event: AsyncMessageInteraction = pact.upon_receiving("an event", "Async")
    event.with_body({"a": 1}).with_metadata({"k": "v"}).with_metadata(topic="t", n=1).given("s")
    call: SyncMessageInteraction = pact.upon_receiving("a call", "Sync").with_body("q").will_respond_with()
    call.with_body("a")

    def handler(body: str | bytes | None, metadata: dict[str, Any]) -> None:
        print(body, metadata)

    pact.verify(handler, "Async")
    errors: list[InteractionVerificationError] | None = pact.verify(handler, kind="Sync", raises=False)
    for each in errors or []:
        print(each.description, each.error)
    for item in pact.interactions("Async"):
        listed: Interaction = item
        for state in listed.provider_states():
            name: str = state.name
            print(name, list(state.parameters()))


def matchers() -> dict[str, AbstractMatcher[Any]]:
    return {
        "date": match.date(date(2024, 1, 1)),
        "format": match.datetime("2024-01-01 00:00", "%Y-%m-%d %H:%M"),
        "like": match.like({"a": [1, 2]}, min=None),
        "each": match.each_like({"id": match.integer()}, min=1, max=3),
        "contains": match.array_containing([match.int(1), match.str("x")]),
        "keys": match.each_key_matches({"a": 1}, rules=match.regex("a", regex="[a-z]")),
        "generated": match.str("x", generator=generate.regex("[a-z]{3}")),
    }


def documents(pact: Pact) -> None:
    root = xml.element("a", xml.element("b", match.int(1)).each(min=1), attrs={"x": "1"})
    pact.upon_receiving("xml").with_request("POST", "/").with_body(xml.body(root), "application/xml")


def failures(pact: Pact) -> None:
    try:
        with pact.serve():
            pass
    except MismatchesError as error:
        print([each.type for each in error.mismatches])
    except PactVerificationError as error:
        print([each.description for each in error.errors])
    if pact.specification >= PactSpecification.V4:
        print(pact.consumer, pact.provider)


def provider() -> None:
    def producer(name: str, metadata: dict[str, Any] | None) -> Message:
        return Message(contents=b"{}", metadata=None, content_type="application/json")

    Verifier("provider").add_transport(url="http://localhost:8080").add_source("pacts").message_handler(
        producer
    ).verify()
