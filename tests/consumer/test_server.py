"""The mock server of a pact: address, life, what it tells."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time

import pytest
import requests

from pact import Pact, match
from pact.error import MismatchesError, MissingRequest, RequestMismatch, RequestNotFound
from pact.pact import PactServer
from pact_ffi.consumer import unfinished


@pytest.fixture
def hello(pact: Pact) -> Pact:
    pact.upon_receiving("a greeting").with_request("GET", "/hello").will_respond_with(200).with_body("hi", "text/plain")
    return pact


def closes(port: int) -> bool:
    """Whether nobody listens any more; the core leaves a port when its last connection is done."""
    end = time.monotonic() + 3
    while listens(port) and time.monotonic() < end:
        time.sleep(0.01)
    return not listens(port)


def listens(port: int, host: str = "127.0.0.1") -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_what_it_says_of_itself(hello: Pact) -> None:
    with hello.serve("localhost") as server:
        assert isinstance(server, PactServer)
        assert isinstance(server.port, int)
        assert (server.host, server.transport) == ("localhost", "http")
        assert str(server) == f"http://localhost:{server.port}" == str(server.url)
        assert server / "foo" == server.url / "foo"
        assert str(server / "foo") == f"http://localhost:{server.port}/foo"
        assert repr(server)
        requests.get(server / "hello")


def test_matched_after_all_requests_came(hello: Pact, send) -> None:
    with hello.serve() as server:
        assert not server.matched
        assert [type(item) for item in server.mismatches] == [MissingRequest]
        assert send(server, "GET", "/hello").text == "hi"
        assert server.matched
        assert server.mismatches == []
    assert server.matched
    assert server.mismatches == []


def test_mismatches_are_raised_at_the_end_of_the_block(hello: Pact, send) -> None:
    with pytest.raises(MismatchesError) as caught:
        with hello.serve() as server:
            send(server, "GET", "/other")
    assert {type(item) for item in caught.value.mismatches} == {MissingRequest, RequestNotFound}
    assert isinstance(caught.value, AssertionError)
    assert server.matched is False
    assert list(server.mismatches) == list(caught.value.mismatches)


def test_raises_false_keeps_silent(hello: Pact) -> None:
    with hello.serve(raises=False) as server:
        pass
    assert server.matched is False
    assert len(server.mismatches) == 1


def test_mismatches_are_logged_once(hello: Pact, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), hello.serve(raises=False):
        pass
    records = [record for record in caplog.records if record.name == "pact.pact"]
    assert [record.levelname for record in records] == ["ERROR"]
    assert records[0].getMessage().startswith("Mismatches:\n")


def test_verbose_false_logs_nothing(hello: Pact, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), hello.serve(raises=False, verbose=False):
        pass
    assert [record for record in caplog.records if record.name == "pact.pact"] == []


def test_nothing_is_printed(hello: Pact, send, capfd: pytest.CaptureFixture[str]) -> None:
    with hello.serve(raises=False, verbose=False) as server:
        send(server, "GET", "/other")
    assert capfd.readouterr() == ("", "")


def test_a_users_exception_is_never_replaced(hello: Pact) -> None:
    with pytest.raises(KeyError, match="mine") as caught, hello.serve():
        raise KeyError("mine")
    assert caught.value.__cause__ is None
    unfinished.told(caught.value)


def test_the_port_is_closed_when_the_block_ends(hello: Pact, send) -> None:
    with hello.serve(raises=False) as server:
        port = server.port
        assert port and listens(port)
    assert closes(port)


def test_the_port_is_closed_when_the_block_raises(hello: Pact) -> None:
    with pytest.raises(ZeroDivisionError), hello.serve(raises=False) as server:
        port = server.port
        1 / 0
    assert port and closes(port)


def test_cors_preflight(hello: Pact, send) -> None:
    with hello.serve(transport_config={"corsPreflight": True}) as server:
        answer = send(server, "OPTIONS", "/hello", {"Origin": "http://x", "Access-Control-Request-Method": "GET"})
        assert answer.status == 204
        assert answer.header("Access-Control-Allow-Origin")
        assert send(server, "GET", "/hello").status == 200


@pytest.mark.parametrize("config", ["not json", "[1]", 5])
def test_a_transport_config_that_is_no_mapping_is_refused(hello: Pact, config: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        hello.serve(transport_config=config)  # type: ignore[arg-type]


def test_one_pact_served_again(hello: Pact, send) -> None:
    for _ in range(3):
        with hello.serve() as server:
            assert send(server, "GET", "/hello").status == 200
    with pytest.raises(MismatchesError), hello.serve():
        pass


def test_requests_from_many_threads(pact: Pact) -> None:
    pact.upon_receiving("a number").with_request("GET", match.regex("/1", regex=r"/\d+")).will_respond_with(200)
    with pact.serve() as server:
        statuses: list[int] = []

        def ask() -> None:
            with requests.Session() as session:  # keep-alive
                statuses.extend(session.get(f"{server.url}/{i}").status_code for i in range(20))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 160


def test_a_server_stops_at_once_although_a_connection_is_kept_alive(hello: Pact) -> None:
    with requests.Session() as session, hello.serve() as server:
        assert session.get(server / "hello").status_code == 200
        server.stop()
        with pytest.raises(requests.ConnectionError):
            requests.get(server / "hello", timeout=1)


def test_nothing_can_be_added_while_it_runs(hello: Pact, send) -> None:
    with hello.serve() as server:
        send(server, "GET", "/hello")
        with pytest.raises(RuntimeError, match="the mock server is already running"):
            hello.upon_receiving("late")
        with pytest.raises(RuntimeError, match="the mock server is already running"):
            next(iter(hello.interactions())).with_header("X", "1")
        with pytest.raises(RuntimeError, match="the mock server is already running"):
            hello.with_specification("3")
    hello.upon_receiving("afterwards")


def test_it_cannot_be_entered_twice(hello: Pact, send) -> None:
    with hello.serve() as server:
        send(server, "GET", "/hello")
        with pytest.raises(RuntimeError, match="already running"):
            server.__enter__()


def test_stopping_twice_is_harmless(hello: Pact, send) -> None:
    server = hello.serve()
    server.stop()
    with server:
        send(server, "GET", "/hello")
    server.stop()


def test_async_with(hello: Pact) -> None:
    async def story() -> int:
        async with hello.serve() as server:
            response = await asyncio.to_thread(requests.get, server / "hello")
            return response.status_code

    assert asyncio.run(story()) == 200


def test_async_with_raises_mismatches(hello: Pact) -> None:
    async def story() -> None:
        async with hello.serve():
            pass

    with pytest.raises(MismatchesError):
        asyncio.run(story())


def test_logs_while_running_and_after(hello: Pact, send) -> None:
    with hello.serve() as server:
        send(server, "GET", "/hello")
        assert isinstance(server.logs, str)
    assert isinstance(server.logs, str)


def test_the_server_writes_the_pact_file_too(hello: Pact, send, tmp_path) -> None:
    with hello.serve() as server:
        send(server, "GET", "/hello")
        server.write_file(tmp_path)
    server.write_file(tmp_path, overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == ["consumer-provider.json"]


def test_a_later_good_request_does_not_hide_an_earlier_bad_one(hello: Pact, send) -> None:
    with hello.serve(raises=False) as server:
        send(server, "GET", "/hello?x=1")
        send(server, "GET", "/hello")
    assert [type(item) for item in server.mismatches] == [RequestMismatch]


def test_two_interactions_with_one_request_and_different_responses_are_refused(pact: Pact) -> None:
    pact.upon_receiving("first").given("a").with_request("GET", "/").will_respond_with(200)
    pact.upon_receiving("second").given("b").with_request("GET", "/").will_respond_with(404)
    with pytest.raises(ValueError, match="'first .a.' and 'second .b.' have the same request"):
        with pact.serve():
            pass


def test_a_pact_without_interactions_serves_nothing(pact: Pact, send) -> None:
    with pact.serve(raises=False) as server:
        assert send(server).status == 500
    assert [type(item) for item in server.mismatches] == [RequestNotFound]


def test_messages_in_the_same_pact_do_not_disturb_the_server(hello: Pact, send) -> None:
    hello.upon_receiving("a message", "Async").with_body({"a": 1})
    hello.upon_receiving("an exchange", "Sync").with_body({"a": 1}).will_respond_with().with_body({"b": 1})
    with hello.serve() as server:
        assert send(server, "GET", "/hello").status == 200
