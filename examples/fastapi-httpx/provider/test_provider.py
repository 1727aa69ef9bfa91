"""The order service keeps the contracts of its consumers."""

import pytest
from app import Order, Repository, app

from pact import Verifier


class OrdersInMemory(Repository):
    """The repository of the tests."""

    def __init__(self):
        self.orders = {}

    async def find(self, number):
        return self.orders.get(number)


@pytest.fixture
def pact_verifier():
    repository = OrdersInMemory()
    app.dependency_overrides[Repository] = lambda: repository

    async def order_exists(parameters):
        repository.orders[parameters["id"]] = Order(total=20.5, **parameters)

    async def no_orders():
        repository.orders.clear()

    yield (
        Verifier("orders")
        .app(app)
        .state_handler({"an order exists": order_exists, "there are no orders": no_orders})
        .add_custom_header("Authorization", "Bearer a token for tests")
    )
    app.dependency_overrides.clear()


@pytest.mark.pact_source("pacts")
def test_the_contracts_are_kept(pact_interaction):
    pact_interaction.verify()
