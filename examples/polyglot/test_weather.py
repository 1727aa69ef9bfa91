"""The weather service keeps the contracts of its consumers, in whatever language they are."""

import pytest
from weather import app, known

from pact import Verifier


def city_is_known(parameters):
    known[parameters["city"]] = {"temperature": 21.5, "sky": "cloudy", "wind": 80}


@pytest.fixture
def pact_verifier():
    return Verifier("weather").app(app).state_handler({"a city is known": city_is_known})


@pytest.mark.pact_source("pacts")
def test_the_contracts_are_kept(pact_interaction):
    pact_interaction.verify()
