"""The order service sends the records that others rely on."""

import pytest
from orders import Order, order_paid

from pact import Verifier
from pact.types import Message


@pytest.fixture
def pact_verifier():
    orders = {}

    def order_exists(parameters):
        orders["last"] = Order(parameters["id"], 20.5)

    def paid() -> Message:
        record = order_paid(orders["last"])
        metadata = {"topic": record.topic, "key": record.key, **record.headers}
        return {"contents": record.value, "metadata": metadata, "content_type": "application/json"}

    verifier = Verifier("orders").state_handler({"an order exists": order_exists})
    return verifier.message_handler({"an order was paid": paid})


@pytest.mark.pact_source("pacts")
def test_the_contracts_are_kept(pact_interaction):
    pact_interaction.verify()
