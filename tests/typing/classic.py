"""Natural user code for the classic API: ``mypy --strict`` must accept it as it stands."""

from __future__ import annotations

import atexit

import requests

from pact import Consumer, EachLike, Format, Like, MessageConsumer, Pact, Provider, SomethingLike, Term

pact = Consumer("consumer", version="1.0.0", tags=["main"]).has_pact_with(
    Provider("provider"), host_name="localhost", port=1234, pact_dir="pacts", specification_version="3.0.0"
)
pact.start_service()
atexit.register(pact.stop_service)


def test_user() -> None:
    body = {"id": Like(1), "tags": EachLike("a", minimum=2), "uuid": Format().uuid, "name": SomethingLike("x")}
    (
        pact.given("a user")
        .upon_receiving("a request")
        .with_request("get", Term(r"/users/\d+", "/users/1"), headers={"Accept": "a/b"}, query={"q": ["1", "2"]})
        .will_respond_with(200, headers={"X": "1"}, body=body)
    )
    with pact:
        response = requests.get(pact.uri + "/users/1")
    assert response.status_code == 200
    pact.setup()
    pact.verify()
    print(pact.mock_service.url)


def test_message() -> None:
    messages = MessageConsumer("c").has_pact_with(Provider("p"), pact_dir="pacts")
    messages.given("a", {"id": 1}).expects_to_receive("b").with_content({"c": Like(1)}).with_metadata({"d": "e"})
    with messages:
        print("handled")


def test_direct() -> None:
    direct = Pact(Consumer("c"), Provider("p"), port=0)
    direct.start_service()
    direct.stop_service()
    Pact("c", "p").upon_receiving("modern").with_request("GET", "/")
