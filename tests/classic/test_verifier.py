"""The classic Verifier and MessageProvider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request

from pact import MessageProvider, Verifier
from pact_ffi.errors import InvalidInputError, PactException, PactFileError


class Service:
    def __init__(self) -> None:
        self.states: list[Any] = []
        self.headers: list[str | None] = []
        self.name, self.state_status, self.url = "Alice", 200, ""


@pytest.fixture()
def service(served: Any) -> Iterator[Service]:
    app, found = Flask("customers"), Service()

    @app.get("/customers/<int:number>")
    def customer(number: int) -> Any:
        found.headers.append(request.headers.get("X-Token"))
        return jsonify(id=number, name=found.name)

    @app.post("/states")
    def states() -> Any:
        found.states.append(request.json)
        return "out of order" if found.state_status != 200 else "", found.state_status

    with served(app) as port:
        found.url = f"http://127.0.0.1:{port}"
        yield found


def written(folder: Path, consumer: str, **changes: Any) -> str:
    body = {"id": 123, "name": "Alice"}
    interaction = {
        "description": "a customer",
        "providerState": "customer 123 exists",
        "request": {"method": "GET", "path": "/customers/123"},
        "response": {"status": 200, "body": body},
    }
    document = {
        "consumer": {"name": consumer},
        "provider": {"name": "CustomerService"},
        "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": "2.0.0"}},
        **changes,
    }
    path = folder / f"{consumer}-CustomerService.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_a_kept_pact_is_0_and_a_broken_one_1_with_the_report(service: Service, tmp_path: Path) -> None:
    verifier = Verifier(provider="CustomerService", provider_base_url=service.url)
    path = written(tmp_path, "BillingService")
    code, logs = verifier.verify_pacts(path)
    assert (code, logs) == (0, "Verification of provider 'CustomerService' passed: 1 interaction")
    service.name = "Bob"
    code, logs = verifier.verify_pacts(path, verbose=True)
    assert code == 1 and "body $.name" in logs


def test_the_state_url_is_told_the_consumer_as_ever(service: Service, tmp_path: Path) -> None:
    paths = [written(tmp_path, "BillingService"), written(tmp_path, "Shop")]
    verifier = Verifier("CustomerService", service.url)
    code, logs = verifier.verify_pacts(
        *paths, provider_states_setup_url=f"{service.url}/states", headers=["X-Token: abc"], timeout=30
    )
    assert code == 0, logs
    state = {"state": "customer 123 exists", "states": ["customer 123 exists"], "params": {}, "action": "setup"}
    assert service.states == [{"consumer": "BillingService", **state}, {"consumer": "Shop", **state}]
    assert service.headers == ["abc", "abc"]


def test_a_state_url_that_fails_is_quoted(service: Service, tmp_path: Path) -> None:
    service.state_status = 500
    path, url = written(tmp_path, "BillingService"), f"{service.url}/states"
    code, logs = Verifier("CustomerService", service.url).verify_pacts(path, provider_states_setup_url=url)
    assert code == 1 and "answered 500: out of order" in logs
    assert len(service.states) == 1


def test_folders_and_differently_written_names_are_found(service: Service, tmp_path: Path) -> None:
    written(tmp_path, "Billing Service")
    verifier = Verifier("CustomerService", service.url)
    assert verifier.verify_pacts(str(tmp_path))[0] == 0
    assert verifier.verify_pacts(str(tmp_path / "billing_service-customerservice.json"))[0] == 0


def test_missing_and_malformed_files(service: Service, tmp_path: Path) -> None:
    verifier = Verifier("CustomerService", service.url)
    with pytest.raises(PactFileError, match=r"Missing pact files \['nope.json'\]"):
        verifier.verify_pacts("nope.json")
    code, logs = verifier.verify_pacts(written(tmp_path, "BillingService", interactions="x"))
    assert code == 1 and "interactions must be a list" in logs


def test_options_are_checked(service: Service, tmp_path: Path) -> None:
    verifier, path = Verifier("CustomerService", service.url), written(tmp_path, "BillingService")
    with pytest.raises(PactException, match="publish_version"):
        verifier.verify_pacts(path, publish_verification_results=True)
    with pytest.raises(InvalidInputError, match="Name: value"):
        verifier.verify_pacts(path, headers=["X-Token"])
    with pytest.raises(PactException, match="broker required"):
        verifier.verify_with_broker()


TEXTS = {
    "flags": {"enable_pending": "false", "verbose": "1", "publish_verification_results": "no"},
    "numbers": {"timeout": "2.5"},
    "one header": {"headers": "X-Token: abc"},
    "one tag": {"consumer_tags": "main", "provider_tags": "main"},
    "nothing given": {"timeout": None, "headers": None, "provider_states_setup_url": None, "enable_pending": None},
}


@pytest.mark.parametrize("texts", TEXTS)
def test_options_may_be_text_as_environment_variables_are(texts: str, service: Service, tmp_path: Path) -> None:
    code, logs = Verifier("CustomerService", service.url).verify_pacts(written(tmp_path, "Billing"), **TEXTS[texts])
    assert code == 0, logs
    assert service.headers == ["abc" if texts == "one header" else None]


@pytest.mark.parametrize(("name", "value"), [("timeout", "soon"), ("enable_pending", "perhaps"), ("timeout", [1])])
def test_an_option_that_cannot_be_read_is_named(name: str, value: Any, service: Service, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=f"{name} must be"):
        Verifier("CustomerService", service.url).verify_pacts(written(tmp_path, "Billing"), **{name: value})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_the_answer_and_is_not_followed(status: int, tmp_path: Path, served: Any) -> None:
    app = Flask("moved")
    app.add_url_rule("/old", "old", view_func=lambda: ("", status, {"Location": "/new"}))
    app.add_url_rule("/new", "new", view_func=lambda: ("", 200))
    answered = {"description": "old", "request": {"method": "GET", "path": "/old"}}
    with served(app) as port:
        verifier = Verifier("CustomerService", f"http://127.0.0.1:{port}")
        for expected, code in ((status, 0), (200, 1)):
            interactions = [{**answered, "response": {"status": expected}}]
            assert verifier.verify_pacts(written(tmp_path, "Billing", interactions=interactions))[0] == code


def test_each_state_is_told_whose_pact_it_is_for(service: Service, tmp_path: Path) -> None:
    consumers = ["Billing", "Shop", "Archive"]
    paths = [written(tmp_path, consumer) for consumer in consumers]
    states = {"provider_states_setup_url": f"{service.url}/states"}
    code, logs = Verifier("CustomerService", service.url).verify_pacts(*paths, **states)
    assert code == 0, logs
    assert [told["consumer"] for told in service.states] == consumers


def test_unknown_options_are_named_in_the_log_and_do_no_harm(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, "BillingService")
    code, _ = Verifier("CustomerService", service.url, custom="x").verify_pacts(
        path, provider_state_url="x", verbose=True, log_dir="logs", log_level="DEBUG"
    )
    assert code == 0 and [text for text in caplog.messages if text.startswith("provider_state_url: no effect here")]


def test_a_pact_by_url_tells_the_consumer_too(service: Service, served: Any, tmp_path: Path) -> None:
    written(tmp_path, "BillingService")
    served_pact = tmp_path / "BillingService-CustomerService.json"
    with served(Flask("pacts", static_folder=str(tmp_path), static_url_path="/pacts")) as port:
        code, logs = Verifier("CustomerService", service.url).verify_pacts(
            f"http://127.0.0.1:{port}/pacts/{served_pact.name}", provider_states_setup_url=f"{service.url}/states"
        )
    assert code == 0, logs
    assert service.states[0]["consumer"] == "BillingService"


def test_a_broker_that_is_not_there_is_1(service: Service) -> None:
    verifier = Verifier("CustomerService", service.url)
    for states in ({}, {"provider_states_setup_url": service.url + "/states"}):
        code, logs = verifier.verify_with_broker(broker_url="http://127.0.0.1:1", **states)
        assert code == 1 and "http://127.0.0.1:1/: Connection refused" in logs


MESSAGES = {
    "consumer": {"name": "BillingService"},
    "provider": {"name": "CustomerService"},
    "messages": [
        {
            "description": "customer created",
            "providerStates": [{"name": "a new customer"}],
            "contents": {"id": 5},
            "metaData": {"contentType": "application/json", "topic": "customers"},
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


def test_message_providers_are_found_by_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "billing-service-customer-service.json").write_text(json.dumps(MESSAGES))
    monkeypatch.chdir(tmp_path)

    def provider(content: Any) -> MessageProvider:
        return MessageProvider(
            message_providers={"a new customer": lambda: content}, provider="CustomerService", consumer="BillingService"
        )

    with provider({"id": 5}) as kept:
        kept.verify()
    with provider({"id": 6}) as broken, pytest.raises(AssertionError, match=r"\$.id"):
        broken.verify()
    with pytest.raises(PactFileError):
        MessageProvider({}, "Other", "Nobody").verify()


TYPES = [{"contentType": "text/plain"}, {"content-type": "text/plain"}, {"Content-Type": "text/plain", "topic": "x"}]


@pytest.mark.parametrize("metadata", TYPES)
def test_a_declared_content_type_is_verified_and_other_metadata_is_told(
    metadata: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    message = {**MESSAGES["messages"][0], "metaData": metadata, "contents": "text"}
    document = {**MESSAGES, "messages": [message]}
    (tmp_path / "BillingService-CustomerService.json").write_text(json.dumps(document))
    for content, kept in (("text", True), ({"id": 5}, False)):
        provider = MessageProvider({"a new customer": content}, "CustomerService", "BillingService", str(tmp_path))
        if kept:
            provider.verify()
        else:
            with pytest.raises(AssertionError):
                provider.verify()
    assert ("metadata of message 'customer created' is not verified" in caplog.messages) == ("topic" in metadata)
