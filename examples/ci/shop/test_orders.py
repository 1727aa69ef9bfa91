"""The consumer's test: what the shop expects of the service "orders"."""

from collections.abc import Iterator

import pytest
import requests

from pact import Pact, match


def status_of(base_url: str, number: int) -> str:
    """Fetch an order's status: the code under test."""
    response = requests.get(f"{base_url}/orders/{number}", timeout=5)
    response.raise_for_status()
    return str(response.json()["status"])


@pytest.fixture
def pact() -> Iterator[Pact]:
    """A pact whose file is written after the test."""
    pact = Pact("shop", "orders")
    yield pact
    pact.write_file("pacts")


def test_an_order_has_a_status(pact: Pact) -> None:
    (
        pact.upon_receiving("a request for order 7")
        .with_request("GET", "/orders/7")
        .will_respond_with(200)
        .with_body({"id": match.int(7), "status": match.str("open")})
    )
    with pact.serve() as server:
        assert status_of(str(server.url), 7) == "open"
