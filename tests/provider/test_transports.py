"""An interaction is verified at the transport that it names, or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import PactWarning, UsageError, VerificationError
from pact_ffi.provider.verifier import Verifier
from pact_ffi.provider.wire import Request

from .conftest import Provider, http_interaction, message, pact

Write = Callable[..., Path]
ORDER = {"id": 5}
HTTP_NAMES = "http", "https"
MESSAGE_NAMES = "message", "async-message", "sync-message"
OTHERS = "nope", "grpc", "HTTP", "kafka", "../x", "a b/c?d#e", "é", "%2e%2e", "x" * 300


def asked(**changes: Any) -> dict[str, Any]:
    response = {"status": 200, "body": {"content": ORDER, "contentType": "application/json", "encoded": False}}
    return http_interaction(request={"method": "POST", "path": "/"}, response=response, **changes)


def synchronous(**changes: Any) -> dict[str, Any]:
    contents = {"contents": {"content": ORDER, "contentType": "application/json", "encoded": False}}
    kind = {"type": "Synchronous/Messages", "description": "ask"}
    return {**kind, "request": contents, "response": [contents], **changes}


KINDS = {"http": asked, "message": lambda **changes: message("order", ORDER, **changes), "ask": synchronous}


@pytest.fixture()
def providers(provider: Provider, other_provider: Provider) -> tuple[Provider, Provider]:
    for each in (provider, other_provider):
        each.answers["POST", "/"] = (200, ORDER)
    return provider, other_provider


def outcome(verifier: Verifier) -> str:
    """Return the report, or "" when it passes; it is the same on an event loop."""
    said = []
    for way in (verifier.verify, lambda: asyncio.run(verifier.verify_async())):
        try:
            way()
            said.append("")
        except VerificationError as error:
            said.append(str(error))
    assert said[0] == said[1]
    return said[0]


def served(providers: tuple[Provider, Provider]) -> str:
    """Say who was asked since the last time."""
    names = [name for name, each in zip(("main", "other"), providers, strict=True) if each.requests]
    for each in providers:
        each.requests.clear()
    return " and ".join(names) or "nobody"


@pytest.mark.parametrize("name", [*OTHERS, *HTTP_NAMES, *MESSAGE_NAMES, ""])
@pytest.mark.parametrize("kind", KINDS)
def test_an_interaction_is_verified_at_its_transport_or_not_at_all(
    kind: str, name: str, providers: tuple[Provider, Provider], write: Write
) -> None:
    known = ("", *HTTP_NAMES, *(() if kind == "http" else MESSAGE_NAMES))
    source = write(pact(KINDS[kind](transport=name)))
    verifier = Verifier("CustomerService").add_transport(providers[0].url).add_source(source)
    said = outcome(verifier)
    assert served(providers) == ("main" if name in known else "nobody")
    assert bool(said) == (name not in known), said
    if said:
        assert f"the interaction is for the transport {name!r}, and the transports that were added are: 'http'" in said
    if name in OTHERS:
        assert outcome(verifier.add_transport(name, url=providers[1].url)) == ""
        assert served(providers) == "other"


@pytest.mark.parametrize("name", [*OTHERS, *HTTP_NAMES, *MESSAGE_NAMES, ""])
@pytest.mark.parametrize("kind", ["message", "ask"])
def test_a_message_handler_stands_for_every_transport_that_nobody_added(
    kind: str, name: str, providers: tuple[Provider, Provider], write: Write
) -> None:
    source = write(pact(KINDS[kind](transport=name)))
    verifier = Verifier("CustomerService").add_source(source).add_transport(providers[0].url)
    assert outcome(verifier.message_handler(lambda: ORDER)) == ""
    assert "body $.id" in outcome(verifier.message_handler(lambda: {"id": 6}))
    assert served(providers) == "nobody"


@pytest.mark.parametrize("name", ["kafka", *HTTP_NAMES, *MESSAGE_NAMES, "", None])
@pytest.mark.parametrize("kind", ["message", "ask"])
def test_the_status_of_a_message_counts_whatever_its_transport_is_called(
    kind: str, name: str | None, providers: tuple[Provider, Provider], write: Write
) -> None:
    source = write(pact(KINDS[kind](**({} if name is None else {"transport": name}))))
    verifier = Verifier("CustomerService").add_transport(providers[0].url).add_source(source)
    if name == "kafka":
        verifier.add_transport("kafka", url=providers[0].url)
    assert outcome(verifier) == ""
    providers[0].answers["POST", "/"] = (500, ORDER)
    assert "answered 500" in outcome(verifier)


@pytest.mark.parametrize("name", ["admin", "http", "", None])
@pytest.mark.parametrize("main", ["admin", "http"])
def test_a_request_filter_sees_the_requests_of_every_transport(
    name: str | None, main: str, providers: tuple[Provider, Provider], write: Write
) -> None:
    seen: list[str] = []

    def changed(request: Request) -> None:
        seen.append(request.target)
        request.headers["X-Seen"] = "yes"

    source = write(pact(asked(**({} if name is None else {"transport": name}))))
    verifier = Verifier("CustomerService").add_source(source).request_filter(changed)
    verifier.add_transport(main, url=providers[0].url)
    verifier.add_transport("http" if main == "admin" else "admin", url=providers[1].url)
    assert outcome(verifier) == ""
    requests = [request for each in providers for request in each.requests]
    assert seen == ["/"] * 2 and [headers.get("X-Seen") for _, _, headers, _ in requests] == ["yes"] * 2
    assert served(providers) == ("main" if (name or "http") == main else "other")


def test_interactions_of_one_pact_go_to_their_own_transports(
    providers: tuple[Provider, Provider], write: Write
) -> None:
    mixed = [asked(), asked(description="admin", transport="admin"), asked(description="nope", transport="nope")]
    messages = [message("plain", ORDER), message("kafka", ORDER, transport="kafka")]
    source = write(pact(*mixed, *messages))
    verifier = Verifier("CustomerService").add_source(source).add_transport(providers[0].url)
    verifier.add_transport("admin", url=providers[1].url).add_transport("kafka", url=providers[1].url)
    said = outcome(verifier)
    assert "transport 'nope', and the transports that were added are: 'http', 'admin', 'kafka'" in said
    assert "failed: 1 of 5 interactions" in said
    assert [len(each.requests) for each in providers] == [4, 4]
    assert outcome(verifier.filter("admin|kafka|plain")) == ""


def test_a_pending_interaction_with_an_unknown_transport_fails_nothing(
    providers: tuple[Provider, Provider], write: Write
) -> None:
    source = write(pact(asked(transport="nope", pending=True)))
    with pytest.warns(PactWarning, match="transport 'nope'"):
        assert outcome(Verifier("CustomerService").add_transport(providers[0].url).add_source(source)) == ""


def test_an_application_speaks_http_alone(write: Write) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        yield json.dumps(ORDER).encode()

    source = write(pact(asked(transport="http"), asked(description="other", transport="other")))
    verifier = Verifier("CustomerService").app(app).add_source(source)
    said = outcome(verifier)
    assert "transport 'other', and the transports that were added are: none" in said and "failed: 1 of 2" in said
    with pytest.raises(UsageError, match="an application and the URL of a provider were given: choose one"):
        verifier.add_transport("http://localhost:1").verify()
