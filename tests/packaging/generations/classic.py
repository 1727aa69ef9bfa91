"""Written for pact-python 1 and 2."""

import json
import os

import pytest
import requests
from users import UserClient, free_port, provider

from pact import (
    Consumer,
    EachLike,
    Format,
    Like,
    MessageConsumer,
    MessageProvider,
    Provider,
    SomethingLike,
    Term,
    Verifier,
)

PACTS = os.path.join(os.getcwd(), "contracts")


@pytest.fixture(scope="module")
def pact():
    os.makedirs(PACTS, exist_ok=True)
    consumer = Consumer("UserWeb", version="1.0.0")
    pact = consumer.has_pact_with(
        Provider("UserService"), host_name="localhost", port=free_port(), pact_dir=PACTS, log_dir=PACTS
    )
    pact.start_service()
    yield pact
    pact.stop_service()


@pytest.fixture
def client(pact):
    return UserClient(pact.uri)


def test_a_user(pact, client):
    expected = {
        "id": Like(1),
        "name": Term(r"[A-Z]\w+", "Ada"),
        "roles": EachLike("admin", minimum=1),
        "since": Format().date,
    }
    (
        pact.given("user 1 exists")
        .upon_receiving("a request for user 1")
        .with_request("get", "/users/1", headers={"Accept": Term(".*", "*/*")})
        .will_respond_with(200, body=expected, headers={"Content-Type": "application/json"})
    )
    with pact:
        user = client.user(1)
    assert user["name"] == "Ada" and user["roles"] == ["admin"]
    pact.verify()


def test_nobody(pact, client):
    pact.given("there are no users").upon_receiving("a request for nobody").with_request(
        method="GET", path=Term(r"/users/\d+", "/users/9")
    ).will_respond_with(404)
    with pact:
        assert client.user(9) is None


def test_search(pact, client):
    pact.given("user 1 exists").upon_receiving("a search").with_request(
        "GET", "/users", query={"name": "Ada"}
    ).will_respond_with(200, body=EachLike({"id": SomethingLike(1), "name": "Ada"}))
    with pact:
        assert client.search("Ada") == [{"id": 1, "name": "Ada"}]


def test_two_interactions_in_one_block(pact, client):
    pact.given("user 1 exists").upon_receiving("user 1 again").with_request("GET", "/users/1").will_respond_with(
        200, body=Like({"name": "Ada"})
    )
    pact.upon_receiving("a new user").with_request(
        "POST", "/users", body={"name": "Grace"}, headers={"Content-Type": "application/json"}
    ).will_respond_with(201, body=Like({"id": 2}))
    with pact:
        assert client.user(1) == {"name": "Ada"}
        assert client.create("Grace") == 2


def test_a_request_that_is_never_made(pact):
    pact.given("nothing").upon_receiving("a request that is not made").with_request("GET", "/other").will_respond_with(
        200
    )
    with pytest.raises(AssertionError), pact:
        pass


def test_a_request_that_is_not_expected(pact):
    pact.given("nothing").upon_receiving("something else").with_request("GET", "/this").will_respond_with(200)
    with pytest.raises(AssertionError), pact:
        requests.get(pact.uri + "/that", timeout=5)


def test_an_error_of_the_test_itself_is_seen(pact):
    pact.given("nothing").upon_receiving("a request").with_request("GET", "/this").will_respond_with(200)
    with pytest.raises(ZeroDivisionError), pact:
        1 / 0


def test_setup_and_verify_by_hand(pact, client):
    pact.given("user 1 exists").upon_receiving("user 1 by hand").with_request("GET", "/users/1").will_respond_with(
        200, body={"id": Like(1)}
    )
    pact.setup()
    assert client.user(1) == {"id": 1}
    pact.verify()


def test_a_message():
    pact = MessageConsumer("UserMail").has_pact_with(Provider("UserEvents"), pact_dir=PACTS, publish_to_broker=False)
    (
        pact.given("user 1 exists")
        .expects_to_receive("a user was created")
        .with_content({"id": 1, "name": Like("Ada")})
        .with_metadata({"Content-Type": "application/json"})
    )
    with pact:
        pass
    assert any("mail" in name.lower() for name in os.listdir(PACTS))


def contract(word):
    (found,) = (name for name in os.listdir(PACTS) if word in name.lower() and name.endswith(".json"))
    return os.path.join(PACTS, found)


def test_the_contract(pact):
    pact.stop_service()
    with open(contract("web")) as file:
        document = json.load(file)
    pact.start_service()
    assert document["consumer"]["name"] == "UserWeb" and document["provider"]["name"] == "UserService"
    names = {interaction["description"] for interaction in document["interactions"]}
    assert {"a request for user 1", "a request for nobody", "a search", "a new user", "user 1 by hand"} <= names


@pytest.mark.parametrize("broken", [False, True])
def test_the_provider(broken):
    with provider(broken) as (url, asked, _):
        code, _logs = Verifier(provider="UserService", provider_base_url=url).verify_pacts(
            contract("web"), provider_states_setup_url=f"{url}/states", verbose=False, enable_pending=False
        )
    assert (code == 0) is not broken
    assert {"user 1 exists", "there are no users"} <= {item["state"] for item in asked}


def test_the_provider_of_messages():
    messages = MessageProvider(
        message_providers={"user 1 exists": lambda: {"id": 1, "name": "Grace"}},
        provider="UserEvents",
        consumer="UserMail",
        pact_dir=PACTS,
        proxy_port=str(free_port()),
    )
    with messages:
        messages.verify()
