"""The warehouse keeps the shop's contract, in the classic style."""

import threading

import pytest
import requests
from warehouse import app, stock
from werkzeug.serving import make_server

from pact import Consumer, Provider, Verifier

pact = Consumer("shop").has_pact_with(Provider("warehouse"))


@pytest.fixture(scope="module")
def url():
    stock.update({"KB-1": 12})
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_one_answer(url):
    contract = pact.from_path("pacts/shop-warehouse.json")
    response = contract.verify_provider_app_func(lambda: requests.get(f"{url}/stock/KB-1", timeout=5))
    assert response.status_code == 200


def test_all_answers(url):
    code, _ = Verifier("warehouse", url).verify_pacts("pacts/shop-warehouse.json")
    assert code == 0
