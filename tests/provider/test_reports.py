"""What a person sees when a provider fails: docs/when-a-provider-fails.md to the letter, and what is never shown."""

from __future__ import annotations

import json
import logging
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from platforms import needs_posix

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, pact

DOCS: Any = runpy.run_path(str(Path(__file__).parents[2] / "ci" / "reports.py"))
EXAMPLES = DOCS["examples"](DOCS["PROVIDER_REPORTS"])
Write = Callable[..., Path]


def test_there_are_at_least_ten_typical_failures() -> None:
    assert [title.split(".")[0] for title, _, _ in EXAMPLES] == [str(number) for number in range(1, 19)]


@needs_posix
@pytest.mark.parametrize(("code", "text"), [pytest.param(code, text, id=title) for title, code, text in EXAMPLES])
def test_the_report_is_what_the_document_shows(code: str, text: str) -> None:
    assert text.strip()
    assert DOCS["provider_report"](code) == text


def test_a_users_exception_is_the_cause(provider: Provider, write: Write) -> None:
    error = LookupError("no database")

    def broken(state: str) -> None:
        raise error

    source = write(pact(http_interaction(providerStates=[{"name": "it exists"}])))
    with pytest.raises(VerificationError) as caught:
        Verifier("CustomerService").add_transport(url=provider.url).add_source(source).state_handler(broken).verify()
    assert caught.value.__cause__ is error


NOT_TOLD = "the core does not tell its body; request_filter(lambda request: None) shows it"
TEXT = 'no <database>, "x\\ny" \\ \x1b[32m    +'
ERRORS: dict[str, tuple[Any, Any, str]] = {  # what is expected, what comes, what the report says of it
    "another object": ({"id": 1}, {"error": TEXT}, f'with the body: {{"error": {json.dumps(TEXT)}}}'),
    "a deep one": (
        {"a": {"b": [1, 2]}, "c": 3},
        {"d": {"b": [1, {"e": None}]}},
        'with the body: {"d": {"b": [1, {"e": null}]}}',
    ),
    "the same key": ({"id": 1}, {"id": 2}, NOT_TOLD),
    "the same key and another": ({"id": 1, "b": 2}, {"id": 2}, NOT_TOLD),
    "a longer list": ([1], [1, 2], "with the body: [1, 2]"),
    "a list for an object": ({"id": 1}, ["no"], 'with the body: ["no"]'),
    "text for an object": ({"id": 1}, "no <database>", "with the body: no <database>"),
    "a secret": ({"id": 1}, {"password": "hunter2"}, 'with the body: {"password": "***(7 characters)"}'),
    "a secret in text": ({"id": 1}, "postgres://me:hunter2@db", "with the body: postgres://***@db"),
    "null": ({"id": 1}, None, "with the body: null"),
    "none was expected": (None, {"error": "no"}, NOT_TOLD),
}


@pytest.mark.parametrize("relayed", [False, True], ids=["by URL", "with a request filter"])
@pytest.mark.parametrize(("expected", "came", "said"), ERRORS.values(), ids=list(ERRORS))
def test_an_error_shows_its_body(
    provider: Provider, write: Write, expected: Any, came: Any, said: str, relayed: bool
) -> None:
    provider.answers["GET", "/customers/123"] = (500, came)
    response = {"status": 200} | ({"body": {"content": expected}} if expected is not None else {})
    others = {"description": "another", "request": {"method": "GET", "path": "/other"}}
    source = write(pact(http_interaction(response=response), http_interaction(response={"status": 418}, **others)))
    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(source)
    if relayed:
        verifier.request_filter(lambda request: None)
    with pytest.raises(VerificationError) as caught:
        verifier.verify()
    text = str(caught.value)
    assert "status: expected 200 but was 500" in text and "hunter2" not in text
    told = next(line for line in text.splitlines() if "body" in line).strip()
    assert told.startswith("with the body: ") if relayed else told == said


def test_credentials_are_in_no_report(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (500, {})
    expected = {"status": 200, "headers": {"Set-Cookie": ["session=s3cret"]}}
    asked = {"method": "GET", "path": "/customers/123", "headers": {"Authorization": ["Bearer s3cret"]}}
    broken = Verifier("CustomerService").add_transport(url=provider.url).add_custom_header("Authorization", "s3cret")
    with pytest.raises(VerificationError) as caught:
        broken.add_source(write(pact(http_interaction(request=asked, response=expected)))).verify()
    assert "Set-Cookie" in str(caught.value) and "s3cret" not in str(caught.value) + repr(broken)


def test_interactions_are_told_as_they_finish(
    provider: Provider, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pact.verifier")
    told: list[int] = []

    def state(state: str) -> None:
        told.append(sum(record.name == "pact.verifier" for record in caplog.records))

    source = write(pact(*(http_interaction(f"number {n:02}", response={"status": 404}) for n in range(25))))
    Verifier("CustomerService").add_transport(url=provider.url).add_source(source).state_handler(state).verify()
    assert told == list(range(25))
    messages = [record.getMessage() for record in caplog.records if record.name == "pact.verifier"]
    assert messages[0] == "BillingService: number 00: passed" and len(messages) == 25
