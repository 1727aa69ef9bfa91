"""Where a mock server listens, and what it does with impossible addresses."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from pact import Pact
from pact.error import MockServerError


@pytest.fixture
def hello(pact: Pact) -> Pact:
    pact.upon_receiving("a greeting").with_request("GET", "/hello").will_respond_with(200).with_body("hi", "text/plain")
    return pact


@pytest.fixture
def free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


def test_a_chosen_port(hello: Pact, send, free_port: int) -> None:
    for _ in range(3):
        with hello.serve(port=free_port) as server:
            assert server.port == free_port
            assert send(server, "GET", "/hello").status == 200


def test_a_taken_port_is_named(hello: Pact) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MockServerError, match=rf"{port}: .*; port 0 takes a free one.*xdist_group"):
            with hello.serve("127.0.0.1", port):
                pass


@pytest.mark.parametrize("port", [-1, 65536, "80.5", "-1", "", "http", True, 1.5, None])
def test_ports_that_do_not_exist_are_refused(hello: Pact, port: object) -> None:
    with pytest.raises(ValueError, match="the port must be a number"):
        hello.serve(port=port)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["no such host", "256.1.1.1", "a\0b", "exa mple"])
def test_addresses_that_cannot_be_listened_on_are_named(hello: Pact, host: str) -> None:
    with pytest.raises((MockServerError, ValueError)):
        with hello.serve(host):
            pass


@pytest.mark.parametrize(
    ("platform", "transport", "host", "name"),
    [
        ("win32", "http", None, "127.0.0.1"),
        ("win32", "http", "localhost", "localhost"),
        ("win32", "https", None, "localhost"),
        ("linux", "http", None, "localhost"),
        ("darwin", "http", None, "localhost"),
    ],
)
def test_an_address_that_nobody_named_is_the_quick_one_of_the_platform_that_is_simulated(
    hello: Pact, monkeypatch: pytest.MonkeyPatch, platform: str, transport: str, host: str | None, name: str
) -> None:
    """Windows tries ``localhost`` at ::1 first, and takes two seconds over it."""
    with monkeypatch.context() as patched:
        patched.setattr("pact_ffi.consumer.server.sys.platform", platform)
        server = hello.serve(host, transport=transport, raises=False)
    assert server.host == name
    with server:
        assert str(server.url) == f"{transport}://{name}:{server.port}"


@pytest.mark.parametrize("transport", ["HTTP", "grpc", "message", "ftp"])
def test_unknown_transports_are_named(hello: Pact, transport: str) -> None:
    with pytest.raises((MockServerError, ValueError), match=transport):
        with hello.serve(transport=transport):
            pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_hosts(hello: Pact, send, host: str) -> None:
    with hello.serve(host) as server:
        assert server.host == host
        assert send(server, "GET", "/hello").status == 200


def test_ipv6(hello: Pact, send) -> None:
    with hello.serve("::1") as server:
        assert str(server) == f"http://[::1]:{server.port}"
        assert send(server, "GET", "/hello").status == 200


def test_several_servers_at_once(send) -> None:
    pacts = [Pact(f"c{i}", "p") for i in range(5)]
    for i, pact in enumerate(pacts):
        pact.upon_receiving("a").with_request("GET", f"/{i}").will_respond_with(200).with_body({"i": i})
    servers = [pact.serve() for pact in pacts]
    for server in servers:
        server.__enter__()
    assert len({server.port for server in servers}) == 5
    assert [send(server, "GET", f"/{i}").json() for i, server in enumerate(servers)] == [{"i": i} for i in range(5)]
    for server in reversed(servers):
        server.__exit__(None, None, None)


def test_one_pact_served_twice_at_once(hello: Pact, send) -> None:
    with hello.serve() as one, hello.serve() as two:
        assert one.port != two.port
        assert send(one, "GET", "/hello").status == send(two, "GET", "/hello").status == 200


def test_a_chosen_port_may_be_text(hello: Pact, send, free_port: int) -> None:
    with hello.serve(port=str(free_port)) as server:
        assert server.port == free_port
        send(server, "GET", "/hello")
