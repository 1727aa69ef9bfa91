"""Mock servers that speak a plugin's transport."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from pact import Pact
from pact_ffi.consumer.server import PactServer
from pact_ffi.errors import MismatchesError, MockServerError
from pact_ffi.reporting.mismatches import BodyMismatch, TransportMismatch

from .conftest import LABELS, PluginFolder

CONTENTS = {"request": {"name": "Ada", "id": {"example": "7", "regex": r"\d+"}}, "response": {"number": "1"}}

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def pact() -> Pact:
    pact = Pact("consumer", "provider").using_plugin("labels")
    pact.upon_receiving("a question", "Sync").with_plugin_contents(CONTENTS, LABELS)
    return pact


def serve(pact: Pact) -> PactServer:
    return pact.serve("127.0.0.1", transport="lines")


def ask(server: PactServer, line: bytes) -> bytes:
    with socket.create_connection((server.host, server.port or 0), timeout=5) as connection:
        connection.sendall(line + b"\n")
        return connection.makefile("rb").readline().rstrip(b"\n")


def test_the_plugin_serves_its_transport(pact: Pact) -> None:
    with serve(pact) as server:
        assert str(server.url) == f"lines://127.0.0.1:{server.port}"
        assert server.transport == "lines"
        assert not server.matched
        assert ask(server, b"name=Ada;id=123") == b"number=1"
        assert server.matched


def test_what_differs_is_shown(pact: Pact) -> None:
    with pytest.raises(MismatchesError) as caught, serve(pact) as server:
        ask(server, b"name=Ada;id=7")
        assert b"does not match" in ask(server, b"name=Ada;id=x")
    (mismatch,) = caught.value.mismatches
    assert isinstance(mismatch, TransportMismatch)
    assert mismatch.mismatches == [
        BodyMismatch("$.id", "7", "x", r"label 'id' is 'x', which does not match '\\d+'"),
    ]
    assert str(caught.value).splitlines()[-4:] == [
        "a question: what came differs:",
        r"  body $.id: label 'id' is 'x', which does not match '\\d+'",
        "    - expected: 7",
        "    + received: x",
    ]


def test_what_was_never_asked_is_shown(pact: Pact) -> None:
    with pytest.raises(MismatchesError, match="a question: 'a question' was not called"), serve(pact):
        pass


def test_each_server_begins_anew_and_stops_at_the_end_of_its_block(pact: Pact, plugins: PluginFolder) -> None:
    for _ in range(3):
        with serve(pact) as server:
            assert ask(server, b"name=Ada;id=7") == b"number=1"
        with pytest.raises(OSError):
            ask(server, b"name=Ada;id=7")
    assert len(plugins.calls("StartMockServer")) == len(plugins.calls("ShutdownMockServer")) == 3
    assert len(plugins.running()) == 1


def test_the_plugin_gets_address_and_pact(pact: Pact, plugins: PluginFolder) -> None:
    with pact.serve("127.0.0.1", transport="lines", raises=False):
        pass
    (call,) = plugins.calls("StartMockServer")
    assert call["request"]["hostInterface"] == "127.0.0.1"
    served = json.loads(call["request"]["pact"])
    assert [each["description"] for each in served["interactions"]] == ["a question"]


def test_the_file_names_the_transport_for_the_provider(pact: Pact, tmp_path: Path) -> None:
    with serve(pact) as server:
        ask(server, b"name=Ada;id=7")
        server.write_file(tmp_path)
    pact.upon_receiving("by HTTP").with_request("GET", "/").will_respond_with(204)
    pact.write_file(tmp_path)
    file = json.loads((tmp_path / "consumer-provider.json").read_text())
    assert {each["description"]: each.get("transport") for each in file["interactions"]} == {
        "a question": "lines",
        "by HTTP": None,
    }


def test_a_port_that_is_taken_is_said_in_the_words_of_the_plugin(pact: Pact) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MockServerError, match=f"no lines mock server on 127.0.0.1:{port}: .*in use"):
            pact.serve("127.0.0.1", port, "lines").start()


def test_a_transport_that_no_plugin_has_is_named(pact: Pact) -> None:
    with pytest.raises(MockServerError, match="'pipes' is not a known transport"):
        pact.serve(transport="pipes").start()
