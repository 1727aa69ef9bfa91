"""What the shipping service needs to find in a record."""

import pytest
from queue_like_kafka import Record
from shipping import Shipping

from pact import match

pytestmark = pytest.mark.pact(consumer="shipping", provider="orders")


def test_a_paid_order_is_shipped(consumer_pact):
    (
        consumer_pact.upon_receiving("an order was paid", "Async")
        .given("an order exists", id=7)
        .with_body({"id": match.int(7)}, "application/json")
        .with_metadata({"topic": "orders", "key": match.regex("7", regex=r"\d+"), "ce_type": "order.paid"})
    )
    shipping = Shipping()

    def receive(body, metadata):
        headers = {name: value for name, value in metadata.items() if name.startswith("ce_")}
        shipping.handle(Record(metadata["topic"], metadata["key"], body.encode(), headers))

    consumer_pact.verify(receive, "Async")
    assert shipping.shipped == [7]
