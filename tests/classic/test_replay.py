"""A provider's real responses, got by the user's own client, against a pact file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from flask import Flask, jsonify, redirect, request

from pact_ffi import Consumer, Provider
from pact_ffi.classic.replay import PactReplay
from pact_ffi.errors import InvalidInputError, PactFileError, VerificationError

ANSWER = {"status": 200, "body": {"id": 123, "name": "Alice"}}


def interaction(description: str, method: str, path: str, response: dict[str, Any], **changes: Any) -> dict[str, Any]:
    request = {"method": method, "path": path, **changes.pop("request", {})}
    return {"type": "Synchronous/HTTP", "description": description, "request": request, "response": response, **changes}


def contents(value: Any) -> dict[str, Any]:
    return {"content": value, "contentType": "application/json", "encoded": False}


@pytest.fixture()
def replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PactReplay:
    number = {"path": {"combine": "AND", "matchers": [{"match": "regex", "regex": "/orders/\\d+"}]}}
    integer = {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "integer"}]}}}
    document = {
        "consumer": {"name": "BillingService"},
        "provider": {"name": "CustomerService"},
        "interactions": [
            interaction("a customer", "GET", "/customers/123", {"status": 200, "body": contents(ANSWER["body"])}),
            interaction("none", "GET", "/customers/123", {"status": 404}, providerStates=[{"name": "no customer"}]),
            interaction("new", "POST", "/customers", {"status": 201}, request={"body": contents({"n": 1})}),
            interaction(
                "an order",
                "GET",
                "/orders/5",
                {"status": 200, "body": contents({"id": 5}), "matchingRules": integer},
                request={"matchingRules": number, "query": {"full": ["yes"]}},
            ),
            interaction("moved", "GET", "/old", {"status": 302, "headers": {"Location": ["/customers/123"]}}),
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "BillingService-CustomerService.json").write_text(json.dumps(document))
    monkeypatch.chdir(tmp_path)
    pact = Consumer("BillingService").has_pact_with(Provider("CustomerService"))
    return pact.from_path("pacts/billing-service-customer-service.json")


@pytest.fixture()
def app() -> Flask:
    app = Flask("customers")
    app.config["answer"] = (200, ANSWER["body"])
    answer = lambda: (jsonify(app.config["answer"][1]), app.config["answer"][0])  # noqa: E731
    app.add_url_rule("/customers/123", view_func=answer, endpoint="customer")
    app.add_url_rule("/customers", view_func=lambda: (request.get_data()[:0], 201), methods=["POST"], endpoint="new")
    app.add_url_rule("/orders/<int:number>", view_func=lambda number: jsonify(id=number), endpoint="order")
    app.add_url_rule("/old", view_func=lambda: redirect("/customers/123"), endpoint="old")
    return app


@pytest.fixture()
def url(app: Flask, served: Any) -> Iterator[str]:
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


def test_the_response_comes_back_and_counts_as_verified(replay: PactReplay, url: str) -> None:
    response = replay.verify_provider_app_func(lambda: requests.get(f"{url}/customers/123"))
    assert response.json() == ANSWER["body"]
    assert replay.unverified == ["none [no customer]", "new", "an order", "moved"]
    assert len(replay.interactions) == 5


@pytest.mark.parametrize(
    ("status", "body", "difference"),
    [
        (500, ANSWER["body"], "status: expected 200 but was 500"),
        (200, {"id": 123}, "missing key: name"),
        (200, {"id": "123", "name": "Alice"}, "body $.id"),
    ],
)
def test_each_way_to_break_the_contract_fails(
    replay: PactReplay, app: Flask, url: str, status: int, body: Any, difference: str
) -> None:
    app.config["answer"] = (status, body)
    with pytest.raises(AssertionError) as caught:
        replay.verify_provider_app_func(lambda: requests.get(f"{url}/customers/123"))
    assert difference in str(caught.value) and "GET /customers/123 breaks the pact" in str(caught.value)
    assert len(replay.unverified) == 5


def test_matchers_in_path_and_body_are_the_cores(replay: PactReplay, url: str) -> None:
    replay.verify_provider_app_func(lambda: requests.get(f"{url}/orders/77?full=yes"))
    assert "'an order'" not in replay.unverified


def test_the_state_that_fits_is_chosen_unless_it_is_named(replay: PactReplay, app: Flask, url: str) -> None:
    app.config["answer"] = (404, {})
    ask = lambda: requests.get(f"{url}/customers/123")  # noqa: E731
    replay.verify_provider_app_func(ask)
    assert "a customer" in replay.unverified and "'none' [no customer]" not in replay.unverified
    with pytest.raises(VerificationError, match="expected 200 but was 404"):
        replay.verify_provider_app_func(ask, description="a customer")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda url: requests.get(f"{url}/nope"), "describes GET /nope"),
        (lambda url: requests.get(f"{url}/customers/123?x=1"), "Unexpected query parameter 'x'"),
        (lambda url: requests.get(f"{url}/orders/5"), "Expected query parameter 'full'"),
        (lambda url: requests.post(f"{url}/customers", json={"n": 2}), "body $.n"),
    ],
)
def test_a_request_that_is_in_no_interaction_is_an_error(
    replay: PactReplay, url: str, ask: Callable[[str], Any], said: str
) -> None:
    with pytest.raises(VerificationError) as caught:
        replay.verify_provider_app_func(lambda: ask(url))
    assert said in str(caught.value) and "GET /customers/123  a customer" in str(caught.value)


def test_a_redirect_is_what_the_pact_may_be_about(replay: PactReplay, url: str) -> None:
    replay.verify_provider_app_func(lambda: requests.get(f"{url}/old"))
    replay.verify_provider_app_func(lambda: httpx.get(f"{url}/old"))
    assert "moved" not in replay.unverified


def fastapi_client() -> Any:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    app = FastAPI()
    app.add_api_route("/customers/123", lambda: ANSWER["body"])
    return TestClient(app)


def test_every_kind_of_client(replay: PactReplay, app: Flask, url: str) -> None:
    for ask in (
        lambda: requests.post(f"{url}/customers", json={"n": 1}),
        lambda: httpx.post(f"{url}/customers", json={"n": 1}),
        lambda: app.test_client().post("/customers", json={"n": 1}),
        lambda: fastapi_client().get("/customers/123"),
    ):
        assert replay.verify_provider_app_func(ask).status_code in (200, 201)

    async def ask_async() -> Any:
        async with httpx.AsyncClient() as client:
            return await client.get(f"{url}/customers/123")

    replay.verify_provider_app_func(ask_async)


def test_the_users_own_exception_is_passed_on(replay: PactReplay) -> None:
    with pytest.raises(requests.ConnectionError):
        replay.verify_provider_app_func(lambda: requests.get("http://127.0.0.1:1/"))


def test_what_is_no_response_is_named(replay: PactReplay) -> None:
    with pytest.raises(InvalidInputError, match="must return the response of requests.*not 5"):
        replay.verify_provider_app_func(lambda: 5)


def test_a_missing_file_lists_what_is_there(replay: PactReplay) -> None:
    with pytest.raises(PactFileError, match="no pact file .*BillingService-CustomerService.json"):
        PactReplay.from_path("pacts/other.json")
    (replay.path.parent / "billing_service-customer service.json").write_text("{}")
    with pytest.raises(PactFileError, match="several have a similar name"):
        PactReplay.from_path("pacts/BILLING-SERVICE-customer-service.json")


def test_django_test_client(tmp_path: Path) -> None:
    document = {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "interactions": [
            interaction(
                "it", "GET", "/a b", {"status": 200, "body": contents({"q": "1"})}, request={"query": {"q": ["1"]}}
            )
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    (tmp_path / "pact.json").write_text(json.dumps(document))
    code = """
import sys
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
import django; django.setup()
from django.http import JsonResponse
from django.test import Client
from django.urls import path
urlpatterns = [path("a b", lambda request: JsonResponse(dict(request.GET.items())))]
from pact_ffi.classic.replay import PactReplay
pact = PactReplay.from_path(sys.argv[1])
print(pact.verify_provider_app_func(lambda: Client().get("/a b", {"q": "1"})).status_code, pact.unverified)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "pact.json")], capture_output=True, text=True)
    assert done.stdout == "200 []\n", done.stderr
