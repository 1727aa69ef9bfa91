"""The examples in docstrings run, every public name has a docstring, and every one that needs it an example."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests
from pact_broker import StandInBroker

import pact
import pact_ffi
import pact_ffi.classic.matchers

from .pages import ROOT
from .test_site import named

NAMES = {name: getattr(pact_ffi, name) for name in pact_ffi.__all__}
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
CONTENT = {"content": {"id": 7}, "contentType": "application/json", "encoded": False}
INTERACTION = {
    "type": "Synchronous/HTTP",
    "description": "a request for order 7",
    "providerStates": [{"name": "order 7 exists"}],
    "request": {"method": "GET", "path": "/orders/7"},
    "response": {"status": 200, "body": CONTENT},
}
MESSAGE = {
    "type": "Asynchronous/Messages",
    "description": "an order was paid",
    "providerStates": [{"name": "an order exists"}],
    "contents": CONTENT,
    "matchingRules": {"body": {"$.id": {"combinator": "AND", "matchers": [{"match": "integer"}]}}},
}

# Where a call says it all: nothing to choose, to combine or to read.
PLAIN = {
    "": "Deployability Interaction InteractionResult Provider XmlElement from_term",
    "Broker": "can_i_deploy fetch publish record_deployment record_release record_support_ended record_undeployment",
    "BrokerSelectorBuilder": "build consumer_tags consumer_version exclude_pending exclude_wip include_pending"
    " include_wip_since provider_branch provider_tags",
    "Consumer": "has_pact_with",
    "Contract": "close default_path interactions",
    "Format": "integer_or_identifier iso_8601_datetime",
    "HttpInteraction": "set_headers",
    "Interaction": "add_text_comment provider_states set_comment set_key set_pending test_name with_plugin_contents",
    "Matcher": "generate",
    "MessageConsumer": "has_pact_with",
    "MessagePact": "expects_to_receive given with_content with_metadata write_to_pact_file",
    "MessageProvider": "verify verify_with_broker",
    "Pact": "given setup start_service stop_service upon_receiving using_plugin verify will_respond_with with_request",
    "PactServer": "certificate report start stop write_file",
    "Session": "write",
    "SyncMessageInteraction": "will_respond_with",
    "_RuleMatcher": "generate",
    "Verifier": "add_custom_header add_custom_headers add_source app disable_ssl_verification filter_consumers"
    " filter follow_redirects output set_coloured_output set_error_on_empty_pact set_publish_options"
    " set_request_timeout set_time_limit set_workers verify verify_async verify_pacts verify_with_broker"
    " webhook_source",
}
# Made for users to read or to catch, not to call.
READ = ("pact_ffi.errors", "pact_ffi.reporting.mismatches", "pact_ffi.core.specification")


def modules() -> list[str]:
    """Every module of both packages but the generated one and the one that runs when it is imported."""
    found = [
        each.name
        for package in (pact_ffi, pact)
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return ["pact_ffi", "pact", *(name for name in found if not name.endswith(("._cffi", ".__main__")))]


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The provider of the examples."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"id": 7, "status": "open"}']


def examples() -> list[doctest.DocTest]:
    """Every docstring with an example."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in modules() for test in finder.find(importlib.import_module(name), name)]
    return [test for test in found if test.examples]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the pages of the reference say is there when an example runs."""
    monkeypatch.chdir(tmp_path)
    for folder, consumer, item in (("pacts", "shop", INTERACTION), ("messages", "shipping", MESSAGE)):
        document = {"consumer": {"name": consumer}, "provider": {"name": "orders"}, "interactions": [item]}
        document["metadata"] = {"pactSpecification": {"version": "4.0"}}
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{consumer}-orders.json").write_text(json.dumps(document))
    consumer = pact_ffi.Pact("consumer", "provider")
    provider = pact_ffi.Pact("shop", "orders")
    provider.upon_receiving("order 7").with_request("GET", "/orders/7").will_respond_with(200, body={"id": 7})
    with StandInBroker() as broker, provider.serve("127.0.0.1", raises=False, verbose=False) as server:
        yield {
            **NAMES,
            "pact": consumer,
            "order": pact_ffi.Pact("shop", "orders").upon_receiving("an order"),
            "verifier": pact_ffi.Verifier("orders").add_source("pacts").app(app),
            "broker": pact_ffi.Broker(broker.url),
            "broker_url": broker.url,
            "provider_url": server.url,
            "app": app,
            "requests": requests,
            "os": os,
            "get_generated_values": pact_ffi.classic.matchers.get_generated_values,
        }


@pytest.mark.parametrize("test", examples(), ids=lambda test: test.name)
def test_an_example_runs(test: doctest.DocTest, stage: dict[str, Any]) -> None:
    said: list[str] = []
    test.globs = {**test.globs, **stage}
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=said.append)
    assert not said, "".join(said)


def ours(value: object) -> bool:
    """Whether a member of a class was written here."""
    return isinstance(value, property) or str(getattr(value, "__module__", "")).startswith("pact")


def shown() -> dict[str, Any]:
    """Every name that the reference shows: of each module what is public, of each class its public members."""
    names: dict[str, Any] = {}

    def show(name: str, thing: Any, hidden: str) -> None:
        if isinstance(thing, ModuleType):
            for key, value in vars(thing).items():
                written_here = getattr(value, "__module__", "").startswith(thing.__name__)
                if written_here and not re.search(hidden, key) and callable(value) and hasattr(value, "__qualname__"):
                    show(f"{name}.{key}", value, hidden)
            return
        names[name] = thing
        if inspect.isclass(thing):
            members = inspect.getmembers(thing, lambda value: ours(value) and not inspect.isclass(value))
            names.update({f"{name}.{key}": value for key, value in members if not re.search(hidden, key)})

    for page in sorted((ROOT / "docs" / "reference").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for name, options in re.findall(r"^::: (\S+)\n((?:    .*\n)*)", text, re.M):
            hidden = "|".join(["^_", *re.findall(r'"!(.+?)"', options)])
            show(name, named(name), hidden)
    return names


def test_every_public_name_has_a_docstring() -> None:
    everything = {**NAMES, **shown()}
    assert len(everything) > 200
    assert [name for name, thing in everything.items() if not inspect.getdoc(thing)] == []


def owner(thing: object) -> tuple[str, str]:
    """The class that defines something ("" for none), and its name."""
    of, _, name = str(getattr(thing, "__qualname__", "")).rpartition(".")
    return of, name


def needing() -> dict[tuple[str, str], Any]:
    """What has something to choose, to combine or to read."""
    things = [
        thing
        for thing in shown().values()
        if not isinstance(thing, property) and str(getattr(thing, "__module__", "")) not in READ
    ]
    return {owner(thing): thing for thing in things}


def test_every_public_name_that_needs_it_has_an_example() -> None:
    plain = {(of, name) for of, names in PLAIN.items() for name in names.split()}
    with_example = {key for key, thing in needing().items() if ">>>" in str(inspect.getdoc(thing))}
    assert sorted(needing().keys() - with_example - plain) == []
    assert len(with_example) > 75


def test_no_exemption_is_superfluous() -> None:
    there = needing()
    assert [(of, name) for of, names in PLAIN.items() for name in names.split() if (of, name) not in there] == []
