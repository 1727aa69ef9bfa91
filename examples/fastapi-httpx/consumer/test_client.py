"""What the shop expects of the order service."""

import pytest
from client import Order, Orders

from pact import match

pytestmark = pytest.mark.asyncio
BEARER = match.regex("Bearer token", regex="Bearer .+")


async def test_an_order(consumer_pact, pact_server):
    (
        consumer_pact.upon_receiving("a request for an order")
        .given("an order exists", id=7, status="open")
        .with_request("GET", "/orders/7")
        .with_header("Authorization", BEARER)
        .will_respond_with(200)
        .with_body({"id": 7, "status": match.regex("open", regex="open|paid|sent"), "total": match.decimal(9.99)})
    )
    assert await Orders(str(pact_server.url), "token").get(7) == Order(7, "open", 9.99)


async def test_an_order_that_is_not_there(consumer_pact, pact_server):
    (
        consumer_pact.upon_receiving("a request for an order that is not there")
        .given("there are no orders")
        .with_request("GET", "/orders/8")
        .with_header("Authorization", BEARER)
        .will_respond_with(404)
    )
    assert await Orders(str(pact_server.url), "token").get(8) is None
