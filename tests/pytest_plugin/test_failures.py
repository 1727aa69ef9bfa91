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
