"""The provider's side: pacts whose contents or transport are a plugin's."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, Verifier
from pact_ffi.errors import VerificationError

from .conftest import LABELS, PluginFolder

NUMBER = {"number": {"example": "1", "regex": r"\d+"}}


class Provider:
    """Answers with `line`, over HTTP and over lines, and keeps what came."""

    line = b"number=42"

    def __init__(self) -> None:
        self.received: list[bytes] = []
        provider = self

        class Http(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                provider.received.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", LABELS)
                self.send_header("Content-Length", str(len(provider.line)))
                self.end_headers()
                self.wfile.write(provider.line)

            def log_message(self, *args: Any) -> None:
                pass

        class Lines(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                provider.received.append(self.rfile.readline().rstrip(b"\n"))
                self.wfile.write(provider.line + b"\n")

        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), Http), socketserver.TCPServer(("127.0.0.1", 0), Lines)]
        self.http_port, self.lines_port = (int(server.server_address[1]) for server in self.servers)

    def __enter__(self) -> Provider:
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def http(tmp_path: Path) -> Pact:
    pact = Pact("consumer", "provider").using_plugin("labels")
    interaction = (
        pact.upon_receiving("a person").with_request("POST", "/").with_plugin_contents({"name": "Ada"}, LABELS)
    )
    interaction.will_respond_with(200).with_plugin_contents(NUMBER, LABELS)
    pact.write_file(tmp_path)
    return pact


@pytest.fixture
def lines(tmp_path: Path) -> Pact:
    pact = Pact("consumer", "provider").using_plugin("labels")
    pact.upon_receiving("a question", "Sync").with_plugin_contents(
        {"request": {"name": "Ada"}, "response": NUMBER}, LABELS
    )
    with pact.serve("127.0.0.1", transport="lines", raises=False):
        pass
    pact.write_file(tmp_path)
    return pact


def verifier(folder: Path) -> Verifier:
    return Verifier("provider", "127.0.0.1").add_source(folder)


def test_contents_are_compared_by_the_plugin(http: Pact, provider: Provider, tmp_path: Path) -> None:
    verifier(tmp_path).add_transport(protocol="http", port=provider.http_port).verify()
    assert provider.received == [b"name=Ada"]


def test_what_the_plugin_finds_different_is_shown(http: Pact, provider: Provider, tmp_path: Path) -> None:
    provider.line = b"number=many"
    with pytest.raises(VerificationError, match=r"body \$\.number: label 'number' is 'many', which does not match"):
        verifier(tmp_path).add_transport(protocol="http", port=provider.http_port).verify()


def test_messages_with_contents_of_a_plugin(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider").using_plugin("labels")
    pact.upon_receiving("news", "Async").with_plugin_contents(NUMBER, LABELS)
    pact.write_file(tmp_path)
    good: Any = {"contents": b"number=3", "content_type": LABELS}
    verifier(tmp_path).message_handler({"news": good}).verify()
    with pytest.raises(VerificationError, match="label 'number' is 'x', which does not match"):
        verifier(tmp_path).message_handler({"news": {**good, "contents": b"number=x"}}).verify()


def test_an_interaction_goes_over_the_transport_it_was_served_on(
    lines: Pact, provider: Provider, tmp_path: Path, plugins: PluginFolder
) -> None:
    verifier(tmp_path).add_transport(protocol="lines", port=provider.lines_port).verify()
    assert provider.received == [b"name=Ada"]
    assert plugins.calls("PrepareInteractionForVerification") and plugins.calls("VerifyInteraction")


def test_http_and_the_transport_of_a_plugin_in_one_run(
    http: Pact, lines: Pact, provider: Provider, tmp_path: Path
) -> None:
    both = verifier(tmp_path).add_transport(protocol="http", port=provider.http_port)
    both.add_transport(protocol="lines", port=provider.lines_port).verify()
    assert both.result is not None and len(both.result.interactions) == 2
    assert provider.received == [b"name=Ada", b"name=Ada"]


def test_what_differs_over_the_transport_is_shown(lines: Pact, provider: Provider, tmp_path: Path) -> None:
    provider.line = b"number=many"
    with pytest.raises(VerificationError, match=r"body \$\.number: label 'number' is 'many', which does not match"):
        verifier(tmp_path).add_transport(protocol="lines", port=provider.lines_port).verify()


def test_a_provider_that_is_not_there_is_said_in_the_words_of_the_plugin(
    lines: Pact, provider: Provider, tmp_path: Path
) -> None:
    with pytest.raises(VerificationError, match=r"no answer from \('127\.0\.0\.1', 9\)"):
        verifier(tmp_path).add_transport(protocol="lines", port=9).verify()


def test_a_plugin_that_is_not_installed_is_named(http: Pact, provider: Provider, tmp_path: Path) -> None:
    file = tmp_path / "consumer-provider.json"
    file.write_text(file.read_text().replace('"name": "labels"', '"name": "stickers"'))
    with pytest.raises(VerificationError, match=r"provider.json: plugin 'stickers' 1\.10\.0 is not installed in "):
        verifier(tmp_path).add_transport(protocol="http", port=provider.http_port).verify()
    assert provider.received == []


@pytest.mark.parametrize("with_plugin", [True, False])
def test_a_pact_can_be_served_after_a_verification_which_ends_all_plugins(
    http: Pact, lines: Pact, provider: Provider, tmp_path: Path, plugins: PluginFolder, with_plugin: bool
) -> None:
    if with_plugin:
        verifier(tmp_path).add_transport(protocol="http", port=provider.http_port).add_transport(
            protocol="lines", port=provider.lines_port
        ).verify()
    else:
        (tmp_path / "plain").mkdir()
        plain = Pact("consumer", "provider")
        plain.upon_receiving("plain").with_request("POST", "/").with_body("x", "text/plain").will_respond_with(200)
        plain.write_file(tmp_path / "plain")
        verifier(tmp_path / "plain").add_transport(protocol="http", port=provider.http_port).verify()
    assert plugins.nothing_runs()
    with pytest.raises(Exception, match="was not called"), lines.serve("127.0.0.1", transport="lines"):
        pass


def test_two_pacts_after_a_verification_share_one_process_until_both_are_gone(
    http: Pact, lines: Pact, provider: Provider, tmp_path: Path, plugins: PluginFolder
) -> None:
    verifier(tmp_path).add_transport(protocol="http", port=provider.http_port).add_transport(
        protocol="lines", port=provider.lines_port
    ).verify()
    assert plugins.nothing_runs()
    http.write_file(tmp_path / "a")
    lines.write_file(tmp_path / "b")
    assert len(plugins.running()) == 1
