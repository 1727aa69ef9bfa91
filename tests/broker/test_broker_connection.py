from __future__ import annotations

import base64
import socket
import time
import traceback
from pathlib import Path

import pytest
from pact_broker import StandInBroker

from pact_ffi.broker.client import Broker
from pact_ffi.errors import BrokerError, InvalidInputError

SECRET = "s3cr3t-t0ken"


def test_a_token_is_sent_and_kept_secret(broker: StandInBroker, write_pact, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    broker.login = f"Bearer {SECRET}"
    client = Broker(broker.url, token=SECRET)
    client.publish(write_pact(), version="1")
    broker.answers["/contracts/publish"] = (500, f"<h1>Oops</h1> you sent Bearer {SECRET}", {})
    with pytest.raises(BrokerError) as caught:
        client.publish(write_pact(), version="2")
    assert str(caught.value).endswith("500 Internal Server Error: Oops you sent Bearer ***")
    shown = [repr(client), str(vars(client)), str(vars(client._hal)), caplog.text]
    assert SECRET not in "".join([*shown, *traceback.format_exception(caught.value)])


@pytest.mark.parametrize("place", ["arguments", "url", "environment"])
def test_user_and_password(place: str, broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    broker.login = "Basic " + base64.b64encode("me@x:p/ss:ü".encode()).decode()
    broker.verified("Foo", "1", True)
    if place == "arguments":
        client = Broker(broker.url, "me@x", "p/ss:ü")
    elif place == "url":
        client = Broker(broker.url.replace("//", "//me%40x:p%2Fss%3A%C3%BC@"))
    else:
        for name, value in {"BASE_URL": broker.url, "USERNAME": "me@x", "PASSWORD": "p/ss:ü"}.items():
            monkeypatch.setenv(f"PACT_BROKER_{name}", value)
        client = Broker()
    assert client.url == broker.url
    assert client.can_i_deploy("Foo", "1")


def test_given_credentials_keep_the_environment_out(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_BROKER_TOKEN", "other")
    broker.login = "Basic " + base64.b64encode(b"me:pw").decode()
    broker.verified("Foo", "1", True)
    assert Broker(broker.url, "me", "pw").can_i_deploy("Foo", "1")


def test_refused_and_missing_credentials_differ(broker: StandInBroker) -> None:
    broker.login = "Bearer right"
    with pytest.raises(BrokerError, match="401 Unauthorized: the credentials were refused"):
        Broker(broker.url, token="wrong").can_i_deploy("Foo", "1")
    with pytest.raises(BrokerError, match="401 Unauthorized: no credentials were given") as caught:
        Broker(broker.url).can_i_deploy("Foo", "1")
    assert caught.value.status == 401


def test_netrc_is_not_asked(broker: StandInBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    broker.verified("Foo", "1", True)
    Broker(broker.url).can_i_deploy("Foo", "1")
    assert "authorization" not in broker.requests[0].headers


@pytest.mark.parametrize(
    "url", ["broker.example", "ftp://broker", "http://", "http://me:p/ss@broker", "http://[::1", "http://host:port"]
)
def test_a_malformed_url_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(InvalidInputError, match=r"must read http\(s\)://host") as caught:
        Broker(url)
    shown = "".join(traceback.format_exception(caught.value))
    assert "p/ss" not in shown and "'p'" not in shown


def test_settings_that_cannot_work_are_refused(tmp_path: Path) -> None:
    for arguments, complaint in (
        ({"url": None}, r"no broker URL: pass one \(--broker-base-url\), or set PACT_BROKER_BASE_URL"),
        ({"token": "a\n"}, "a trailing newline"),
        ({"token": "a", "username": "b"}, "give one of them"),
        ({"username": "a:b"}, "cannot contain ':'"),
        ({"timeout": 0}, "positive number of seconds"),
        ({"timeout": "5"}, "positive number of seconds"),
        ({"retries": -1}, "0 or a positive whole number"),
        ({"cert": tmp_path / "own.pem"}, "there is no such file"),
        ({"cert": ["a", "b", "c"]}, "a pair of files"),
        ({"verify": tmp_path / "ca.pem"}, "no such file or folder of CA certificates"),
    ):
        with pytest.raises(InvalidInputError, match=complaint):
            Broker(**{"url": "http://broker.example", **arguments})


def test_a_dead_broker_is_said_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(BrokerError) as caught:
        Broker(f"http://user:pw@127.0.0.1:{port}").can_i_deploy("Foo", "1")
    assert str(caught.value) == f"GET http://127.0.0.1:{port}/matrix: Connection refused"
    assert time.monotonic() - began < 2


def test_a_silent_broker_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(BrokerError, match="no complete answer within 0.2 seconds"):
            Broker(url, timeout=0.2).can_i_deploy("Foo", "1")


def test_a_server_that_speaks_no_tls_is_said(broker: StandInBroker) -> None:
    with pytest.raises(BrokerError, match="(?i)ssl|tls"):
        Broker(broker.url.replace("http:", "https:")).can_i_deploy("Foo", "1")


def test_a_missing_certificate_bundle_is_said(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent.pem")
    with pytest.raises(InvalidInputError, match="REQUESTS_CA_BUNDLE names '/nonexistent.pem', but there is no such"):
        Broker(broker.url.replace("http:", "https:")).can_i_deploy("Foo", "1")


def test_proxies_are_not_in_the_way_of_loopback(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    broker.verified("Foo", "1", True)
    assert Broker(broker.url).can_i_deploy("Foo", "1")


def test_pages_and_broken_json_are_not_taken_for_answers(broker: StandInBroker) -> None:
    client = Broker(broker.url)
    for answer, complaint in (
        ("<html><style>x{}</style><h1>Sign in</h1></html>", "200 OK: expected a JSON object, got text/html: Sign in"),
        ([1], "expected a JSON object"),
    ):
        broker.answers["/matrix"] = (200, answer, {})
        with pytest.raises(BrokerError, match=complaint):
            client.can_i_deploy("Foo", "1")
    broker.answers["/"] = (200, {"hello": "world"}, {})
    with pytest.raises(BrokerError, match="not with a Pact Broker's index"):
        client.record_release("Foo", "1", "test")


def test_a_problem_document_is_read(broker: StandInBroker) -> None:
    problem = {"title": "Validation errors", "errors": [{"title": "t", "detail": "is too long"}], "status": 400}
    broker.answers["/matrix"] = (400, problem, {})
    with pytest.raises(BrokerError, match="400 Bad Request: is too long$"):
        Broker(broker.url).can_i_deploy("Foo", "1")


def test_a_redirected_publication_does_not_look_published(broker: StandInBroker, write_pact) -> None:
    broker.answers["/contracts/publish"] = (301, "", {"Location": broker.url + "/"})
    with pytest.raises(BrokerError, match="301 Moved Permanently: use the address it points to"):
        Broker(broker.url).publish(write_pact(), version="1")


def test_redirects_are_followed_but_not_in_circles(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", True)
    broker.answers["/matrix"] = (302, "", {"Location": "/can-i-deploy?pacticipant=Foo&version=1"})
    assert Broker(broker.url).can_i_deploy("Foo", "1")
    broker.answers["/matrix"] = (302, "", {"Location": "/matrix"})
    with pytest.raises(BrokerError, match="redirects in circles"):
        Broker(broker.url).can_i_deploy("Foo", "1")


def test_credentials_stay_with_their_host(broker: StandInBroker) -> None:
    with StandInBroker() as other:
        with pytest.raises(BrokerError, match="the credentials were not sent there"):
            Broker(broker.url, token=SECRET).fetch(other.url + "/pact")
        assert other.requests == []
        broker.answers["/pact"] = (302, "", {"Location": other.url + "/"})
        Broker(broker.url, token=SECRET).fetch(broker.url + "/pact")
        assert "authorization" not in other.requests[0].headers
    broker.verified("Foo", "1", True)  # but 127.0.0.1 and localhost are one host
    client = Broker(broker.url.replace("127.0.0.1", "localhost"), token=SECRET)
    broker.store.version("Bar", "7").tags.append("prod")
    assert client.can_i_deploy("Foo", "1", to="prod")
