"""A consumer's test: what the billing service expects of the customer service."""

from collections.abc import Iterator

import pytest
import requests

from pact import Pact, match

CUSTOMER = {"id": match.int(123), "name": match.str("Alice Smith"), "email": match.regex("a@b.org", regex=r".+@.+")}


def customer_name(base_url: str, number: int) -> str:
    """Fetch a customer's name: the code under test."""
    response = requests.get(f"{base_url}/customers/{number}", timeout=5)
    response.raise_for_status()
    return str(response.json()["name"])


@pytest.fixture
def pact() -> Iterator[Pact]:
    """A pact whose file is written after the test."""
    pact = Pact("billing-service", "customer-service")
    yield pact
    pact.write_file("pacts")


def test_a_customer_has_a_name(pact: Pact) -> None:
    (
        pact.upon_receiving("a request for customer 123")
        .given("customer 123 exists")
        .with_request("GET", "/customers/123")
        .will_respond_with(200)
        .with_body(CUSTOMER)
    )
    with pact.serve() as server:
        assert customer_name(str(server.url), 123) == "Alice Smith"
