"""A consumer suite through the fixtures; ``BENCH_TESTS`` says how many tests, ``BENCH_PLAIN`` leaves the pact out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import requests
from clock import now
from order import example, expected

from pact import match

COUNT = int(os.environ["BENCH_TESTS"])
PLAIN = os.environ.get("BENCH_PLAIN")  # the address of a server
times: list[float] = []


@pytest.fixture(scope="session", autouse=True)
def written():
    yield
    Path("times.json").write_text(json.dumps(times))


@pytest.fixture(scope="session")
def client():
    with requests.Session() as session:
        yield session


def contract(number, consumer_pact, pact_server, client):
    start = now()
    interaction = consumer_pact.upon_receiving(f"request {number:04}").given(f"state {number}")
    interaction.with_request("POST", f"/orders/{number}").with_body(expected(match, number), "application/json")
    interaction.will_respond_with(200).with_body(expected(match, number), "application/json")
    assert client.post(f"{pact_server.url}/orders/{number}", json=example(number)).status_code == 200
    times.append(now() - start)


def plain(number, client):
    assert client.post(f"{PLAIN}/orders/{number}", json=example(number)).status_code == 200


mark = pytest.mark.pact(consumer="bench-consumer", provider="bench-provider")
test_it = pytest.mark.parametrize("number", range(COUNT))(plain if PLAIN else mark(contract))
