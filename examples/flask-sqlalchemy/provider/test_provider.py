"""The customer service keeps the contracts of its consumers."""

import pytest
from app import Base, Customer, create_app
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from pact import Verifier


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")  # in memory: the application runs in this thread, and sees it
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def pact_verifier(engine):
    def customer_exists(parameters):
        with Session(engine) as session:
            customer = Customer(**parameters)
            session.add_all([Customer(name="somebody else"), customer])
            session.commit()
            return {"id": customer.id}  # the request is sent with it

    return Verifier("customers").app(create_app(engine)).state_handler({"a customer exists": customer_exists})


@pytest.mark.pact_source("pacts")
def test_the_contracts_are_kept(pact_interaction):
    pact_interaction.verify()
