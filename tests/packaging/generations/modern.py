"""Written for pact-python 3 and 4."""

import json
import re
from pathlib import Path

import pytest
import requests
from users import UserClient, provider

from pact import Pact, Verifier, match
from pact.error import InteractionVerificationError, MismatchesError

PACTS = Path.cwd() / "contracts"


@pytest.fixture
def pact():
    PACTS.mkdir(exist_ok=True)
    pact = Pact("UserWeb", "UserService").with_specification("V4")
    yield pact
    pact.write_file(PACTS)


def test_a_user(pact):
    body = {
        "id": match.int(1),
        "name": match.regex("Ada", regex=r"[A-Z]\w+"),
        "roles": match.each_like("admin", min=1),
        "since": match.date("2020-01-31", format="%Y-%m-%d"),
    }
    (
        pact.upon_receiving("a request for user 1")
        .given("user 1 exists", name="Ada")
        .with_request("GET", "/users/1")
        .will_respond_with(200)
        .with_header("Content-Type", "application/json")
        .with_body(body)
    )
    with pact.serve() as server:
        user = UserClient(str(server.url)).user(1)
    assert user["id"] == 1 and user["roles"] == ["admin"] and re.match(r"\d{4}-\d\d-\d\d", user["since"])


def test_nobody_and_a_search(pact):
    pact.upon_receiving("a request for nobody").given("there are no users").with_request(
        "GET", match.regex("/users/9", regex=r"/users/\d+")
    ).will_respond_with(404)
    (
        pact.upon_receiving("a search")
        .given("user 1 exists", {"name": "Ada"})
        .with_request("GET", "/users")
        .with_query_parameter("name", "Ada")
        .will_respond_with(200)
        .with_body(match.each_like({"id": match.int(1), "name": match.like("Ada")}))
    )
    with pact.serve("localhost", 0) as server:
        client = UserClient(f"http://localhost:{server.port}")
        assert client.user(9) is None
        assert client.search("Ada") == [{"id": 1, "name": "Ada"}]
        assert server.matched and server.mismatches == []


def test_a_new_user(pact):
    pact.upon_receiving("a new user").with_request("POST", "/users").with_body(
        {"name": "Grace"}, "application/json"
    ).will_respond_with(201).with_body({"id": match.like(2)}, "application/json")
    with pact.serve() as server:
        assert UserClient(str(server.url)).create("Grace") == 2


def test_a_request_that_does_not_match():
    pact = Pact("UserWeb", "UserService")
    pact.upon_receiving("a request").with_request("GET", "/this").will_respond_with(200)
    with pytest.raises(MismatchesError) as caught, pact.serve() as server:
        requests.get(str(server.url) + "/that", timeout=5)
    assert caught.value.mismatches
    with pact.serve(raises=False) as server:
        requests.get(str(server.url / "that"), timeout=5)
        assert not server.matched


def test_messages():
    pact = Pact("UserMail", "UserEvents").with_specification("V4")
    (
        pact.upon_receiving("a user was created", "Async")
        .given("user 1 exists")
        .with_body({"id": 1, "name": match.like("Ada")}, "application/json")
        .with_metadata({"topic": "users"})
    )
    seen = []

    def handler(body, metadata):
        seen.append((json.loads(body)["id"], metadata["topic"]))

    pact.verify(handler, "Async")
    assert seen == [(1, "users")]

    def failing(body, metadata):
        raise KeyError("no")

    (error,) = pact.verify(failing, "Async", raises=False)
    assert isinstance(error, InteractionVerificationError) and isinstance(error.error, KeyError)
    pact.write_file(PACTS)


def test_the_contract():
    document = json.loads((PACTS / "UserWeb-UserService.json").read_text())
    assert {item["description"] for item in document["interactions"]} == {
        "a request for user 1",
        "a request for nobody",
        "a search",
        "a new user",
    }


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("broken", [False, True])
def test_the_provider(broken, by_name):
    with provider(broken) as (url, _, set_state):
        asked = []

        def states(state, action, parameters):
            asked.append(parameters)
            set_state(state, parameters)

        def exists(parameters):
            states("user 1 exists", "setup", parameters)

        handlers = {"user 1 exists": exists, "there are no users": lambda parameters: set_state("", parameters)}
        verifier = (
            Verifier("UserService", "127.0.0.1")
            .add_transport(url=url)
            .add_source(PACTS / "UserWeb-UserService.json")
            .state_handler(handlers if by_name else states, teardown=False)
        )
        if broken:
            with pytest.raises(RuntimeError):
                verifier.verify()
        else:
            verifier.verify()
    assert {"name": "Ada"} in asked
    assert verifier.results["result"] is not broken


def test_the_provider_of_messages():
    def produce(name, metadata):
        return {
            "contents": json.dumps({"id": 1, "name": "Grace"}).encode(),
            "metadata": {"topic": "users"},
            "content_type": "application/json",
        }

    verifier = Verifier("UserEvents").add_source(PACTS / "UserMail-UserEvents.json")
    verifier.message_handler(produce).state_handler(lambda state, action, parameters: None, teardown=True)
    verifier.verify()
