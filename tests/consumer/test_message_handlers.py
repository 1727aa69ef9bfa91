"""``Pact.verify`` hands messages to the consumer's own handlers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pact import Pact, generate, match
from pact.error import InteractionVerificationError, PactVerificationError


class Seen(list):
    """A handler that remembers."""

    def __call__(self, body: Any, metadata: dict[str, Any]) -> None:
        self.append((body, metadata))


@pytest.fixture(params=["V3", "V4"])
def pact(request: pytest.FixtureRequest) -> Pact:
    return Pact("consumer", "provider").with_specification(request.param)


def test_each_message_is_handed_over(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body({"n": match.int(1)}).with_metadata(topic="t")
    pact.upon_receiving("two", "Async").with_body("text", "text/plain")
    seen = Seen()
    assert pact.verify(seen, "Async") is None
    assert json.loads(seen[0][0]) == {"n": 1}
    assert seen[0][1] == {"contentType": "application/json", "topic": "t"}
    assert seen[1] == ("text", {"contentType": "text/plain"})


@pytest.mark.parametrize(
    ("body", "kind", "received"),
    [
        ("text", "text/plain", "text"),
        ("<a/>", "application/xml", "<a/>"),
        ('"quoted"', "application/json", '"quoted"'),
        ("12", "text/plain", "12"),
        ("Ü😀", "text/plain", "Ü😀"),
    ],
)
def test_text_arrives_as_text(pact: Pact, body: str, kind: str, received: str) -> None:
    pact.upon_receiving("one", "Async").with_body(body, kind)
    seen = Seen()
    pact.verify(seen, "Async")
    assert seen[0][0] == received


@pytest.mark.parametrize("value", [[1, "2"], {"a": None}, 5, True, {"nested": {"x": [{}]}}], ids=str)
def test_values_arrive_as_json_text(pact: Pact, value: object) -> None:
    pact.upon_receiving("one", "Async").with_body(value)
    seen = Seen()
    pact.verify(seen, "Async")
    assert isinstance(seen[0][0], str)
    assert json.loads(seen[0][0]) == value


@pytest.mark.parametrize("kind", ["application/octet-stream", "image/png"])
def test_binary_data_arrives_as_bytes(pact: Pact, kind: str) -> None:
    pact.upon_receiving("one", "Async").with_binary_body(bytes(range(256)), kind)
    seen = Seen()
    pact.verify(seen, "Async")
    assert seen[0][0] == bytes(range(256))


def test_a_message_without_contents(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_metadata({"a": "b"})
    seen = Seen()
    pact.verify(seen, "Async")
    assert seen == [(None, {"a": "b"})]


def test_metadata_arrives_as_json_types(pact: Pact) -> None:
    metadata = {"bar": 1.23, "n": 1, "flag": True, "list": [1], "object": {"a": {"b": 1}}, "text": "1"}
    pact.upon_receiving("one", "Async").with_metadata(metadata)
    seen = Seen()
    pact.verify(seen, "Async")
    assert seen[0][1] == metadata
    assert {key: type(value) for key, value in seen[0][1].items()} == {
        key: type(value) for key, value in metadata.items()
    }


def test_generators_make_new_values(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body({"id": match.uuid(), "n": generate.int(min=5, max=6)})
    seen = Seen()
    pact.verify(seen, "Async")
    pact.verify(seen, "Async")
    first, second = (json.loads(body) for body, _ in seen)
    assert first["id"] != second["id"]
    assert first["n"] in (5, 6)


def test_generators_in_metadata_make_new_values_too(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body("x").with_metadata({"id": match.uuid()})
    seen = Seen()
    pact.verify(seen, "Async")
    pact.verify(seen, "Async")
    assert re.fullmatch("[0-9a-f-]{36}", seen[0][1]["id"])
    assert seen[0][1]["id"] != seen[1][1]["id"]


def test_a_failing_handler_is_an_assertion_that_names_the_message(pact: Pact) -> None:
    pact.upon_receiving("fine", "Async").with_body({"ok": True})
    pact.upon_receiving("not fine", "Async").with_body({"ok": False})

    def handler(body: Any, metadata: dict[str, Any]) -> None:
        if not json.loads(body)["ok"]:
            raise KeyError("missing")

    with pytest.raises(PactVerificationError) as caught:
        pact.verify(handler, "Async")
    (error,) = caught.value.errors
    assert isinstance(error, InteractionVerificationError)
    assert error.description == "not fine"
    assert isinstance(error.error, KeyError)
    assert str(caught.value) == "Message handlers failed:\n- not fine: KeyError: 'missing'"
    assert isinstance(caught.value, AssertionError)


def test_raises_false_returns_the_failures(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body("x")

    def handler(body: Any, metadata: dict[str, Any]) -> None:
        raise ValueError(body)

    (error,) = pact.verify(handler, "Async", raises=False) or []
    assert (error.description, str(error.error)) == ("one", "x")
    assert pact.verify(lambda body, metadata: None, "Async", raises=False) == []


def test_ctrl_c_in_a_handler_ends_the_test(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body("x")

    def handler(body: Any, metadata: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pact.verify(handler, "Async")


def test_a_pact_without_messages_of_the_kind_fails(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body("x")
    with pytest.raises(RuntimeError, match="no Sync message between 'consumer' and 'provider'"):
        pact.verify(Seen(), "Sync")


@pytest.mark.parametrize("kind", ["HTTP", "async", "All", ""])
def test_unknown_kinds_are_refused(pact: Pact, kind: str) -> None:
    with pytest.raises(ValueError, match="Invalid message type"):
        pact.verify(Seen(), kind)  # type: ignore[arg-type]


def test_the_request_of_a_synchronous_message_is_handed_over() -> None:
    pact = Pact("consumer", "provider")
    call = pact.upon_receiving("a call", "Sync").with_body({"q": match.like("?")}).with_metadata(to="service")
    call.will_respond_with().with_body({"a": 1})
    seen = Seen()
    pact.verify(seen, "Sync")
    assert [json.loads(body) for body, _ in seen] == [{"q": "?"}]
    assert seen[0][1]["to"] == "service"


def test_what_the_handler_returns_is_ignored_for_synchronous_messages() -> None:
    pact = Pact("consumer", "provider")
    pact.upon_receiving("a call", "Sync").with_body("q").will_respond_with().with_body("a")
    assert pact.verify(lambda body, metadata: "something else", "Sync") is None


def test_http_interactions_beside_messages_are_left_alone() -> None:
    pact = Pact("consumer", "provider")
    pact.upon_receiving("a request").with_request("GET", "/")
    pact.upon_receiving("one", "Async").with_body("x")
    seen = Seen()
    pact.verify(seen, "Async")
    assert len(seen) == 1


async def coroutine(body: str, metadata: object) -> None:
    await asyncio.sleep(0)
    raise ValueError(f"cannot digest {body}")


def generator(body: str, metadata: object) -> Iterator[None]:
    yield
    raise ValueError(f"cannot digest {body}")


async def async_generator(body: str, metadata: object) -> AsyncIterator[None]:
    yield
    raise ValueError(f"cannot digest {body}")


class Awaitable:
    def __init__(self, body: str, metadata: object) -> None:
        self.body = body

    def __await__(self) -> Iterator[None]:
        return coroutine(self.body, {}).__await__()


UNUSUAL = {
    "coroutine": coroutine,
    "generator": generator,
    "async generator": async_generator,
    "context manager": contextlib.contextmanager(generator),
    "async context manager": contextlib.asynccontextmanager(async_generator),
    "awaitable": Awaitable,
    "partial": functools.partial(coroutine),
    "lambda": lambda body, metadata: coroutine(body, metadata),
}


@pytest.mark.parametrize("inside", [False, True], ids=["plain", "inside a running loop"])
@pytest.mark.parametrize("handler", UNUSUAL.values(), ids=list(UNUSUAL))
def test_whatever_is_called_is_run_to_its_end(pact: Pact, handler: Any, inside: bool) -> None:
    for name in "ab":
        pact.upon_receiving(name, "Async").with_body({"name": name})

    def verified() -> Any:
        return pact.verify(handler, "Async", raises=False)

    async def within() -> Any:
        return verified()

    errors = asyncio.run(within()) if inside else verified()
    assert [error.description for error in errors] == ["a", "b"]
    assert [str(error.error).replace(" ", "") for error in errors] == [
        'cannotdigest{"name":"a"}',
        'cannotdigest{"name":"b"}',
    ]


def test_coroutines_share_an_event_loop(pact: Pact) -> None:
    loops = set()

    async def handler(body: str, metadata: object) -> None:
        loops.add(id(asyncio.get_running_loop()))

    for name in "abc":
        pact.upon_receiving(name, "Async").with_body(name)
    pact.verify(handler, "Async")
    assert len(loops) == 1


def test_a_handler_that_ends_the_program_has_failed(pact: Pact) -> None:
    pact.upon_receiving("one", "Async").with_body("text")
    with pytest.raises(PactVerificationError, match=r"the handler ended the program: SystemExit\(0\)"):
        pact.verify(lambda body, metadata: sys.exit(0), "Async")


@pytest.mark.parametrize("handler", [None, "handle", {}], ids=repr)
def test_what_cannot_be_called_is_refused(pact: Pact, handler: Any) -> None:
    pact.upon_receiving("one", "Async").with_body("text")
    with pytest.raises(ValueError, match="the handler must be a function"):
        pact.verify(handler, "Async")
