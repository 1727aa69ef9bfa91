"""What a person sees when a provider fails: docs/when-a-provider-fails.md to the letter, and what is never shown."""

from __future__ import annotations

import logging
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, pact

DOCS: Any = runpy.run_path(str(Path(__file__).parents[2] / "ci" / "reports.py"))
EXAMPLES = DOCS["examples"](DOCS["PROVIDER_REPORTS"])
Write = Callable[..., Path]


def test_there_are_at_least_ten_typical_failures() -> None:
    assert [title.split(".")[0] for title, _, _ in EXAMPLES] == [str(number) for number in range(1, 18)]


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
