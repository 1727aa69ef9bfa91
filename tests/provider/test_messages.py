"""Messages: what producers may be and return, beside HTTP in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, message, pact

Write = Callable[..., Path]
STATE = {"providerStates": [{"name": "an order exists", "params": {"id": 5}}]}


@pytest.fixture()
def run(write: Write) -> Callable[..., Verifier]:
    def verified(handler: Any, *interactions: Any) -> Verifier:
        source = write(pact(*(interactions or [message("order created", {"id": 5})])))
        return Verifier("CustomerService").add_source(source).message_handler(handler).verify()

    return verified


Run = Callable[..., Verifier]


async def asynchronous(name: str) -> dict[str, Any]:
    return {"id": 5}


@pytest.mark.parametrize(
    "handler",
    [
        lambda name, metadata: {"contents": b'{"id": 5}', "metadata": None, "content_type": "application/json"},
        lambda name: {"id": 5},
        lambda: '{"id": 5}',
        lambda *args, **kwargs: b'{"id": 5}',
        asynchronous,
        {"order created": lambda: {"id": 5}},
        {"order created": asynchronous},
        {"order created": lambda name, metadata: {"id": 5, **metadata}},
        {"order created": {"id": 5}},
        {"order created": b'{"id": 5}'},
        {"order created": {"contents": b'{"id": 5}', "content_type": "application/json"}},
        {"an order exists": lambda parameters: {"id": parameters["id"]}},
    ],
)
def test_a_message_may_come_in_many_forms(run: Run, handler: Any) -> None:
    run(handler, message("order created", {"id": 5}, **STATE))


def test_metadata_is_verified(run: Run) -> None:
    asked = message("order created", {"id": 5}, metadata={"topic": "orders", "contentType": "application/json"})
    run(lambda: {"contents": b'{"id": 5}', "metadata": {"topic": "orders"}, "content_type": "application/json"}, asked)
    with pytest.raises(VerificationError, match="metadata topic"):
        run(lambda: {"id": 5}, asked)


def test_text_and_binary_contents(run: Run) -> None:
    text = message("text", "hello", contents={"content": "hello", "contentType": "text/plain", "encoded": False})
    binary = {"content": "/wAB", "contentType": "application/octet-stream", "encoded": "base64"}
    run({"text": "hello", "binary": b"\xff\x00\x01"}, text, message("binary", None, contents=binary))


def test_a_synchronous_message_gets_the_request(run: Run) -> None:
    contents = {"contentType": "application/json", "encoded": False}
    asked = {
        "type": "Synchronous/Messages",
        "description": "ask",
        "request": {"contents": {"content": {"n": 1}, **contents}, "metadata": {"k": "v"}},
        "response": [{"contents": {"content": {"n": 2}, **contents}}],
    }
    run(lambda request, metadata: {"n": request["n"] + len(metadata)}, asked)
    with pytest.raises(VerificationError, match="raised ZeroDivisionError"):
        run(lambda request: 1 // 0, asked)


def test_a_producer_that_raises_is_the_failure(run: Run) -> None:
    def produce() -> None:
        raise LookupError("no order")

    with pytest.raises(VerificationError) as caught:
        run(produce)
    lines = str(caught.value).splitlines()
    assert lines[0] == "message handler 'order created' raised LookupError: no order"
    assert lines[2].endswith("in produce")


def test_a_producer_that_raises_fails_though_the_core_would_pass_it(run: Run) -> None:
    asked = message("anything", {})
    with pytest.raises(VerificationError, match="raised ZeroDivisionError"):
        run(lambda: 1 // 0, asked)


@pytest.mark.parametrize("returned", [None, object(), {"contents": None}, {"contents": b"x", "metadata": 5}])
def test_a_wrong_return_is_named(run: Run, returned: Any) -> None:
    with pytest.raises(VerificationError, match="order created"):
        run(lambda: returned)


def test_an_unknown_message_names_the_known_ones(run: Run) -> None:
    with pytest.raises(VerificationError, match="no handler for message 'order created'; there are handlers for 'x'"):
        run({"x": b""})


def test_http_and_messages_in_one_run(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "Alice"})
    source = write(pact(http_interaction(), message("order created", {"id": 5})))
    both = Verifier("CustomerService").add_transport(url=provider.url).add_source(source)
    both.message_handler({"order created": {"id": 6}})
    with pytest.raises(VerificationError, match="failed: 1 of 2 interactions"):
        both.verify()
    assert [path for _, path, _, _ in provider.requests] == ["/customers/123"]
    both.message_handler({"order created": {"id": 5}}).verify()


def test_v3_message_pacts(write: Write) -> None:
    document = {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "messages": [{"description": "order", "contents": {"id": 5}, "metaData": {"contentType": "application/json"}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    Verifier("p").add_source(write(document)).message_handler({"order": {"id": 5}}).verify()
    with pytest.raises(VerificationError, match="id"):
        Verifier("p").add_source(write(json.dumps(document))).message_handler({"order": {"id": 6}}).verify()
