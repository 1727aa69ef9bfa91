"""https mock servers."""

from __future__ import annotations

import http.client
import ssl
import warnings
from pathlib import Path

import pytest
import requests

from pact import Pact


@pytest.fixture
def hello(pact: Pact) -> Pact:
    pact.upon_receiving("a greeting").with_request("GET", "/hello").will_respond_with(200).with_body("hi", "text/plain")
    return pact


def test_its_certificate_can_be_trusted(hello: Pact, tmp_path: Path) -> None:
    with hello.serve(transport="https") as server:
        assert str(server) == f"https://localhost:{server.port}"
        (tmp_path / "ca.pem").write_text(server.certificate())
        assert requests.get(server / "hello", verify=str(tmp_path / "ca.pem")).text == "hi"


def test_its_certificate_is_what_ssl_contexts_load(hello: Pact) -> None:
    with hello.serve(transport="https") as server:
        context = ssl.create_default_context(cadata=server.certificate())
        connection = http.client.HTTPSConnection("localhost", server.port, context=context)
        connection.request("GET", "/hello")
        assert connection.getresponse().read() == b"hi"
        connection.close()


def test_clients_that_do_not_verify(hello: Pact) -> None:
    with hello.serve(transport="https") as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert requests.get(server / "hello", verify=False).text == "hi"


def test_an_untrusted_certificate_is_refused_by_the_client(hello: Pact) -> None:
    with hello.serve(transport="https", raises=False) as server:
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(server / "hello")
    assert not server.matched


def test_http_servers_have_no_certificate(hello: Pact) -> None:
    with hello.serve(raises=False) as server:
        with pytest.raises(RuntimeError, match="only a running https server has a certificate"):
            server.certificate()


def test_a_stopped_server_has_no_certificate(hello: Pact) -> None:
    with pytest.raises(RuntimeError, match="only a running https server has a certificate"):
        hello.serve(transport="https").certificate()
