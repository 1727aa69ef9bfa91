"""Retries, limits, certificates and links: what stands between us and a broker."""

from __future__ import annotations

import runpy
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pact_broker import StandInBroker, drip, endless, silent, times

from pact_ffi.broker.client import Broker
from pact_ffi.errors import BrokerError, InvalidInputError
from pact_ffi.provider.verifier import Verifier

SECRET = "s3cr3t-t0ken"
OWN: Any = runpy.run_path(str(Path(__file__).parents[1] / "classic" / "test_pact_certificate.py"))


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_short_outage_is_outlived_and_told(
    broker: StandInBroker, write_pact, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    broker.answers["/contracts/publish"] = times(2, (status, "busy", {}))
    Broker(broker.url).publish(write_pact(), version="1")
    assert len(broker.pacts) == 1 and len(broker.seen("POST")) == 3
    told = [text for text in caplog.messages if "asking again" in text]
    assert [text.rpartition("; ")[2] for text in told] == [
        "asking again in 0.25 s (1 of 2)",
        "asking again in 0.5 s (2 of 2)",
    ]
    assert told[0].startswith(f"POST {broker.url}/contracts/publish: {status} ")


def test_how_often_is_a_setting(broker: StandInBroker) -> None:
    broker.answers["/matrix"] = (503, "busy", {})
    for retries in (0, 1):
        broker.requests.clear()
        with pytest.raises(BrokerError, match="503 Service Unavailable: busy"):
            Broker(broker.url, retries=retries).can_i_deploy("Foo", "1")
        assert len(broker.requests) == retries + 1


@pytest.mark.parametrize("header", ["1", "Wed, 01 Jan 2020 00:00:00 GMT", "nonsense", "-1", ""])
def test_retry_after_is_kept_to(broker: StandInBroker, header: str) -> None:
    broker.verified("Foo", "1", True)
    broker.answers["/matrix"] = times(1, (429, "busy", {"Retry-After": header}))
    begin = time.monotonic()
    assert Broker(broker.url).can_i_deploy("Foo", "1")
    assert (time.monotonic() - begin >= 1) is (header == "1")


def test_a_broker_that_wants_to_be_left_alone_for_long_is_not_waited_for(broker: StandInBroker) -> None:
    broker.answers["/matrix"] = (503, "busy", {"Retry-After": "3600"})
    with pytest.raises(BrokerError, match="503"):
        Broker(broker.url).can_i_deploy("Foo", "1")
    assert len(broker.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 501, 504])
def test_other_answers_are_final(broker: StandInBroker, status: int) -> None:
    broker.answers["/matrix"] = (status, "no", {})
    with pytest.raises(BrokerError, match=str(status)):
        Broker(broker.url).can_i_deploy("Foo", "1")
    assert len(broker.requests) == 1


def test_what_may_have_been_done_is_not_done_again(broker: StandInBroker) -> None:
    broker.answers["/environments"] = (502, "bad gateway", {})
    with pytest.raises(BrokerError, match="502"):
        Broker(broker.url).create_environment("new")
    assert len(broker.seen("POST")) == 1


def test_a_refused_connection_is_tried_again(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", True)
    port = broker.server.server_port
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        later = free.getsockname()[1]

    def listen() -> None:
        time.sleep(0.4)
        with socket.create_server(("127.0.0.1", later)) as listener, listener.accept()[0] as client:
            with socket.create_connection(("127.0.0.1", port)) as server:
                server.sendall(client.recv(65536))
                client.sendall(server.recv(65536))

    thread = threading.Thread(target=listen)
    thread.start()
    assert Broker(f"http://127.0.0.1:{later}").can_i_deploy("Foo", "1")
    thread.join()


@pytest.mark.parametrize("fault", [silent(), drip(), endless(), drip(head=b"HTTP/1.1 200 OK\r\nX: ")])
def test_an_answer_that_does_not_end_is_ended(broker: StandInBroker, fault: Any) -> None:
    broker.answers["/matrix"] = fault
    begin = time.monotonic()
    with pytest.raises(BrokerError, match="/matrix: (no complete answer within 0.5 seconds|the answer is longer than)"):
        Broker(broker.url, timeout=0.5).can_i_deploy("Foo", "1")
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    "answer",
    [
        {"summary": 5},
        {"summary": {"deployable": True}, "matrix": {}},
        {"summary": {"deployable": True}, "matrix": [5]},
        {"summary": {"deployable": True}, "notices": "x"},
    ],
)
def test_answers_of_another_shape_are_named(broker: StandInBroker, answer: Any) -> None:
    broker.answers["/matrix"] = (200, answer, {})
    with pytest.raises(BrokerError, match=f"GET {broker.url}/matrix: "):
        Broker(broker.url).can_i_deploy("Foo", "1")


@pytest.mark.parametrize("where", ["http://[", "//[::1", "http://x:99999999/", "http://x:y", "http://ü[", ""])
@pytest.mark.parametrize("status", [300, 301, 304, 307])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_to_what_is_no_url_is_named(broker: StandInBroker, where: str, status: int, method: str) -> None:
    headers = {"Location": where} if where else {}
    broker.answers["/matrix"] = broker.answers["/environments"] = (status, None, headers)
    client = Broker(broker.url)
    with pytest.raises(BrokerError, match="is not a URL|use the address it points to"):
        client.can_i_deploy("Foo", "1") if method == "GET" else client.create_environment("new")


@pytest.mark.parametrize("shape", [5, "x", True, [5], [[]], ["x"], {"href": 5}, [{}], {"name": "x"}])
@pytest.mark.parametrize("relation", ["pb:deployed-environments", "pb:released-environments"])
def test_links_of_another_shape_are_named(broker: StandInBroker, relation: str, shape: Any) -> None:
    broker.verified("Foo", "1", True)
    path = "/pacticipants/Foo/versions/1"
    broker.answers[path] = (200, {"number": "1", "_links": {relation: shape}}, {})
    with pytest.raises(BrokerError, match=f"the link {relation} must be an object with an href"):
        Broker(broker.url).describe_version("Foo", "1")
    for fine in (None, [], {"href": "/x", "name": "production"}, [{"href": "/x", "name": "production"}]):
        broker.answers[path] = (200, {"number": "1", "_links": {relation: fine}}, {})
        found = Broker(broker.url).describe_version("Foo", "1")
        assert found[relation.split("-")[0].removeprefix("pb:")] == (["production"] if fine else [])


ECHOES: dict[str, Any] = {
    "a link": {"_links": {"self": {"href": "/"}, "pb:environments": SECRET}},
    "a link's address": {"_links": {"self": {"href": "/"}, "pb:environments": {"href": f"http://[{SECRET}"}}},
    "another host": {"_links": {"self": {"href": "/"}, "pb:environments": {"href": f"http://x.test/{SECRET}"}}},
    "a path": {"_links": {"self": {"href": "/"}, "pb:environments": {"href": f"/{SECRET}"}}},
    "a part": {"_links": SECRET},
}


@pytest.mark.parametrize("kind", ECHOES)
def test_an_answer_that_has_our_secrets_in_it_is_told_without_them(
    broker: StandInBroker, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    broker.answers["/"] = (200, ECHOES[kind], {})
    with caplog.at_level("DEBUG", "pact"), pytest.raises(BrokerError) as caught:
        Broker(broker.url, token=SECRET).create_environment("new")
    told = [record.getMessage() for record in caplog.records if record.name.startswith("pact")]
    assert SECRET not in f"{caught.value}{told}"


def test_notices_and_reasons_are_told_without_our_secrets(
    broker: StandInBroker, write_pact, caplog: pytest.LogCaptureFixture
) -> None:
    notices = {"notices": [{"type": SECRET, "text": f"seen {SECRET}"}], "logs": []}
    broker.answers["/contracts/publish"] = (201, notices, {})
    broker.answers["/matrix"] = (200, {"summary": {"deployable": True, "reason": f"for {SECRET}"}, **notices}, {})
    client = Broker(broker.url, token=SECRET)
    assert "seen ***" in str(told := client.publish(write_pact(), version="1")) and SECRET not in str(told)
    answer = client.can_i_deploy("Foo", "1")
    assert answer.reason == "for ***" and SECRET not in str(answer.notices)


# Certificates.


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.pem"
    path.write_text(OWN["CERTIFICATE"] + OWN["KEY"])
    return path


def tls(own: Path, *, client: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    if client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(own)
    return context


def local(broker: StandInBroker) -> str:
    broker.url = broker.links = broker.url.replace("127.0.0.1", "localhost")
    return broker.url


def test_a_private_authority_is_named_or_in_the_environment(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)
    with StandInBroker(tls=tls(own)) as broker:
        url = local(broker)
        broker.verified("Foo", "1", True)
        with pytest.raises(BrokerError, match="certificate verify failed.*; name the certificate authority.*--ca"):
            Broker(url).can_i_deploy("Foo", "1")
        assert Broker(url, verify=own).can_i_deploy("Foo", "1")
        assert Verifier("Bar").add_transport(url="http://x").broker_source(url, verify=str(own))
        for variable in variables[:3]:
            monkeypatch.setenv(variable, str(own))
            assert Broker(url).can_i_deploy("Foo", "1")
            monkeypatch.setenv(variable, str(own.with_name("missing.pem")))
            with pytest.raises(InvalidInputError, match=f"{variable} names .*missing.pem'"):
                Broker(url).can_i_deploy("Foo", "1")
            monkeypatch.delenv(variable)


def test_several_variables_may_name_authorities(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with StandInBroker(tls=tls(own)) as broker:
        broker.verified("Foo", "1", True)
        assert Broker(local(broker)).can_i_deploy("Foo", "1")


@pytest.mark.parametrize("apart", [False, True])
def test_a_client_certificate(own: Path, apart: bool) -> None:
    file, key = own.with_name("cert.pem"), own.with_name("key.pem")
    file.write_text(OWN["CERTIFICATE"])
    key.write_text(OWN["KEY"])
    with StandInBroker(tls=tls(own, client=True)) as broker:
        url = local(broker)
        broker.verified("Foo", "1", True)
        with pytest.raises(BrokerError):
            Broker(url, verify=own).can_i_deploy("Foo", "1")
        assert Broker(url, verify=own, cert=(file, key) if apart else own).can_i_deploy("Foo", "1")


# Links.


def test_links_whose_scheme_alone_differs_are_followed_on_ours(own: Path, write_pact) -> None:
    with StandInBroker(tls=tls(own), login=f"Bearer {SECRET}") as broker:
        url = local(broker)
        broker.links = url.replace("https:", "http:")
        client = Broker(url, token=SECRET, verify=own)
        client.publish(write_pact(), version="1")
        client.record_deployment("Foo", "1", "test")
        assert len(broker.pacts) == 1 and broker.store.presences[0].current


def test_links_to_another_host_get_no_credentials(broker: StandInBroker, write_pact) -> None:
    with StandInBroker() as other:
        broker.links = other.url
        with pytest.raises(BrokerError, match="this is not the host of .*, so the credentials were not sent there"):
            Broker(broker.url, token=SECRET).publish(write_pact(), version="1")
        assert other.requests == []


def test_a_redirect_to_another_host_takes_neither_credentials_nor_certificate(own: Path) -> None:
    seen: list[Any] = []
    context = tls(own)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(own)
    with StandInBroker(tls=tls(own)) as broker, StandInBroker(tls=context) as other:
        url, target = local(broker), local(other)
        broker.answers["/pact"] = (302, "", {"Location": target + "/environments"})
        Broker(url, token=SECRET, verify=own, cert=own).fetch(url + "/pact")
        seen += other.requests
    assert [request.headers.get("authorization") for request in seen] == [None]
