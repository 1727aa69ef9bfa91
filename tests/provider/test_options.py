"""How the provider is reached, and what the core says about it."""

from __future__ import annotations

import logging
import runpy
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pact_broker import StandInBroker
from platforms import needs_linux

from pact_ffi.core.library import has
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.server import MockServer
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import BrokerError, PactFileError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, pact

Write = Callable[..., Path]
OK = http_interaction(response={"status": 200})


@contextmanager
def answering(host: str = "127.0.0.1", transport: str = "http") -> Iterator[int]:
    """Let the core's own mock server be the provider."""
    with closing(PactHandle("c", "p", PactSpecification.V4)) as contract:
        contract.interaction("HTTP", "any").request("GET", "/customers/123")
        with closing(MockServer(contract, host, 0, transport)) as server:
            yield server.port


def test_an_https_provider_needs_a_certificate_that_is_trusted(write: Write) -> None:
    with answering(transport="https") as port:
        strict = Verifier("CustomerService").add_transport(url=f"https://localhost:{port}").add_source(write(pact(OK)))
        with pytest.raises(VerificationError, match="is it running, .* and is its certificate trusted"):
            strict.verify()
        strict.disable_ssl_verification().verify()


@pytest.fixture()
def own_certificate(tmp_path: Path) -> Path:
    own = runpy.run_path(str(Path(__file__).parents[1] / "classic" / "test_pact_certificate.py"))

    certificate = tmp_path / "own.pem"
    certificate.write_text(own["CERTIFICATE"] + own["KEY"])
    return certificate


@needs_linux
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_private_certificate_authority(own_certificate: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with StandInBroker(tls=context) as broker:
        broker.url = broker.links = broker.url.replace("127.0.0.1", "localhost")
        broker.offer(pact(OK))
        broker.answers["/customers/123"] = (200, {}, {})
        verifier = Verifier("CustomerService").add_transport(url=broker.url).broker_source(broker.url)
        with pytest.raises(BrokerError, match="(?i)certificate"):
            verifier.verify()
        monkeypatch.setenv(variable, str(own_certificate))
        verifier.set_publish_options("1.2").verify()
        assert len(broker.published) == 1


def test_results_of_files_are_not_published_and_that_is_said(
    provider: Provider, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    provider.answers["GET", "/customers/123"] = (200, {})
    published = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(OK)))
    published.set_publish_options("1.2").verify()
    assert [text for text in caplog.messages if text.startswith("nothing is published")]


@pytest.mark.parametrize("by_url", [True, False])
def test_a_provider_on_ipv6(write: Write, by_url: bool) -> None:
    with answering("::1") as port:
        verifier = Verifier("CustomerService", "::1").add_source(write(pact(OK)))
        verifier.add_transport(**({"url": f"http://[::1]:{port}"} if by_url else {"port": port})).verify()


def test_a_slow_provider_is_waited_for_as_long_as_was_said(write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = Verifier("CustomerService").add_transport(port=silent.getsockname()[1]).add_source(write(pact(OK)))
        begin = time.monotonic()
        with pytest.raises(VerificationError, match="no answer from the provider"):
            slow.set_request_timeout(100).verify()
        assert time.monotonic() - begin < 2


def test_redirects_are_followed_or_verified(write: Write) -> None:
    from flask import Flask, redirect

    app = Flask("customers")
    app.add_url_rule("/customers/123", view_func=lambda: redirect("/elsewhere"), endpoint="moved")
    app.add_url_rule("/elsewhere", view_func=lambda: "", endpoint="here")
    moved = http_interaction(response={"status": 302, "headers": {"Location": ["/elsewhere"]}})
    Verifier("CustomerService").app(app).add_source(write(pact(OK))).verify()
    Verifier("CustomerService").app(app).add_source(write(pact(moved))).follow_redirects(False).verify()
    with pytest.raises(VerificationError, match="status: expected 302 but was 200"):
        Verifier("CustomerService").app(app).add_source(write(pact(moved))).follow_redirects(True).verify()


def test_what_the_core_said_can_be_read(provider: Provider, write: Write, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pact")
    broken = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(OK)))
    with pytest.raises(VerificationError):
        broken.set_coloured_output(enabled=True).verify()
    assert "a request for customer 123" in broken.output() and "\x1b[" in broken.output()
    assert "\x1b[" not in broken.output(strip_ansi=True)
    if has("pactffi_set_log_callback_level"):  # an older core keeps the level that its log had first
        assert "INFO pact.pact_verifier" in broken.logs
    assert any("a request for customer 123" in message for message in caplog.messages)


@pytest.mark.parametrize("name", ["x" * 5000, "a" * 300 + ".json", "nowhere/" * 600])
def test_a_path_that_the_system_cannot_have_is_a_file_that_is_not_there(name: str) -> None:
    with pytest.raises(PactFileError, match="no pact file or folder"):
        Verifier("provider").add_source(name)
