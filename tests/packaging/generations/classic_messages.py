"""Messages of a queue: a matcher class of the project's own, a handler that is tested with the pact's message."""

import json
import os

import pytest
from users import free_port

from pact import EachLike, Like, MessageConsumer, MessageProvider, Provider, Term
from pact.matchers import Matcher, from_term, get_generated_values

PACTS = os.path.join(os.getcwd(), "pacts")


class Event(Matcher):
    """What stands in a topic."""

    def __init__(self, key, value):
        self.key = key
        self.value = value

    def generate(self):
        return {"key": self.key, "value": self.value}


class Handler:
    """The consumer's code."""

    def __init__(self):
        self.seen = {}

    def __call__(self, event):
        if event["value"]["type"] not in ("created", "removed"):
            raise ValueError("unknown event")
        self.seen[event["key"]] = event["value"]["items"]


@pytest.fixture(scope="session")
def pact():
    return MessageConsumer("Search", version="1.0.0", tags=["main"]).has_pact_with(
        Provider("Catalogue"), pact_dir=PACTS, publish_to_broker=False, file_write_mode="merge"
    )


def product(kind):
    return {"type": Term("created|removed", kind), "items": EachLike({"id": Like(1)}, minimum=2)}


@pytest.mark.parametrize("kind", ["created", "removed"])
def test_an_event(pact, kind):
    (
        pact.given("a product", {"id": 7})
        .expects_to_receive(f"a product was {kind}")
        .with_content(Event("7", from_term(Like(product(kind)))))
        .with_metadata({"Content-Type": "application/json", "topic": "products"})
    )
    handler = Handler()
    with pact:
        handler({"key": "7", "value": get_generated_values(product(kind))})
    assert handler.seen == {"7": [{"id": 1}, {"id": 1}]}


def test_an_event_that_the_handler_does_not_know(pact):
    pact.given("a product").expects_to_receive("a product was lent").with_content(Like({"type": "lent"})).with_metadata(
        {}
    )
    with pytest.raises(ValueError), pact:
        Handler()({"key": "7", "value": {"type": "lent"}})


def test_the_contract():
    (name,) = (name for name in os.listdir(PACTS) if name.endswith(".json"))
    with open(os.path.join(PACTS, name)) as file:
        document = json.load(file)
    kinds = {message["description"] for message in document.get("messages") or document["interactions"]}
    assert kinds == {"a product was created", "a product was removed"}


def made(items):
    return {"key": "7", "value": {"type": "removed", "items": items}}


@pytest.mark.parametrize(("items", "kept"), [([{"id": 3}, {"id": 4}], True), ([{"id": "three"}, {"id": 4}], False)])
def test_the_provider(items, kept):
    messages = MessageProvider(
        message_providers={"a product": lambda: made(items)},
        provider="Catalogue",
        consumer="Search",
        pact_dir=PACTS,
        proxy_port=str(free_port()),
    )
    with messages:
        if kept:
            messages.verify()
        else:
            with pytest.raises(AssertionError):
                messages.verify()
