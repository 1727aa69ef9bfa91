"""What the billing service expects of the customer service."""

from customers import Customers

from pact import generate, match


def test_a_customer(consumer_pact, pact_server):
    path = match.like("/customers/1", generator=generate.provider_state("/customers/${id}"))
    (
        consumer_pact.upon_receiving("a request for a customer")
        .given("a customer exists", name="Ada")
        .with_request("GET", path)
        .will_respond_with(200)
        .with_body({"id": match.int(1), "name": "Ada"})
    )
    assert Customers(str(pact_server.url)).get(1)["name"] == "Ada"


def test_a_new_customer(consumer_pact, pact_server):
    (
        consumer_pact.upon_receiving("a new customer")
        .with_request("POST", "/customers")
        .with_body({"name": match.str("Ada")})
        .will_respond_with(201)
        .with_body({"id": match.int(5)})
    )
    assert Customers(str(pact_server.url)).create("Ada") == 5
