"""Provider states: whatever handles them, and what happens when that fails."""

from __future__ import annotations

import asyncio
import functools
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, pact

Write = Callable[..., Path]
STATE = {"providerStates": [{"name": "customer exists", "params": {"id": 123}}]}


@pytest.fixture()
def run(provider: Provider, write: Write) -> Callable[..., Verifier]:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "Alice"})

    def verified(handler: Any, interaction: Any = None, **options: Any) -> Verifier:
        source = write(pact(interaction or http_interaction(**STATE)))
        verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(source)
        return verifier.state_handler(handler, **options).verify()

    return verified


Run = Callable[..., Verifier]
calls: list[Any] = []


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


class Bound:
    def handler(self, state: str, parameters: dict[str, Any]) -> None:
        calls.append((state, parameters))


async def asynchronous(state: str, parameters: dict[str, Any]) -> None:
    await asyncio.sleep(0)
    calls.append((state, parameters))


def with_action(state: str, action: str, parameters: dict[str, Any]) -> None:
    assert action == "setup"
    calls.append((state, parameters))


@pytest.mark.parametrize(
    "handler",
    [
        lambda state, parameters: calls.append((state, parameters)),
        lambda s, p: calls.append((s, p)),
        lambda parameters, state: calls.append((state, parameters)),
        lambda state, params=None: calls.append((state, params)),
        lambda *args: calls.append(args),
        lambda **kwargs: calls.append((kwargs["state"], kwargs["parameters"])),
        lambda state, *, parameters, other=5: calls.append((state, parameters)),
        functools.partial(lambda extra, state, parameters: calls.append((state, parameters)), "extra"),
        Bound().handler,
        asynchronous,
        with_action,
        {"customer exists": lambda p: calls.append(("customer exists", p))},
        {"customer exists": lambda state, parameters: calls.append((state, parameters))},
    ],
)
def test_a_handler_takes_what_it_names(run: Run, handler: Any) -> None:
    run(handler)
    assert calls == [("customer exists", {"id": 123})]


def test_a_handler_may_take_less(run: Run) -> None:
    run(lambda: calls.append("called"))
    run(lambda state: calls.append(state))
    assert calls == ["called", "customer exists"]


def test_an_object_has_a_method_for_each_state(run: Run) -> None:
    class States:
        def customer_exists(self, parameters: dict[str, Any]) -> None:
            calls.append(parameters)

    run(States())
    assert calls == [{"id": 123}]


def test_teardown_comes_after_the_interaction(run: Run, provider: Provider) -> None:
    run(lambda s, a, p: calls.append((s, a, p, len(provider.requests))), teardown=True)
    run({"customer exists": lambda action, parameters: calls.append(action)}, teardown=True)
    assert calls == [
        ("customer exists", "setup", {"id": 123}, 0),
        ("customer exists", "teardown", {"id": 123}, 1),
        "setup",
        "teardown",
    ]


def test_handlers_run_in_the_thread_that_verifies(run: Run) -> None:
    run(lambda: calls.append(threading.current_thread()))
    assert calls == [threading.current_thread()]


def test_returned_values_fill_the_request(run: Run, provider: Provider) -> None:
    provider.answers["GET", "/customers/77"] = (200, {"id": 123, "name": "Alice"})
    generator = {"type": "ProviderState", "expression": "/customers/${id}", "dataType": "STRING"}
    request = {"method": "GET", "path": "/customers/123", "generators": {"path": generator}}
    run(lambda state: {"id": 77}, http_interaction(request=request, **STATE))
    assert provider.requests[-1][1] == "/customers/77"


def test_an_interaction_without_state_is_announced_to_functions_alone(run: Run) -> None:
    run(lambda state: calls.append(state), http_interaction())
    run({}, http_interaction())
    assert calls == [""]


def test_an_exception_is_the_failure_with_its_traceback_in_no_time(run: Run, provider: Provider) -> None:
    def broken(state: str) -> None:
        raise ZeroDivisionError("no database")

    begin = time.monotonic()
    with pytest.raises(VerificationError) as caught:
        run(broken)
    assert time.monotonic() - begin < 1
    lines = str(caught.value).splitlines()
    assert lines[:2] == [
        "provider state handler 'customer exists' raised ZeroDivisionError: no database",
        "  in BillingService: a request for customer 123 [customer exists]",
    ]
    assert lines[2].endswith("in broken") and lines[3].strip() == 'raise ZeroDivisionError("no database")'
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert provider.requests == []


def test_a_failing_teardown_is_a_failure(run: Run) -> None:
    def broken(state: str, action: str) -> None:
        if action == "teardown":
            raise ZeroDivisionError("still locked")

    with pytest.raises(VerificationError, match="provider state teardown 'customer exists' raised ZeroDivisionError"):
        run(broken, teardown=True)


@pytest.mark.parametrize("error", [KeyboardInterrupt, pytest.fail.Exception])
def test_what_is_no_ordinary_exception_ends_the_run(run: Run, error: type[BaseException]) -> None:
    def broken(state: str) -> None:
        raise error

    with pytest.raises(error):
        run(broken)


def test_an_unknown_state_names_the_known_ones(run: Run) -> None:
    with pytest.raises(VerificationError, match="no handler for provider state 'customer exists'.* for 'a', 'b'"):
        run({"a": lambda: None, "b": lambda: None})


def test_values_that_are_no_json_are_named(run: Run) -> None:
    with pytest.raises(VerificationError, match="the values.a: JSON has no object"):
        run(lambda state: {"a": object()})


def test_async_handlers_share_a_loop_and_work_inside_a_running_one(run: Run) -> None:
    async def handler(state: str, action: str) -> None:
        calls.append(asyncio.get_running_loop())

    async def test() -> None:
        run(handler, teardown=True)

    run(handler, teardown=True)
    asyncio.run(test())
    assert calls[0] is calls[1] and calls[2] is calls[3]


@pytest.mark.parametrize("body", [True, False])
def test_a_state_url_is_told(run: Run, provider: Provider, body: bool) -> None:
    query = "/states?id=123&state=customer+exists&action=setup"
    provider.answers["POST", "/states" if body else query] = (200, {})
    run(provider.url + "/states", body=body)
    [method, path, _, content] = provider.requests[0]
    assert (method, path) == ("POST", "/states" if body else query)
    if body:
        assert json.loads(content) == {"state": "customer exists", "action": "setup", "params": {"id": 123}}


def test_a_state_url_that_fails_is_asked_once_and_quoted(run: Run, provider: Provider) -> None:
    provider.answers["POST", "/states"] = (500, {"error": "table is missing"})
    begin = time.monotonic()
    with pytest.raises(VerificationError, match="answered 500: .*table is missing"):
        run(provider.url + "/states", body=True)
    assert time.monotonic() - begin < 1 and len(provider.requests) == 1
