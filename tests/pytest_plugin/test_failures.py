"""What a person reads first when a test fails over a contract: what differed, then what the client made of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest

from .conftest import Suite

pytest_plugins = ["pytester"]
Lines = Callable[[pytest.RunResult], str]
SAID = "GET /orders/7 was not expected; nearest: 'get order' expects GET /order/7"
ORDER = """
import asyncio, http.client, sys, unittest, urllib.request
import httpx, pytest, requests
from pact import Consumer, Pact, Provider

class HTTPError(Exception):
    pass

def fetch(server, path="/orders/7"):
    connection = http.client.HTTPConnection("localhost", server.port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise HTTPError(f"{answer.status} Server Error")

def described(pact):
    pact.upon_receiving("get order").with_request("GET", "/order/7").will_respond_with(200)
    return pact
"""
WAYS = """
def test_plain():
    with described(Pact("shop", "orders")).serve() as server:
        fetch(server)

def test_requests():
    with described(Pact("shop", "orders")).serve() as server:
        requests.get(f"{server.url}/orders/7").raise_for_status()

def test_requests_json():
    with described(Pact("shop", "orders")).serve() as server:
        assert requests.get(f"{server.url}/orders/7").json()["id"] == 7

def test_httpx():
    with described(Pact("shop", "orders")).serve() as server:
        httpx.get(f"{server.url}/orders/7").raise_for_status()

def test_urllib():
    with described(Pact("shop", "orders")).serve() as server:
        urllib.request.urlopen(f"{server.url}/orders/7")

def test_assertion():
    with described(Pact("shop", "orders")).serve() as server:
        assert httpx.get(f"{server.url}/orders/7").status_code == 200

def test_nested_exceptions():
    with described(Pact("shop", "orders")).serve() as server:
        try:
            fetch(server)
        except HTTPError as error:
            raise LookupError("no such order") from error

def test_swallowed():
    with described(Pact("shop", "orders")).serve() as server:
        try:
            fetch(server)
        except HTTPError:
            pass

def test_raises_inside():
    with described(Pact("shop", "orders")).serve() as server:
        with pytest.raises(HTTPError):
            fetch(server)

def test_raises_around():
    with pytest.raises(HTTPError):
        with described(Pact("shop", "orders")).serve() as server:
            fetch(server)

@pytest.mark.asyncio
async def test_async():
    async with described(Pact("shop", "orders")).serve() as server, httpx.AsyncClient() as client:
        (await client.get(f"{server.url}/orders/7")).raise_for_status()

if sys.version_info >= (3, 11):
    def test_group_in_the_block():
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.to_thread(fetch, server))
                group.create_task(asyncio.to_thread(fetch, server))
        with described(Pact("shop", "orders")).serve() as server:
            asyncio.run(main())

    def test_block_in_a_group():
        async def get():
            with described(Pact("shop", "orders")).serve() as server:
                await asyncio.to_thread(fetch, server)
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(get())
        asyncio.run(main())

@pytest.mark.pact(consumer="shop", provider="orders")
def test_fixtures(consumer_pact, pact_server):
    described(consumer_pact)
    fetch(pact_server)

@pytest.mark.pact(consumer="shop", provider="orders")
def test_several_pacts(consumer_pacts):
    with described(consumer_pacts()).serve() as server:
        fetch(server)

@pytest.fixture
def server():
    with described(Pact("shop", "orders")).serve(raises=False) as server:
        yield server

def test_own_fixture(server):
    try:
        fetch(server)
    except HTTPError as error:
        from pact.error import MismatchesError
        raise MismatchesError(*server.mismatches, report=server.report()) from error

class TestUnittest(unittest.TestCase):
    def test_get(self):
        with described(Pact("shop", "orders")).serve() as server:
            fetch(server)

    def test_assert_raises(self):
        with self.assertRaises(HTTPError):
            with described(Pact("shop", "orders")).serve() as server:
                fetch(server)

@pytest.mark.pact(consumer="shop", provider="orders")
class TestUnittestWithFixtures(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def given(self, consumer_pact, pact_server):
        self.pact, self.server = consumer_pact, pact_server

    def test_get(self):
        described(self.pact)
        fetch(self.server)

def classic():
    pact = Consumer("shop").has_pact_with(Provider("orders"), port=0, pact_dir="pacts")
    pact.given(None).upon_receiving("get order").with_request("get", "/order/7").will_respond_with(200)
    pact.start_service()
    return pact

def test_classic_block():
    pact = classic()
    try:
        with pact:
            requests.get(f"{pact.uri}/orders/7").raise_for_status()
    finally:
        pact.stop_service()

def test_classic_verify():
    pact = classic()
    try:
        pact.setup()
        requests.get(f"{pact.uri}/orders/7")
        pact.verify()
    finally:
        pact.stop_service()
"""
FAILING = len(re.findall(r"def test_", WAYS)) - 2 * (sys.version_info < (3, 11))
QUIET = ("test_swallowed", "test_raises_inside", "test_classic_verify", "test_requests_json")  # without an HTTPError


@pytest.mark.parametrize(
    "arguments",
    [[], ["--show-capture=no"], ["-q", "--tb=short"], ["--tb=native"], ["--tb=line"], ["-q", "--tb=no"], ["-n", "1"]],
    ids=" ".join,
)
def test_the_first_line_and_the_summary_say_what_differed(
    suite: Suite, lines: Lines, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    suite.file("test_orders.py", ORDER + WAYS, consumer=False)
    result = suite.run(*arguments, plugins=("xdist.plugin", "pytest_asyncio.plugin"))
    result.assert_outcomes(failed=FAILING)
    text, summary = re.split(r"^=+ short test summary info =+$", lines(result), flags=re.MULTILINE)
    named = [line for line in summary.splitlines() if line.startswith("FAILED ")]
    assert len(named) == FAILING
    assert [line for line in named if f" - pact: {SAID}" not in line] == []
    failures = re.split(r"^_{3,} (\S+) _{3,}$", text, flags=re.MULTILINE)[1:]
    told = dict(zip(failures[::2], failures[1::2], strict=True))
    assert len(told) == (0 if {"--tb=line", "--tb=no"} & set(arguments) else FAILING)
    for name, failure in told.items():
        first = [line for line in failure.splitlines() if line.strip() and not line.startswith("[gw")][0]
        assert first.strip() == f"E   {SAID}", name
        if name not in QUIET:
            caused = re.search(r"Error: (?:HTTP Error )?500|Error: Server error '500|no such order|assert 500", failure)
            assert caused and failure.index(SAID) < caused.start(), name


def test_a_contract_that_was_not_met_without_an_exception_is_told_the_same_way(
    suite: Suite, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code = """
def test_get():
    with described(Pact("shop", "orders")).serve():
        pass
"""
    suite.file("test_orders.py", ORDER + code, consumer=False)
    text = lines(suite.run())
    said = "Interaction 'get order' was never called: no GET /order/7 came."
    assert f"E   {said}\n\ntest_orders.py:" in text
    assert f"FAILED test_orders.py::test_get - pact: {said}" in text


def test_other_failures_are_pytests_own(suite: Suite, lines: Lines) -> None:
    code = """
@pytest.mark.pact(consumer="shop", provider="orders")
def test_get(consumer_pact, pact_server):
    described(consumer_pact)
    fetch(pact_server, "/order/7")
    assert 1 == 2
"""
    suite.file("test_orders.py", ORDER + code, consumer=False)
    text = lines(suite.run())
    assert "FAILED test_orders.py::test_get - assert 1 == 2" in text and "pact:" not in text


OURS = """
import pytest
from pact import Pact, Verifier
from pact_ffi import Broker

KEY = "s3" + "cret"

def test_a_refused_value():
    Pact("c", "p").upon_receiving("r").with_request("GET", "/").with_header("Authorization", f"Bearer {KEY}\\n")

def test_a_broker_that_is_away():
    Broker("http://127.0.0.1:1", token=KEY, retries=0).can_i_deploy("c", version="1", to_environment="x")

def test_a_verification(tmp_path):
    Verifier("p").broker_source("http://127.0.0.1:1", token=KEY, retries=0).app(lambda environ, start: []).verify()

def test_a_contradiction(tmp_path):
    for end in ("one", "two"):
        pact = Pact("c", "p")
        pact.upon_receiving("r").with_request("POST", "/").with_body({"password": KEY + end}).will_respond_with(200)
        pact.write_file(tmp_path)
"""


@pytest.mark.parametrize("arguments", [[], ["--tb=short"], ["-n", "1"]], ids=" ".join)
def test_what_we_refuse_is_told_at_the_line_of_the_test(suite: Suite, lines: Lines, arguments: list[str]) -> None:
    """Without our own frames, whose variables may hold secrets."""
    suite.file("test_ours.py", OURS, consumer=False)
    result = suite.run("--showlocals", *arguments, plugins=("xdist.plugin",))
    result.assert_outcomes(failed=4)
    text = lines(result)
    assert "s3cret" not in text and "/pact_ffi/" not in text.split("short test summary")[0]
    assert '.with_header("Authorization", f"Bearer {KEY}\\n")' in text
    assert "header Authorization: the value 'Bearer ***(7 characters)' contains a control character" in text


def test_our_own_frames_are_there_when_they_are_asked_for(suite: Suite, lines: Lines) -> None:
    suite.file("test_ours.py", OURS, consumer=False)
    assert "/pact_ffi/" in lines(suite.run("--full-trace", "-k", "refused"))
