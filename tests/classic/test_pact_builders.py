"""Consumer, Provider and Pact of the classic API: names, defaults, builders."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from pact import Consumer, EachLike, Like, MessageConsumer, Pact, Provider, Term
from pact.pact import PactException


class Recorder:
    """A service class that only remembers."""

    def __init__(self, **kwargs: object) -> None:
        self.kwargs = kwargs


def test_names() -> None:
    assert Provider("provider").name == "provider"
    assert Consumer("consumer").name == "consumer"


def test_a_consumer_keeps_what_it_is_made_with() -> None:
    consumer = Consumer("c", Recorder, ["tag"], True, "1.2.3", "main", "http://build", True)
    assert consumer.tags == ["tag"]
    assert consumer.tag_with_git_branch is True
    assert (consumer.version, consumer.branch, consumer.build_url) == ("1.2.3", "main", "http://build")
    assert consumer.auto_detect_version_properties is True
    assert Consumer("c").version == "0.0.0"


def test_has_pact_with_hands_everything_to_the_service_class() -> None:
    provider = Provider("p")
    consumer = Consumer("c", service_cls=Recorder)
    pact = consumer.has_pact_with(provider)
    assert isinstance(pact, Recorder)
    expected = {
        "consumer": consumer,
        "provider": provider,
        "host_name": "localhost",
        "port": 1234,
        "log_dir": None,
        "ssl": False,
        "sslcert": None,
        "sslkey": None,
        "cors": False,
        "publish_to_broker": False,
        "broker_base_url": None,
        "broker_username": None,
        "broker_password": None,
        "broker_token": None,
        "pact_dir": None,
        "file_write_mode": "overwrite",
    }
    assert {name: pact.kwargs[name] for name in expected} == expected
    assert set(pact.kwargs) - set(expected) == {"specification_version"}


def test_has_pact_with_takes_its_arguments_in_order(tmp_path: Path) -> None:
    pact = Consumer("c").has_pact_with(
        Provider("p"), "127.0.0.1", 4321, str(tmp_path), False, None, None, True, False, "http://b", "u", "pw", None,
        str(tmp_path), "3.0.0", "merge",
    )  # fmt: skip
    assert isinstance(pact, Pact) or hasattr(pact, "start_service")
    assert (pact.host_name, pact.port, pact.log_dir, pact.cors) == ("127.0.0.1", 4321, str(tmp_path), True)
    assert (pact.broker_base_url, pact.broker_username, pact.broker_password) == ("http://b", "u", "pw")
    assert (pact.pact_dir, pact.specification_version, pact.file_write_mode) == (str(tmp_path), "3.0.0", "merge")
    assert (pact.ssl, pact.sslcert, pact.sslkey, pact.publish_to_broker, pact.broker_token) == (
        False, None, None, False, None,
    )  # fmt: skip


def test_what_is_no_provider_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^provider must be an instance of the Provider class\.$"):
        Consumer("c").has_pact_with("provider")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "uri"),
    [
        ({}, "http://localhost:1234"),
        ({"port": 8080, "host_name": "127.0.0.1"}, "http://127.0.0.1:8080"),
        ({"ssl": True}, "https://localhost:1234"),
    ],
)
def test_uri(options: dict, uri: str) -> None:
    assert Consumer("c").has_pact_with(Provider("p"), **options).uri == uri


def test_an_unknown_write_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="file_write_mode must be .*, not 'sometimes'"):
        Consumer("c").has_pact_with(Provider("p"), file_write_mode="sometimes")


def test_an_unknown_specification_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        Consumer("c").has_pact_with(Provider("p"), specification_version="9.0.0")


@pytest.fixture
def pact(tmp_path: Path):
    made = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=str(tmp_path))
    yield made
    made._clear()
    made.stop_service()


def test_builders_return_the_pact(pact) -> None:
    assert pact.given("a state") is pact
    assert pact.upon_receiving("a request") is pact
    assert pact.with_request("get", "/path", body={"a": 1}, headers={"X": "1"}, query={"q": "1"}) is pact
    assert pact.will_respond_with(200, headers={"X": "1"}, body={"a": 1}) is pact


@pytest.mark.parametrize(
    ("steps", "missing"),
    [
        ("upon_receiving", "request, response"),
        ("upon_receiving with_request", "response"),
        ("with_request will_respond_with", "description"),
        ("given", "description, request, response"),
    ],
)
def test_setup_names_what_an_interaction_lacks(pact, steps: str, missing: str) -> None:
    arguments = {"upon_receiving": ("a",), "with_request": ("get", "/"), "will_respond_with": (200,), "given": ("s",)}
    for step in steps.split():
        getattr(pact, step)(*arguments[step])
    with pytest.raises(PactException, match=rf"^Interaction incomplete, missing field\(s\): {missing}$"):
        pact.setup()


def test_matchers_everywhere(pact) -> None:
    import requests

    pact.start_service()
    (
        pact.upon_receiving("a request")
        .with_request(
            "post",
            Term(r"/users/\d+", "/users/1"),
            body={"name": Like("Bob"), "tags": EachLike("a", minimum=2)},
            headers={"X-Id": Term(r"^\d+$", "12")},
            query={"q": Term("[a-z]+", "abc")},
        )
        .will_respond_with(200, headers={"X-R": Term("r+", "rrr")}, body=Like({"ok": True}))
    )
    with pact:
        answer = requests.post(
            f"{pact.uri}/users/99",
            json={"name": "Al", "tags": ["x", "y", "z"]},
            headers={"X-Id": "7"},
            params={"q": "zz"},
        )
        assert (answer.status_code, answer.json(), answer.headers["X-R"]) == (200, {"ok": True}, "rrr")


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ({"a": "1", "b": ["2", "3"]}, "a=1&b=2&b=3"),
        ("a=1&b=2", "a=1&b=2"),
        ("a=two%20words&b=%26", "a=two+words&b=%26"),
        ("Jonas", "Jonas="),
        ("Jonas", "Jonas"),
        ("", ""),
        ({}, ""),
        (None, ""),
        ([("a", "1")], "a=1"),
    ],
)
def test_queries(pact, query: object, sent: str) -> None:
    import requests

    pact.start_service()
    pact.upon_receiving("a search").with_request("get", "/s", query=query).will_respond_with(200)
    with pact:
        assert requests.get(f"{pact.uri}/s?{sent}").status_code == 200


@pytest.mark.parametrize("description", [5, None])
def test_a_description_that_is_no_text_is_refused(pact, description: object) -> None:
    with pytest.raises(ValueError, match=r"the description.* must be text, not (int 5|NoneType None)"):
        pact.upon_receiving(description).with_request("get", "/").will_respond_with(200)
    with pytest.raises(ValueError, match=r"the description.* must be text, not (int 5|NoneType None)"):
        MessageConsumer("c").has_pact_with(Provider("p")).expects_to_receive(description)


@pytest.mark.parametrize("status", ["200", 200])
def test_a_status_may_be_text(pact, status: object) -> None:
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(status)
    with pact:
        assert requests.get(pact.uri).status_code == 200
