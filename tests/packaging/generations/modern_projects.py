"""The modern API in projects: asynchronous code, a provider in a thread, handlers with decorators."""

import functools
import json
import threading
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from pact import Pact, Verifier, match
from pact._util import find_free_port
from pact.pact import PactServer
from pact.types import Message, StateHandlerArgs

PACTS = Path(__file__).parent / "pacts"
DATABASE = {}


@pytest.fixture
def pact():
    pact = Pact("Orders-Web", "Orders API").with_specification("V4")
    yield pact
    pact.write_file(PACTS)


@pytest.fixture
def server(pact):
    """Not started: the test describes first."""
    return functools.partial(pact.serve, addr="localhost")


def order(number=7):
    return {
        "id": match.int(number),
        "uuid": match.uuid("f0e1d2c3-0000-4000-8000-000000000001"),
        "state": match.regex("paid", regex="open|paid|sent"),
        "total": match.decimal(12.5),
        "number": match.int(5, min=1, max=9),
        "placed": match.datetime("2024-05-01T10:00:00", "%Y-%m-%dT%H:%M:%S"),
        "items": match.each_like({"sku": match.str("A-1"), "count": match.int(1)}, min=1),
        "note": match.none(),
    }


def test_an_order(pact, server):
    (
        pact.upon_receiving("a request for an order")
        .given("an order exists", {"id": 7})
        .with_request("GET", "/orders/7")
        .with_header("Accept", "application/json")
        .will_respond_with(200)
        .with_body(order())
    )
    with server() as mock, httpx.Client(base_url=str(mock.url), headers={"Accept": "application/json"}) as client:
        found = client.get("/orders/7").json()
    assert found["id"] == 7 and found["state"] == "paid" and found["items"][0]["sku"] == "A-1"


async def _list(url):
    async with httpx.AsyncClient(base_url=url) as client:
        return (await client.get("/orders", params={"state": "paid"})).json()


def test_asynchronous_code(pact):
    import asyncio

    (
        pact.upon_receiving("a request for the paid orders")
        .given("an order exists", id=7)
        .with_request("GET", "/orders")
        .with_query_parameters({"state": "paid"})
        .will_respond_with(200)
        .with_body(match.each_like({"id": match.like(7)}))
    )
    with pact.serve() as mock:
        assert isinstance(mock, PactServer)
        assert asyncio.run(_list(str(mock.url))) == [{"id": 7}]


def test_a_function_that_the_client_calls_is_patched(pact):
    pact.upon_receiving("a new order").given("the shop is open").with_request("POST", "/orders").with_body(
        {"sku": "A-1"}, content_type="application/json"
    ).will_respond_with(201).with_header("Location", match.regex("/orders/8", regex=r"/orders/\d+"))
    with pact.serve() as mock, patch.dict(DATABASE, url=f"{mock.url}/orders"):
        answer = httpx.post(DATABASE["url"], json={"sku": "A-1"})
    assert answer.headers["Location"] == "/orders/8"


def logged(function):
    """A decorator as projects have them."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@pytest.fixture(scope="module")
def api():
    app = Flask("orders")

    @app.get("/orders/<int:number>")
    def one(number):
        return jsonify(DATABASE[number]) if number in DATABASE else ({"error": "no such order"}, 404)

    @app.get("/orders")
    def several():
        return jsonify([row for row in DATABASE.values() if row["state"] == request.args["state"]])

    @app.post("/orders")
    def create():
        return {}, 201, {"Location": "/orders/8"}

    port = find_free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()


@logged
def exists(action, parameters):
    DATABASE.clear()
    if action == "setup":
        row = {"state": "paid", "total": 1.5, "placed": "2024-05-01T10:00:00", "note": None}
        row |= {"items": [{"sku": "B", "count": 2}], "number": 4, "uuid": "f0e1d2c3-0000-4000-8000-000000000002"}
        DATABASE[parameters["id"]] = {"id": parameters["id"], **row}


def is_open(**kwargs):
    assert set(kwargs) <= set(StateHandlerArgs.__annotations__)


@pytest.mark.parametrize("broken", [False, True])
def test_the_provider(api, broken):
    handlers = {"an order exists": exists, "the shop is open": lambda action, parameters: None}
    verifier = (
        Verifier("Orders API", host="127.0.0.1")
        .add_transport(url=api)
        .add_source(PACTS)
        .filter_consumers("Orders-Web")
        .add_custom_header("X-Forwarded-For", "127.0.0.1")
        .set_request_timeout(5_000)
        .set_error_on_empty_pact(enabled=True)
        .state_handler(
            handlers if not broken else {name: lambda action, parameters: None for name in handlers}, teardown=True
        )
    )
    DATABASE.clear()
    if broken:
        with pytest.raises(RuntimeError):
            verifier.verify()
    else:
        verifier.verify()
    assert verifier.results["result"] is not broken
    assert isinstance(verifier.output(strip_ansi=True), str)


def test_messages_both_ways(tmp_path):
    pact = Pact("Mail", "Orders API").with_specification("V4")
    pact.upon_receiving("an order was paid", "Async").given("an order exists", {"id": 7}).with_body(
        json.dumps({"id": 7}), "application/json"
    ).with_metadata({"topic": "orders"})
    seen = []
    pact.verify(lambda body, metadata: seen.append((json.loads(body), metadata["topic"])), "Async")
    assert seen == [({"id": 7}, "orders")]
    pact.write_file(tmp_path)
    paid = Message(contents=b'{"id": 7}', metadata={"topic": "orders"}, content_type="application/json")
    handlers = {"an order was paid": lambda metadata=None: paid}
    Verifier("Orders API").add_source(tmp_path).message_handler(handlers).state_handler(
        {"an order exists": lambda parameters: None}, teardown=False
    ).verify()
