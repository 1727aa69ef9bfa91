"""What the shop expects of the warehouse, in the classic style."""

import pytest
import requests

from pact import Consumer, EachLike, Like, Provider, Term

pact = Consumer("shop").has_pact_with(Provider("warehouse"), port=0)


@pytest.fixture(scope="module", autouse=True)
def service():
    pact.start_service()
    yield
    pact.stop_service()


def test_the_stock_of_a_keyboard():
    expected = {"sku": Term(r"KB-\d+", "KB-1"), "count": Like(3)}
    (
        pact.given("there are keyboards")
        .upon_receiving("a request for the stock of a keyboard")
        .with_request("get", "/stock/KB-1")
        .will_respond_with(200, body=expected)
    )
    with pact:
        assert requests.get(f"{pact.uri}/stock/KB-1", timeout=5).json() == {"sku": "KB-1", "count": 3}


def test_the_whole_stock():
    (
        pact.given("there are keyboards")
        .upon_receiving("a request for the whole stock")
        .with_request("get", "/stock", query={"page": "1"})
        .will_respond_with(200, body={"items": EachLike({"sku": "KB-1", "count": Like(3)})})
    )
    with pact:
        assert requests.get(f"{pact.uri}/stock?page=1", timeout=5).json()["items"][0]["count"] == 3
