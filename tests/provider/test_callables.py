"""Handlers and filters may be anything callable; what they return is taken, or refused by name."""

from __future__ import annotations

import asyncio
import functools
import json
import sys
import threading
import time
from collections import UserDict, namedtuple
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

import pydantic
import pytest
from platforms import needs_posix

from pact_ffi.errors import InvalidInputError, PactWarning, VerificationError
from pact_ffi.provider.verifier import Verifier
from pact_ffi.provider.wire import Request

from .conftest import Provider, http_interaction, message, pact

Write = Callable[..., Path]
ALICE = {"id": 123, "name": "Alice"}
STATE = {"providerStates": [{"name": "customer exists", "params": {"id": 123}}]}
events: list[Any] = []


@pytest.fixture(autouse=True)
def no_events() -> None:
    events.clear()


@pytest.fixture()
def verifier(provider: Provider, write: Write) -> Callable[..., Verifier]:
    provider.answers["GET", "/customers/123"] = (200, ALICE)

    def made(*interactions: Any) -> Verifier:
        source = write(pact(*(interactions or [http_interaction(**STATE)])))
        return Verifier("CustomerService").add_transport(provider.url).add_source(source)

    return made


Make = Callable[..., Verifier]


def run(verifier: Verifier) -> list[str]:
    """Verify, plainly and on an event loop, and return the reports."""
    said = []
    for way in (verifier.verify, lambda: asyncio.run(verifier.verify_async())):
        try:
            way()
            said.append("")
        except VerificationError as error:
            said.append(str(error))
    return said


def generator(state: str) -> Iterator[None]:
    events.append("setup")
    yield
    events.append("teardown")


async def async_generator(state: str) -> AsyncIterator[None]:
    events.append("setup")
    await asyncio.sleep(0)
    yield
    await asyncio.sleep(0)
    events.append("teardown")


class Handler:
    def __call__(self, state: str) -> Iterator[None]:
        return generator(state)

    def method(self, state: str) -> Iterator[None]:
        return generator(state)

    @staticmethod
    def static(state: str) -> Iterator[None]:
        return generator(state)


def wrapped(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Managed:
    def __enter__(self) -> None:
        events.append("setup")

    def __exit__(self, *_: object) -> None:
        events.append("teardown")


YIELDING = [
    generator,
    async_generator,
    contextmanager(generator),
    asynccontextmanager(async_generator),
    Handler(),
    Handler().method,
    Handler.static,
    wrapped(generator),
    wrapped(async_generator),
    functools.partial(generator),
    functools.partial(async_generator, state="x"),
    lambda state: generator(state),
    lambda: Managed(),
]


@pytest.mark.parametrize("passes", [True, False], ids=["kept", "broken"])
@pytest.mark.parametrize("handler", YIELDING)
def test_what_comes_after_a_yield_is_the_teardown(
    verifier: Make, provider: Provider, handler: Any, passes: bool
) -> None:
    provider.answers["GET", "/customers/123"] = (200 if passes else 500, ALICE)
    asked = len(provider.requests)
    assert [not said for said in run(verifier().state_handler(handler))] == [passes] * 2
    assert events == ["setup", "teardown"] * 2 and len(provider.requests) == asked + 2


def test_teardowns_run_in_reverse_and_for_each_interaction(verifier: Make) -> None:
    def handler(state: str) -> Iterator[None]:
        events.append(f"+{state}")
        yield
        events.append(f"-{state}")

    both = [http_interaction(name, providerStates=[{"name": "a"}, {"name": "b"}]) for name in ("one", "two")]
    assert run(verifier(*both).state_handler(handler)) == ["", ""]
    assert events == ["+a", "+b", "-b", "-a"] * 4


def test_a_teardown_runs_though_another_state_fails(verifier: Make) -> None:
    def broken() -> None:
        raise LookupError("no database")

    handlers = {"customer exists": lambda: generator(""), "other": broken}
    states = [{"name": "customer exists"}, {"name": "other"}]
    said = run(verifier(http_interaction(providerStates=states)).state_handler(handlers))
    assert all("provider state handler 'other' raised LookupError: no database" in text for text in said)
    assert events == ["setup", "teardown"] * 2


@pytest.mark.parametrize("with_teardown", [True, False])
def test_a_generator_beside_teardown_is_called_once(verifier: Make, with_teardown: bool) -> None:
    run(verifier().state_handler({"customer exists": lambda: generator("")}, teardown=with_teardown))
    assert events == ["setup", "teardown"] * 2


def test_a_teardown_that_raises_and_a_second_yield_are_failures(verifier: Make) -> None:
    def raises() -> Iterator[None]:
        yield
        raise LookupError("still locked")

    def twice() -> Iterator[None]:
        yield
        yield

    for handler, expected in ((raises, "raised LookupError: still locked"), (twice, "yielded twice")):
        said = run(verifier().state_handler({"customer exists": handler}))
        assert all(expected in text for text in said), said


class ById:
    def customer_exists(self, id: int) -> None:
        events.append(id)


@pytest.mark.parametrize(
    "handler",
    [
        {"customer exists": lambda id: events.append(id)},
        {"customer exists": lambda *, id: events.append(id)},
        {"customer exists": lambda id, name="x": events.append(id)},
        {"customer exists": lambda id, parameters: events.append(parameters["id"])},
        {"customer exists": lambda **kwargs: events.append(kwargs["parameters"]["id"])},
        {"customer exists": wrapped(lambda id: events.append(id))},
        ById(),
        lambda state, *, id: events.append(id),
        lambda state, parameters: events.append(parameters["id"]),
        lambda state, id: events.append(id["id"]),  # by position, as ever: it may be meant for the parameters
    ],
)
def test_parameters_of_a_state_are_given_by_name(verifier: Make, handler: Any) -> None:
    assert run(verifier().state_handler(handler)) == ["", ""]
    assert events == [123, 123]


def test_a_parameter_that_the_state_lacks_is_named(verifier: Make) -> None:
    def customer_exists(id: int, total: int) -> None:
        raise AssertionError

    for said in run(verifier().state_handler({"customer exists": customer_exists})):
        assert "customer_exists(id: 'int', total: 'int') -> 'None' needs 'total'" in said


def test_a_wrapper_that_takes_keywords_alone_is_called_by_name(verifier: Make) -> None:
    def only_keywords(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(**kwargs: Any) -> Any:
            return function(**kwargs)

        return wrapper

    @only_keywords
    def handler(state: str, action: str, parameters: Any) -> None:
        events.append((state, action, parameters))

    assert run(verifier().state_handler(handler)) == ["", ""]
    assert events == [("customer exists", "setup", {"id": 123})] * 2


@dataclass
class Values:
    id: int


class Model(pydantic.BaseModel):
    id: int


Named = namedtuple("Named", "id")


class OwnMapping(Mapping[str, int]):
    def __getitem__(self, key: str) -> int:
        return {"id": 7}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(["id"])

    def __len__(self) -> int:
        return 1


def yields_values() -> Iterator[dict[str, int]]:
    yield {"id": 7}


ASKS = {
    "method": "GET",
    "path": "/customers/123",
    "generators": {"path": {"type": "ProviderState", "expression": "/customers/${id}"}},
}


@pytest.mark.parametrize(
    "returned",
    [
        lambda: {"id": 7},
        lambda: UserDict(id=7),
        lambda: MappingProxyType({"id": 7}),
        lambda: OwnMapping(),
        lambda: Values(7),
        lambda: Model(id=7),
        lambda: Named(7),
        yields_values,
        contextmanager(yields_values),
    ],
)
def test_values_are_taken_from_all_that_holds_some(verifier: Make, provider: Provider, returned: Any) -> None:
    provider.answers["GET", "/customers/7"] = (200, ALICE)
    asking = http_interaction(request=ASKS, providerStates=[{"name": "customer exists"}])
    assert run(verifier(asking).state_handler({"customer exists": returned})) == ["", ""]


def body(example: Any, kind: str | None = None) -> dict[str, Any]:
    generator = {"type": "ProviderState", "expression": "${v}", **({"dataType": kind} if kind else {})}
    content = {"content": {"v": example}, "contentType": "application/json", "encoded": False}
    return {"method": "POST", "path": "/orders", "body": content, "generators": {"body": {"$.v": generator}}}


def header() -> dict[str, Any]:
    generator = {"type": "ProviderState", "expression": "Bearer ${v}"}
    request = {"method": "POST", "path": "/orders", "headers": {"Authorization": ["x"]}}
    return {**request, "generators": {"header": {"Authorization": generator}}}


class Colour(Enum):
    NONE = None
    RED = 7


def as_json(value: Any) -> Any:
    """What JSON has in the place of a value that it does not know."""
    known: dict[type, Any] = {Decimal: 7, Colour: 7, date: "2026-01-01", UUID: str(UUID(int=5))}
    return known.get(type(value), {UserDict: {"id": {"id": 7}}, tuple: [1, {}]}.get(type(value), value))


DEEP: Any = functools.reduce(lambda inner, _: [inner], range(200), 1)


@pytest.mark.parametrize(
    ("request_of_the_pact", "returned", "problem"),
    [
        (body(1), {"w": 1}, "needs the value 'v' of a provider state; the values of the states are: 'w'"),
        (body(1), {"v": "7"}, 'must be an integer for body $.v of the request, not "7"'),
        (body(1), {"v": None}, "must be an integer"),
        (body(1), {"v": True}, "must be an integer"),
        (body(1), {"v": 1.5}, "must be an integer"),
        (body("a"), {"v": 5}, "must be text"),
        (body(True), {"v": "true"}, "must be true or false"),
        (body([1]), {"v": 1}, "must be a list"),
        (body(1.5), {"v": "x"}, "must be a number"),
        (body(1, "INTEGER"), {"v": "abc"}, "must be an integer"),
        (body(1, "INTEGER"), {"v": None}, "must be an integer"),
        (body(1, "INTEGER"), {"v": 1.5}, "must be an integer"),
        (body(1, "INTEGER"), {"v": True}, "must be an integer"),
        (body(1, "INTEGER"), {"v": {"a": 1}}, "must be an integer"),
        (body(1, "DECIMAL"), {"v": "abc"}, "must be a number"),
        (body(1, "DECIMAL"), {"v": 2**53 + 1}, "must be a number"),
        (body(True, "BOOLEAN"), {"v": 7}, "must be true or false"),
        (body("a", "STRING"), {"v": None}, "must be text, a number or a boolean"),
        (body("a", "STRING"), {"v": {"a": 1}}, "must be text, a number or a boolean"),
        (body(1), {"v": 2**64}, "does not fit into 64 bits"),
        (body(1), {"v": 1, "other": [-(2**63) - 1]}, "does not fit into 64 bits"),
        (body([1]), {"v": DEEP}, "nested deeper than 115 levels"),
        (body(1), {"v": float("nan")}, "cannot be values of a provider state: the values.v: JSON has no number nan"),
        (body(1), {"v": object()}, "cannot be values of a provider state: the values.v: JSON has no object"),
        (body(1), {"v": {1}}, "JSON has no set"),
        (body(1), {"v": b"7"}, "JSON has no bytes"),
        (body(1), {"v": 1, 2: 3}, "the key 2 is int; keys in JSON are text"),
        (body(1), {"v": "\ud800"}, "not valid Unicode"),
        (body(1), {"v": Decimal("NaN")}, "JSON has no number NaN"),
        (body(1), {"v": Colour.NONE}, "must be an integer"),
        (header(), {"v": None}, "must be text, a number or a boolean for header Authorization"),
        (header(), {"v": ["a"]}, "must be text, a number or a boolean"),
        (header(), {}, None),
        (body(1), {"v": 2**64 - 1}, ""),
        (body(1), {"v": -5}, ""),
        (body(1.5), {"v": 5}, ""),
        (body(1, "INTEGER"), {"v": "7"}, ""),
        (body(1, "DECIMAL"), {"v": 7}, ""),
        (body(True, "BOOLEAN"), {"v": False}, ""),
        (body("a", "STRING"), {"v": 7}, ""),
        (body(1), {"v": Decimal(7)}, ""),
        (body(1), {"v": Colour.RED}, ""),
        (body("a"), {"v": date(2026, 1, 1)}, ""),
        (body("a"), {"v": UUID(int=5)}, ""),
        (body({}), {"v": UserDict(id=Values(7))}, ""),
        (body([]), {"v": (1, UserDict())}, ""),
        (header(), {"v": 7}, ""),
    ],
)
def test_a_value_that_the_core_would_change_or_drop_is_refused(
    verifier: Make, provider: Provider, request_of_the_pact: Any, returned: Any, problem: str | None
) -> None:
    provider.answers["POST", "/orders"] = (200, ALICE)
    asking = http_interaction(request=request_of_the_pact, providerStates=[{"name": "customer exists"}])
    subject = verifier(asking).state_handler({"customer exists": lambda: returned})
    if problem is None:  # nothing at all was returned: the state may have been made after the example
        with pytest.warns(PactWarning, match="needs the values 'v' of its provider states.*the examples"):
            assert run(subject) == ["", ""]
        return
    said = run(subject)
    assert all(problem in text and bool(problem) == bool(text) for text in said), said
    if not problem and "body" in request_of_the_pact:
        kind = request_of_the_pact["generators"]["body"]["$.v"].get("dataType")
        sent = json.loads(provider.requests[-1][3])["v"]
        assert sent == {"INTEGER": int, "STRING": str}.get(kind, lambda value: as_json(value))(returned["v"])


def test_parameters_of_states_are_values_too(verifier: Make, provider: Provider) -> None:
    asking = http_interaction(request=ASKS, **STATE)
    assert run(verifier(asking).state_handler(lambda state: {"other": 1})) == ["", ""]


def test_without_states_nothing_is_asked_of_their_handlers(verifier: Make) -> None:
    assert run(verifier(http_interaction(request=ASKS)).state_handler(lambda state: {"other": 1})) == ["", ""]


def exits(*_: Any, **__: Any) -> None:
    raise SystemExit(0)


def exits_later(*_: Any, **__: Any) -> Iterator[None]:
    yield
    raise SystemExit(0)


@pytest.mark.parametrize("handler", [exits, exits_later, lambda: sys.exit(0), wrapped(exits)])
def test_a_handler_that_exits_is_a_failure(verifier: Make, handler: Any) -> None:
    for said in run(verifier().state_handler({"customer exists": handler})):
        assert "raised SystemExit" in said
    for said in run(verifier().request_filter(lambda request: exits())):
        assert "request filter 'GET /customers/123' raised SystemExit" in said


@pytest.mark.parametrize("asynchronous", [True, False])
def test_ctrl_c_passes(verifier: Make, asynchronous: bool) -> None:
    def stopped() -> Iterator[None]:
        raise KeyboardInterrupt
        yield

    subject = verifier().state_handler({"customer exists": stopped})
    with pytest.raises(KeyboardInterrupt):
        if asynchronous:
            asyncio.run(subject.verify_async())
        else:
            subject.verify()


def test_a_slow_handler_is_not_a_slow_provider(verifier: Make, provider: Provider) -> None:
    def slow(state: str) -> None:
        events.append("called")
        time.sleep(0.4)

    assert run(verifier().state_handler(slow).set_request_timeout(200)) == ["", ""]
    assert events == ["called"] * 2 and len(provider.requests) == 2


def test_a_slow_message_handler_is_not_a_slow_provider(write: Write) -> None:
    def slow() -> dict[str, Any]:
        time.sleep(0.3)
        return {"id": 5}

    source = write(pact(message("order", {"id": 5})))
    subject = Verifier("CustomerService").add_source(source).message_handler(slow).set_request_timeout(100)
    assert run(subject) == ["", ""]


@needs_posix
def test_the_time_limit_ends_a_handler_and_names_it(verifier: Make) -> None:
    async def waits() -> None:
        await asyncio.sleep(30)

    def spins() -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass

    for handler in (waits, spins, lambda: time.sleep(30)):
        begin = time.monotonic()
        with pytest.raises(VerificationError, match="time limit of 0.3 seconds, in provider state handler 'customer"):
            verifier().state_handler({"customer exists": handler}).set_time_limit(0.3).verify()
        assert time.monotonic() - begin < 5
    with pytest.raises(VerificationError, match="time limit of 0.3 seconds, in provider state handler 'customer"):
        asyncio.run(verifier().state_handler({"customer exists": waits}).set_time_limit(0.3).verify_async())


def test_the_time_limit_is_told_where_a_handler_cannot_be_interrupted(verifier: Make) -> None:
    said: list[str] = []

    def elsewhere() -> None:
        said.extend(run(verifier().state_handler(lambda: time.sleep(0.4)).set_time_limit(0.2)))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(said) == 2 and all("time limit of 0.2 seconds, in provider state handler" in text for text in said)


def test_a_users_own_timeout_error_is_not_the_time_limit(verifier: Make) -> None:
    def handler() -> None:
        raise TimeoutError("the queue is empty")

    for said in run(verifier().state_handler({"customer exists": handler}).set_time_limit(20)):
        assert "raised TimeoutError: the queue is empty" in said


def test_two_interactions_whose_state_fails_each_report_their_own(verifier: Make) -> None:
    count = iter(range(10))

    def handler(state: str) -> None:
        raise LookupError(f"failure {next(count)}")

    subject = verifier(http_interaction("one", **STATE), http_interaction("two", **STATE)).state_handler(handler)
    with pytest.raises(VerificationError):
        subject.verify()
    assert subject.result is not None
    assert [str(failure.error) for item in subject.result.failed for failure in item.failures] == [
        "failure 0",
        "failure 1",
    ]


def test_a_filter_that_fails_belongs_to_its_interaction(verifier: Make, provider: Provider) -> None:
    provider.answers["GET", "/other"] = (200, ALICE)

    async def changed(request: Request) -> Request:
        if request.path == "/other":
            raise LookupError("no token")
        return request

    other = http_interaction("other", request={"method": "GET", "path": "/other"})
    subject = verifier(http_interaction("one"), other, http_interaction("three")).request_filter(changed)
    for said in run(subject):
        assert said.startswith("request filter 'GET /other' raised LookupError: no token\n  in BillingService: other")
        assert "failed: 1 of 3 interactions" in said


@pytest.mark.parametrize("returned", [5, "x", True, SimpleNamespace()])
def test_a_filter_that_returns_no_request_is_named(verifier: Make, returned: Any) -> None:
    for said in run(verifier().request_filter(lambda request: returned)):
        assert f"a request filter returns a Request or None, not {returned!r}" in said


@pytest.mark.parametrize(
    "handler",
    [
        lambda name: (item for item in [{"id": 5}]),
        contextmanager(lambda name: (yield {"id": 5})),
        {"order": functools.partial(lambda made, id: {"id": id}, 0)},
        {"order": wrapped(lambda metadata: {"id": 5})},
    ],
)
def test_messages_may_be_yielded_too(write: Write, handler: Any) -> None:
    state = {"providerStates": [{"name": "s", "params": {"id": 5}}]}
    source = write(pact(message("order", {"id": 5}, **state)))
    assert run(Verifier("CustomerService").add_source(source).message_handler(handler)) == ["", ""]


def sync_message(*values: int) -> dict[str, Any]:
    def contents(value: int) -> dict[str, Any]:
        content = {"content": {"n": value}, "contentType": "application/json", "encoded": False}
        return {"contents": content}

    return {
        "type": "Synchronous/Messages",
        "description": "ask",
        "request": contents(0),
        "response": [contents(value) for value in values],
    }


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        ([{"n": 1}, {"n": 2}], ""),
        (({"n": 1}, {"n": 2}), ""),
        ([{"n": 1}, {"n": 3}], "body $.n"),
        ([{"n": 3}, {"n": 2}], "body $.n"),
        ({"n": 1}, "has 2 responses: return a list of 2"),
        ([{"n": 1}], "has 2 responses: return a list of 2"),
        ([{"n": 1}, None], "returned None; a message is"),
    ],
)
def test_a_synchronous_message_with_several_responses(write: Write, made: Any, problem: str) -> None:
    def handler(request: Any) -> Any:
        events.append(request)
        return made

    subject = Verifier("CustomerService").add_source(write(pact(sync_message(1, 2)))).message_handler(handler)
    for said in run(subject):
        assert problem in said and bool(said) == bool(problem), said
    assert events == [{"n": 0}] * 2 and subject.result is not None and len(subject.result.interactions) == 1


def test_a_handler_that_needs_too_much_is_refused_at_once(verifier: Make) -> None:
    with pytest.raises(InvalidInputError, match="needs 'c'; what a handler can take here: state"):
        verifier().state_handler(lambda a, b, c: None)
    with pytest.raises(InvalidInputError, match="needs 'c'"):
        verifier().message_handler(lambda a, b, c: None)


def test_plain_verify_inside_of_a_loop_says_when_it_used_another(verifier: Make) -> None:
    async def broken(state: str) -> None:
        raise LookupError("attached to a different loop")

    async def test() -> None:
        verifier().state_handler(broken).verify()

    with pytest.raises(VerificationError, match="Note: .*await verify_async\\(\\) runs it on the loop of the test"):
        asyncio.run(test())


def test_a_loop_that_an_async_fixture_left_is_used(verifier: Make) -> None:
    async def handler(state: str) -> None:
        events.append(asyncio.get_running_loop())

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        verifier().state_handler(handler).verify()
        assert events == [loop] and not loop.is_closed()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


class States:
    def customer_exists(self) -> None:
        events.append("called")


def is_undone() -> None:
    raise AssertionError("nobody calls this")


UNDONE = {
    "a function": lambda: is_undone,
    "a lambda": lambda: lambda: None,
    "a method": lambda: States().customer_exists,
    "a class": lambda: States,
    "a partial": lambda: functools.partial(is_undone),
    "a builtin": lambda: print,
    "an exception": lambda: LookupError("no database"),
    "an exception's class": lambda: LookupError,
    "a coroutine function": lambda: asyncio.sleep,
}


@pytest.mark.parametrize("how", [lambda value: lambda: value(), lambda value: _later(value)], ids=["plain", "async"])
@pytest.mark.parametrize("kind", UNDONE)
def test_what_is_returned_and_never_called_is_a_failure(verifier: Make, write: Write, kind: str, how: Any) -> None:
    handler = how(UNDONE[kind])
    subjects = [verifier().state_handler({"customer exists": handler}), verifier().request_filter(handler)]
    subjects.append(Verifier("CustomerService").add_source(write(pact(message("order", {})), "m.json")))
    subjects[-1].message_handler(handler)
    for subject in subjects:
        for said in run(subject):
            assert "which nobody " in said, said


def _later(value: Any) -> Any:
    async def handler() -> Any:
        return value()

    return handler


def test_a_class_in_the_place_of_a_state_handler_is_refused() -> None:
    for made in (States, ById, Handler, Managed, object):
        with pytest.raises(InvalidInputError, match=f"must not be a class: give an instance, {made.__name__}"):
            Verifier("x").state_handler(made)


@pytest.mark.parametrize("fails", [False, True])
def test_work_that_an_executor_was_given_is_waited_for(verifier: Make, write: Write, fails: bool) -> None:
    def work(*_: Any) -> Any:
        time.sleep(0.05)
        events.append("done")
        if fails:
            raise LookupError("no database")
        return {"id": 5}

    source = write(pact(message("order", {"id": 5})), "m.json")
    with ThreadPoolExecutor(1) as pool:
        for subject in (
            verifier().state_handler(lambda state: pool.submit(work)),
            Verifier("CustomerService").add_source(source).message_handler(lambda name: pool.submit(work)),
        ):
            events.clear()
            assert all(("LookupError: no database" in said) is fails and bool(said) is fails for said in run(subject))
            assert events == ["done"] * 2


def made_up(signature: Any) -> Any:
    def handler(*_: Any, **__: Any) -> dict[str, int]:
        events.append("called")
        return {"id": 5}

    handler.__signature__ = signature  # type: ignore[attr-defined]
    return handler


class NoSignature:
    def __call__(self, *_: Any, **__: Any) -> dict[str, int]:
        events.append("called")
        return {"id": 5}

    @property
    def __signature__(self) -> Any:
        raise LookupError("none")


class NoName:
    def __call__(self, *_: Any) -> dict[str, int]:
        events.append("called")
        return {"id": 5}

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)

    def __repr__(self) -> str:
        return "a handler"


ODD = {
    "a text": lambda: made_up("no signature"),
    "a number": lambda: made_up(5),
    "a list": lambda: made_up([]),
    "an error": NoSignature,
    "no attributes": NoName,
}


@pytest.mark.parametrize("kind", ODD)
def test_a_signature_that_is_none_is_no_obstacle(verifier: Make, write: Write, kind: str) -> None:
    handler = ODD[kind]()
    source = write(pact(message("order", {"id": 5})), "m.json")
    for subject in (
        verifier().state_handler(handler),
        verifier().state_handler({"customer exists": handler}),
        Verifier("CustomerService").add_source(source).message_handler(handler),
    ):
        events.clear()
        assert run(subject) == ["", ""] and events == ["called"] * 2


class Mute(Exception):
    def __str__(self) -> str:
        raise LookupError("no text")

    __repr__ = __str__


class Wrong(Exception):
    def __str__(self) -> str:
        return 5  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Mute(), "raised Mute: (this exception has no text)"),
        (Wrong(), "raised Wrong: (this exception has no text)"),
        (KeyError(Mute()), "raised KeyError: (this exception has no text)"),
        (ValueError("x" * 200_000), "xxx... (200,000 characters)"),
        (ValueError("\x1b[2J\0"), "raised ValueError: \\x1b[2J\\x00"),
    ],
)
def test_an_exception_without_a_text_is_named(verifier: Make, write: Write, error: Exception, said: str) -> None:
    def raises() -> None:
        raise error

    source = write(pact(message("order", {"id": 5})), "m.json")
    for subject in (
        verifier().state_handler({"customer exists": raises}),
        verifier().request_filter(lambda request: raises()),
        Verifier("CustomerService").add_source(source).message_handler({"order": raises}),
    ):
        for text in run(subject):
            assert said in text and len(text) < 20_000


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (UserDict(id=5), ""),
        (MappingProxyType({"id": 5}), ""),
        (Values(5), ""),
        (Model(id=5), ""),
        ({"contents": UserDict(id=5)}, ""),
        ({"contents": Model(id=5), "metadata": UserDict(a=UUID(int=5))}, ""),
        (memoryview(b'{"id": 5}'), ""),
        ({"id": Decimal(5)}, ""),
        ({"id": 2**64}, "does not fit into 64 bits"),
        ({"id": 10**5000}, "an integer of 16,610 bits does not fit into 64 bits"),
        ({"id": -(10**90)}, "an integer of 299 bits does not fit"),
        ({"id": DEEP}, "nested deeper than 115 levels"),
        ({"id": {5}}, "JSON has no set"),
        ({5}, "JSON has no set"),
        ({"id": float("inf")}, "JSON has no number inf"),
        ({5: 5}, "keys in JSON are text"),
        (SimpleNamespace(id=5), "JSON has no SimpleNamespace"),
        ({"id": 5, "x": "\ud800"}, "not valid Unicode"),
    ],
)
def test_messages_are_made_of_what_json_can_say(write: Write, made: Any, problem: str) -> None:
    source = write(pact(message("order", {"id": 5})))
    for said in run(Verifier("CustomerService").add_source(source).message_handler({"order": lambda: made})):
        assert problem in said and bool(said) == bool(problem), said
