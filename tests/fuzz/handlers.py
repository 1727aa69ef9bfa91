"""Handlers of every make, in every role: ``python handlers.py COUNT [SEED [TRACE]]``.

Whatever a handler is, returns or raises, the verification passes when the handler did what the pact needs, and
otherwise ends soon with a `PactError`. Nothing of the process is left changed. Prints a line of JSON at the end.
"""

from __future__ import annotations

import asyncio
import faulthandler
import functools
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import UserDict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import handler_values
from pact_files import pact

from pact import Pact, Verifier
from pact.error import PactError
from pact_ffi.provider.wire import Request

GOOD = {"id": 5}
TOKEN = "X-Token"
POOL = ThreadPoolExecutor(1, "Dummy")
SECONDS = 20  # that one verification may take
JSON = {"contentType": "application/json", "encoded": False}


def interactions() -> dict[str, Any]:
    """Return an interaction for each role."""
    generators = {"body": {"$.v": {"type": "ProviderState", "expression": "${v}"}}}
    body = {"content": {"v": 1}, **JSON}
    stateful = {"method": "POST", "path": "/a", "body": body, "generators": generators}
    response = {"status": 200, "body": {"content": GOOD, **JSON}}
    http = {"type": "Synchronous/HTTP", "description": "one", "response": response}
    state = {"providerStates": [{"name": "s", "params": {"k": 1}}]}
    message = {"type": "Asynchronous/Messages", "description": "one", "contents": {"content": GOOD, **JSON}}
    ask = {"contents": {"content": {"n": 1}, **JSON}}
    reply = {"contents": {"content": GOOD, **JSON}}
    return {
        "state": {**http, "request": stateful, **state},
        "filter": {**http, "request": {"method": "GET", "path": "/a"}},
        "message": {**message, **state},
        "sync": {"type": "Synchronous/Messages", "description": "one", "request": ask, "response": [reply]},
    }


@dataclass
class Act:
    """What a handler does when it is called: it waits, raises, or returns."""

    returned: Any = None
    raised: BaseException | None = None
    seconds: float = 0.0
    teardown: BaseException | None = None
    calls: int = 0
    teardowns: int = 0

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        self.calls += 1
        if self.seconds:
            time.sleep(self.seconds)
        if self.raised is not None:
            raise self.raised
        return self.returned(*args, **keywords) if isinstance(self.returned, Called) else self.returned

    def tear_down(self) -> None:
        self.teardowns += 1
        if self.teardown is not None:
            raise self.teardown


@dataclass
class Called:
    """A returned value that depends on what the handler got."""

    function: Callable[..., Any]

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self.function(*args, **keywords)


def shapes(act: Act) -> dict[str, Any]:
    """Return handlers of every make that do what ``act`` does."""

    def plain(*args: Any, **keywords: Any) -> Any:
        return act(*args, **keywords)

    async def coroutine(*args: Any, **keywords: Any) -> Any:
        await asyncio.sleep(0)
        return act(*args, **keywords)

    def generator(*args: Any, **keywords: Any) -> Iterator[Any]:
        yield act(*args, **keywords)
        act.tear_down()

    async def async_generator(*args: Any, **keywords: Any) -> AsyncIterator[Any]:
        yield act(*args, **keywords)
        await asyncio.sleep(0)
        act.tear_down()

    class Callable_:
        def __call__(self, *args: Any, **keywords: Any) -> Any:
            return act(*args, **keywords)

        def method(self, *args: Any, **keywords: Any) -> Any:
            return act(*args, **keywords)

        @classmethod
        def of_class(cls, *args: Any, **keywords: Any) -> Any:
            return act(*args, **keywords)

        @property
        def __signature__(self) -> Any:
            raise LookupError("no signature")

    class AsyncCallable:
        async def __call__(self, *args: Any, **keywords: Any) -> Any:
            return await coroutine(*args, **keywords)

    class Later:
        def __init__(self, *args: Any, **keywords: Any) -> None:
            self.given = args, keywords

        def __await__(self) -> Any:
            args, keywords = self.given
            return coroutine(*args, **keywords).__await__()

    def decorated(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any, **keywords: Any) -> Any:
            return function(*args, **keywords)

        return wrapper

    def lies(*args: Any, **keywords: Any) -> Any:
        return act(*args, **keywords)

    lies.__signature__ = "no signature"  # type: ignore[attr-defined]
    return {
        "function": plain,
        "lambda": lambda *args, **keywords: act(*args, **keywords),
        "coroutine": coroutine,
        "generator": generator,
        "async generator": async_generator,
        "context manager": contextmanager(generator),
        "async context manager": asynccontextmanager(async_generator),
        "partial": functools.partial(plain),
        "partial coroutine": functools.partial(coroutine),
        "partial generator": functools.partial(functools.partial(generator)),
        "callable": Callable_(),
        "method": Callable_().method,
        "class method": Callable_.of_class,
        "async callable": AsyncCallable(),
        "awaitable": Later,
        "decorated": decorated(plain),
        "decorated twice": decorated(decorated(coroutine)),
        "decorated generator": decorated(generator),
        "returns a coroutine": lambda *args, **keywords: coroutine(*args, **keywords),
        "returns a generator": lambda *args, **keywords: generator(*args, **keywords),
        "future": lambda *args, **keywords: POOL.submit(act, *args, **keywords),
        "null context": lambda *args, **keywords: nullcontext(act(*args, **keywords)),
        "one dispatch": functools.singledispatch(plain),
        "no signature": lies,
    }


def odd_signatures(act: Act) -> dict[str, Any]:
    """Return handlers with a signature that takes what a state offers in an unusual way."""
    return {
        "nothing": lambda: act(),
        "all three": lambda state, action, parameters: act(),
        "another order": lambda parameters, state: act(),
        "only by position": eval("lambda a, /: act()", {"act": act}),
        "only by keyword": lambda *, state: act(),
        "with defaults": lambda state="x", *rest, more=None, **others: act(),
        "parameter": lambda state, *, k: act(),
        "parameter with a default": lambda state, *, k=0, j=1: act(),
    }


def wrong_handlers() -> list[Any]:
    """Return what must not be taken for a handler that did its work."""
    return [
        5, None, "x", b"x", [], {}, {"s": 5}, {"other": print}, object(), SimpleNamespace(), True, 1.5,
        open, exec, max,
        lambda a, b, c, d, e: None, lambda *, needed: None, Ellipsis, NotImplemented, asyncio.sleep,
        "http://", "http://127.0.0.1:1/x", "ftp://x", Path("x"), iter([]), (x for x in ()), ValueError, ValueError("x"),
    ]  # fmt: skip


class Served:
    """A provider that answers over HTTP and keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[Any, bytes]] = []

    def app(self, environ: Any, start_response: Any) -> list[bytes]:
        self.requests.append((environ, environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(GOOD).encode()]


class Consumer:
    """A consumer's handler, verified as a provider is."""

    result = SimpleNamespace(interactions=["the message"])

    def __init__(self, contract: Pact, handler: Any) -> None:
        self._contract, self._handler = contract, handler

    def verify(self) -> None:
        self._contract.verify(self._handler, "Async")

    async def verify_async(self) -> None:
        self.verify()


@dataclass
class Case:
    """One verification: what is verified, with what, and whether it has to pass (None: it may)."""

    told: str
    verifier: Any
    act: Act
    passes: bool | None
    check: Callable[[], str | None] = lambda: None
    limited: bool = False


class Cases:
    """Makes cases by chance; ``folder`` has the pacts."""

    def __init__(self, r: random.Random, folder: Path) -> None:
        self._r = r
        self._provider = Served()
        self._files = {}
        for role, item in interactions().items():
            self._files[role] = folder / f"{role}.json"
            self._files[role].write_text(json.dumps(pact("4.0", item)), encoding="utf-8")

    def warm_up(self) -> None:
        """Verify once: the core's own settings are put into the environment then."""
        Verifier("p").add_source(self._files["filter"]).app(self._provider.app).verify()

    def case(self) -> Case:
        """Return the next one."""
        role = self._r.choice((*self._files, "consumer"))
        if role == "consumer":
            return self._consumer()
        self._provider.requests.clear()
        verifier = Verifier("p").add_source(self._files[role])
        if role in ("state", "filter"):
            verifier.app(self._provider.app)
        if self._r.random() < 0.1:
            handler = self._r.choice(wrong_handlers())
            self._give(verifier, role, handler)
            return Case(f"{role}: {shown(handler)}", verifier, Act(), False)
        act = Act()
        case = getattr(self, f"_{role}")(verifier, act)
        made = shapes(act)
        if role == "state":
            made |= odd_signatures(act)
        make = self._r.choice(tuple(made))
        handler = made[make]
        how = ""
        if role == "state" and self._r.random() < 0.4:
            handler = {"s": handler, "another": print}
            how = "by name, "
        if role in ("message", "sync") and self._r.random() < 0.4:
            handler = {self._r.choice(("one", "s") if role == "message" else ("one",)): handler}
            how = "by name, "
        if self._r.random() < 0.15:
            act.raised, case.passes = handler_values.raised(self._r), False
        elif "generator" in make and self._r.random() < 0.3:
            act.teardown, case.passes = handler_values.raised(self._r), False
        if self._r.random() < 0.02:
            act.seconds, case.passes, case.limited = 0.4, False, bool(case.passes)
            verifier.set_time_limit(0.2)
        case.told = f"{role}: {how}{make} that {f'raises {type(act.raised).__name__}' if act.raised else case.told}"
        self._give(verifier, role, handler)
        return case

    def _give(self, verifier: Verifier, role: str, handler: Any) -> None:
        if role == "state":
            verifier.state_handler(handler, teardown=self._r.random() < 0.3)
        elif role == "filter":
            verifier.request_filter(handler)
        else:
            verifier.message_handler(handler)

    def _state(self, verifier: Verifier, act: Act) -> Case:
        value, known = handler_values.value(self._r)
        holder = self._r.choice([dict, UserDict, MappingProxyType, lambda inner: SimpleNamespace(**inner)])
        act.returned = self._r.choice([holder({"v": value}), holder({"v": value}), value, None])
        holds = handler_values.as_dict(act.returned)
        passes: bool | None = known if holds and "v" in holds else None

        def check() -> str | None:
            sent = json.loads(self._provider.requests[-1][1])["v"] if self._provider.requests else None
            wanted = handler_values.plain(holds["v"]) if holds and "v" in holds else 1
            if handler_values.is_generator(act.returned):
                return None
            if sent != wanted or type(sent) is not type(wanted):
                return f"{sent!r} was sent in the place of {wanted!r}"
            return None if act.calls else "the handler was not called"

        return Case(f"returns {shown(act.returned)}", verifier, act, passes, check)

    def _consumer(self) -> Case:
        contract = Pact("c", "p")
        contract.upon_receiving("one", "Async").with_body(GOOD)
        act = Act(returned=handler_values.value(self._r)[0])
        make = self._r.choice(tuple(made := shapes(act)))
        if self._r.random() < 0.4:
            act.raised = handler_values.raised(self._r)
        elif "generator" in make and self._r.random() < 0.4:
            act.teardown = handler_values.raised(self._r)
        passes: bool | None = act.raised is None and act.teardown is None
        if passes and handler_values.is_undone(act.returned):
            passes = None if "generator" in make or "context" in make else False
        told = f"consumer: {make} that returns {shown(act.returned)} or raises {shown(act.raised or act.teardown)}"
        return Case(told, Consumer(contract, made[make]), act, passes, lambda: None if act.calls == 1 else "not called")

    def _filter(self, verifier: Verifier, act: Act) -> Case:
        way = self._r.randrange(6)

        def changed(request: Request) -> Any:
            if way < 3:
                request.headers[TOKEN] = "t"
            if way == 3:
                return handler_values.value(self._r)[0]
            return Request(request.method, request.target, request.headers, request.body) if way == 2 else None

        act.returned = Called(changed)

        def check() -> str | None:
            asked = self._provider.requests[-1][0] if self._provider.requests else {}
            return None if (asked.get("HTTP_X_TOKEN") == "t") == (way < 3) else "the request was not changed"

        return Case(f"changes a request in way {way}", verifier, act, None if way == 3 else True, check)

    def _message(self, verifier: Verifier, act: Act) -> Case:
        value, _ = handler_values.value(self._r)
        choices = [GOOD, json.dumps(GOOD), json.dumps(GOOD).encode(), UserDict(GOOD), {"contents": b'{"id": 5}'}]
        act.returned = self._r.choice([*choices, value, {"id": value}, {"contents": value}, [GOOD]])
        good = handler_values.is_message(act.returned, GOOD)
        return Case(f"returns {shown(act.returned)}", verifier, act, good)

    _sync = _message


def shown(value: Any) -> str:
    """Return a value for people, where it has a text."""
    try:
        return repr(value)[:80]
    except Exception:
        return f"a {type(value).__name__} without a text"


WAYS = "plainly", "on a loop", "inside of a loop", "in a thread"


def run(case: Case, way: str) -> BaseException | None:
    """Verify in one of the ways; returns what was raised."""

    async def inside() -> None:
        case.verifier.verify()

    ways: dict[str, Callable[[], Any]] = {
        "plainly": case.verifier.verify,
        "on a loop": lambda: asyncio.run(case.verifier.verify_async()),
        "inside of a loop": lambda: asyncio.run(inside()),
        "in a thread": case.verifier.verify,
    }
    found: list[BaseException] = []

    def caught() -> None:
        try:
            ways[way]()
        except BaseException as error:
            found.append(error)

    if way == "in a thread":
        thread = threading.Thread(target=caught)
        thread.start()
        thread.join()
    else:
        caught()
    return found[0] if found else None


def around() -> tuple[Any, ...]:
    """Return what a verification must leave as it was."""
    alarm = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    return (
        json.dumps(dict(os.environ), indent=0).split("\n"),
        os.getcwd(),
        alarm,
        os.fstat(1).st_ino,
        sys.stdout,
        signal.getsignal(signal.SIGINT),
    )


def problem(case: Case, error: BaseException | None, told: list[warnings.WarningMessage]) -> str | None:
    """Say what is wrong with the way in which a case ended."""
    for warning in told:
        if issubclass(warning.category, (RuntimeWarning, ResourceWarning)) and "was never awaited" in str(
            warning.message
        ):
            return f"a warning: {warning.message}"
    result = case.verifier.result
    if error is None:
        if case.passes is False:
            return "wrong green"
        if result is None or not result.interactions:
            return "green with nothing verified"
        return case.check()
    if isinstance(error, handler_values.PASSING) and error in (case.act.raised, case.act.teardown):
        return None
    if not isinstance(error, PactError):
        return f"bare {type(error).__name__}: {error!s:.100}"
    try:
        text = str(error)
    except Exception as inner:
        return f"no text: {inner!r}"
    if case.passes:
        return f"refused: {text:.300}"
    if case.limited and "time limit" not in text and case.act.calls:
        return f"no word of the time limit: {text:.200}"
    return None if text.strip() else "an error without a text"


def main(count: int, seed: int, trace: str | None) -> None:
    r = random.Random(seed)
    found: dict[str, str] = {}
    passed = refused = 0
    slowest, slow = 0.0, ""
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(r, Path(folder))
        cases.warm_up()
        before = around()
        for _ in range(count):
            way = r.choice(WAYS)
            began = time.monotonic()
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                try:
                    case = cases.case()
                except PactError:
                    refused += 1
                    continue
                except Exception as error:
                    found.setdefault(
                        f"a setting: {type(error).__name__}: {error!s:.100}", traceback.format_exc()[-600:]
                    )
                    continue
                if trace:
                    Path(trace).write_text(f"{case.told}, {way}", encoding="utf-8", errors="replace")
                faulthandler.dump_traceback_later(SECONDS, exit=True)
                error = run(case, way)
                faulthandler.cancel_dump_traceback_later()
            refused += error is not None
            passed += error is None
            why = problem(case, error, told)
            if why is None and (now := around()) != before:
                changed = [
                    (set(a) ^ set(b) if isinstance(a, list) else (a, b))
                    for a, b in zip(before, now, strict=True)
                    if a != b
                ]
                why, before = f"the process around is not as it was: {changed}", now
            if why:
                found.setdefault(why[:160], f"{case.told}, {way}")
            if time.monotonic() - began > slowest:
                slowest, slow = time.monotonic() - began, f"{case.told}, {way}"
    for _ in range(100):
        left = [each.name for each in threading.enumerate() if not each.name.startswith(("Main", "Dummy"))]
        if not left:
            break
        time.sleep(0.02)
    if left:
        found["threads are left"] = str(left)
    answer = {"inputs": count, "passed": passed, "refused": refused, "findings": found}
    print(json.dumps({**answer, "slowest": [round(slowest, 2), slow if slowest > 3 else ""]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3] if len(sys.argv) > 3 else None)
