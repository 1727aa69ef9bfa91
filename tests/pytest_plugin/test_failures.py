"""What a person reads first when a test fails over a contract: what differed, then what the client made of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from .conftest import Suite

pytest_plugins = ["pytester"]
Lines = Callable[[pytest.RunResult], str]
SAID = "GET /orders/7 was not expected; nearest: 'get order' expects GET /order/7"
ORDER = """
import http.client, unittest
import pytest
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
WAYS = {
    "plain": """
def test_get():
    with described(Pact("shop", "orders")).serve() as server:
        fetch(server)
""",
    "fixtures": """
@pytest.mark.pact(consumer="shop", provider="orders")
def test_get(consumer_pact, pact_server):
    described(consumer_pact)
    fetch(pact_server)
""",
    "several pacts": """
@pytest.mark.pact(consumer="shop", provider="orders")
def test_get(consumer_pacts):
    with described(consumer_pacts()).serve() as server:
        fetch(server)
""",
    "own fixture": """
@pytest.fixture
def server():
    with described(Pact("shop", "orders")).serve(raises=False) as server:
        yield server

def test_get(server):
    try:
        fetch(server)
    except HTTPError as error:
        from pact.error import MismatchesError
        raise MismatchesError(*server.mismatches, report=server.report()) from error
""",
    "unittest": """
class TestGet(unittest.TestCase):
    def test_get(self):
        with described(Pact("shop", "orders")).serve() as server:
            fetch(server)
""",
    "unittest with fixtures": """
@pytest.mark.pact(consumer="shop", provider="orders")
class TestGet(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def given(self, consumer_pact, pact_server):
        self.pact, self.server = consumer_pact, pact_server

    def test_get(self):
        described(self.pact)
        fetch(self.server)
""",
}


@pytest.mark.parametrize(
    "arguments", [[], ["--show-capture=no"], ["--tb=short"], ["--tb=native"], ["-n", "1"]], ids=" ".join
)
@pytest.mark.parametrize("code", WAYS.values(), ids=WAYS.keys())
def test_the_first_line_and_the_summary_say_what_differed(
    suite: Suite, lines: Lines, code: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    suite.file("test_orders.py", ORDER + code, consumer=False)
    result = suite.run(*arguments, plugins=("xdist.plugin",))
    result.assert_outcomes(failed=1)
    text = lines(result)
    failure = re.split(r"^=+ (?:FAILURES|short test summary info) =+$", text, flags=re.MULTILINE)[1]
    first = [line for line in failure.splitlines() if line.strip() and not line.startswith(("___", "[gw"))][0]
    assert first.strip() == f"E   {SAID}"
    assert re.search(rf"^FAILED test_orders.py::\S+ - pact: {re.escape(SAID)}", text, re.MULTILINE)
    assert failure.index(SAID) < failure.index("HTTPError: 500 Server Error")
    assert 'raise HTTPError(f"{answer.status} Server Error")' in failure


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
