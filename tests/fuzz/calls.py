"""Random arguments for every public builder of both APIs: ``python calls.py COUNT [SEED [TRACE]]``.

The builders are found by looking at the classes and modules. Whatever is said, the answer is a `PactError` or what was
asked for; what was built is handed to the core now and then. Prints one line of JSON at the end.
"""

from __future__ import annotations

import collections
import datetime
import enum
import inspect
import json
import os
import random
import re
import sys
import tempfile
import time
import traceback
import uuid
import warnings
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pact import (
    Consumer,
    EachLike,
    Like,
    MessageConsumer,
    MessageProvider,
    Pact,
    Provider,
    Term,
    Verifier,
    generate,
    match,
    xml,
)
from pact.error import PactError
from pact.matchers import Format, from_term, get_generated_values
from pact.pact import Pact as ModernPact
from pact.verifier import Verifier as ModernVerifier
from pact_ffi.consumer import unfinished

NASTY = [
    "", " ", "\0", "a\0b", "\ud800", "\x1b[31m", "\r\n", "a\r\nX: y", "null", "true", "1", "1=2&b=3", "{", "[", '"',
    "{}", "[]", '{"a": 1}', '{"root": {}}', '{"pact:matcher:type": "type"}', '{"value": 1}', "<a/>", "<a><b></a>",
    "../../x", "/", "//", "/a?b=c#d", "%", "%zz", "%00", "/a/b", "application/json", "application/xml", "text/plain",
    "application/x-www-form-urlencoded", "multipart/form-data", "Content-Type", "X-A", "GET", "$", "$.a", "$.a[*]",
    "a.b", "a b", "@id", "😀", "Ü", "x" * 300, "(a+)+$", r"\d+", "(", "a{1,99999}", "yyyy-MM-dd", "%Y-%m-%d",
    "2024-01-01", "V3", "V4", "9" * 30, "NaN", "-1", "Request", "Response", "HTTP", "Async", "Sync", "http", "main",
    "http://127.0.0.1:9", "http://[::1", "http://u:p@h", "ftp://x", "nonsense", "merge", "overwrite", "latest",
]  # fmt: skip


class Colour(enum.Enum):
    RED = "red"


class Strange:
    def __repr__(self) -> str:
        return "<Strange>"


def plain(r: random.Random) -> Any:
    """A value of any type."""
    return r.choice(
        [
            lambda: r.choice(NASTY),
            lambda: r.choice(NASTY),
            lambda: "".join(chr(r.choice((r.randrange(128), r.randrange(0x110000)))) for _ in range(r.randrange(6))),
            lambda: r.choice((0, 1, -1, 3, 200, 404, 99, 1000, 2**31, 2**63, 2**64, -(2**64), 10**30)),
            lambda: r.choice((0.5, float("nan"), float("inf"), 1e308, -0.0, Decimal("1.10"), Decimal("NaN"))),
            lambda: r.choice((None, True, False, b"", b"\x00\xff", Strange(), Strange, Colour.RED, {1, 2}, 1j)),
            lambda: r.choice((datetime.date(2024, 2, 29), datetime.datetime.now(), uuid.UUID(int=1), Path("x"), len)),
            lambda: r.choice((re.compile("a+"), re.compile(b"a"), lambda: None, iter(()), range(3))),
        ]
    )()


def value(r: random.Random, made: list[Any], depth: int = 0) -> Any:
    """A value in which others, and what builders returned, may stand."""
    kind = r.randrange(10)
    if kind < 6 or depth > 3:
        return plain(r)
    if kind == 6 and made:
        return r.choice(made)
    if kind == 7:
        return [value(r, made, depth + 1) for _ in range(r.randrange(4))]
    if kind == 8:
        keys = (*NASTY, "pact:matcher:type", "pact:generator:type", "value", "regex", "min", "rules", 5)
        return {r.choice(keys): value(r, made, depth + 1) for _ in range(r.randrange(4))}
    return tuple(value(r, made, depth + 1) for _ in range(r.randrange(3)))


def arguments(r: random.Random, function: Callable[..., Any], made: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments that the signature can take."""
    given: list[Any] = []
    named: dict[str, Any] = {}
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return given, named
    positional = True
    for parameter in parameters:
        needed = parameter.default is parameter.empty
        if parameter.kind is parameter.VAR_POSITIONAL:
            given += [value(r, made) for _ in range(r.randrange(3))] if positional else []
        elif parameter.kind is parameter.VAR_KEYWORD:
            continue
        elif needed or r.random() < 0.5:
            if parameter.kind is parameter.POSITIONAL_ONLY or (
                positional and parameter.kind is not parameter.KEYWORD_ONLY
            ):
                given.append(value(r, made))
            else:
                named[parameter.name] = value(r, made)
        else:
            positional = False
    return given, named


STOPS = {
    "verify", "write_file", "serve", "start_service", "stop_service", "setup", "mock_service", "using_plugin",
    "with_plugin_contents", "from_path", "publish", "publish_own", "path", "with_multipart_file", "verify_pacts",
    "verify_with_broker", "webhook_source", "build", "text", "write", "put", "default_path", "close",
}  # fmt: skip


def methods(thing: Any) -> list[tuple[str, Callable[..., Any]]]:
    """The public builders of an object; those that begin a run, or look at the disk, are told apart below."""
    names = [name for name in dir(type(thing)) if not name.startswith("_") and name not in STOPS]
    found = []
    for name in names:
        if isinstance(inspect.getattr_static(type(thing), name), property):
            continue
        method = getattr(thing, name)
        if callable(method):
            found.append((f"{type(thing).__name__}.{name}", method))
    return found


def functions(module: Any) -> list[tuple[str, Callable[..., Any]]]:
    """The public functions of a module."""
    names = [
        name for name in getattr(module, "__all__", ("element", "body")) if not inspect.isclass(getattr(module, name))
    ]
    return [(f"{module.__name__}.{name}", getattr(module, name)) for name in names if callable(getattr(module, name))]


# what the classic API has raised for ever
DOCUMENTED: dict[str, type[Exception]] = {
    "Like": AssertionError,
    "EachLike": AssertionError,
    "from_term": ValueError,
    "get_generated_values": ValueError,
    "Consumer.has_pact_with": ValueError,
    "MessageConsumer.has_pact_with": ValueError,
}


class Story:
    """One object of each kind, and what the builders returned."""

    def __init__(self, r: random.Random, folder: str) -> None:
        self.r, self.folder = r, folder
        self.made: list[Any] = []
        self.pact = Pact("c", "p")
        kinds = [self.pact.upon_receiving("x", kind) for kind in ("HTTP", "Async", "Sync")]
        self.classic = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=folder)
        self.messages = MessageConsumer("c").has_pact_with(Provider("p"), pact_dir=folder)
        self.verifier = Verifier("p")
        builder: Any = Verifier("p").broker_source("http://127.0.0.1:9", selector=True)
        things = (self.pact, *kinds, self.classic, self.messages, self.verifier, builder)
        self.calls = [call for thing in things for call in methods(thing)]
        self.calls += [*functions(match), *functions(generate), *functions(xml)]
        self.calls += [
            ("Pact", ModernPact), ("Verifier", ModernVerifier), ("Consumer", Consumer), ("Provider", Provider),
            ("Like", Like), ("EachLike", EachLike), ("Term", Term), ("from_term", from_term),
            ("MessageConsumer", MessageConsumer), ("get_generated_values", get_generated_values), ("Format", Format),
            ("MessageProvider", MessageProvider), ("Consumer.has_pact_with", Consumer("c").has_pact_with),
            ("PactServer", self.pact.serve),
            ("MessageConsumer.has_pact_with", MessageConsumer("c").has_pact_with),
        ]  # fmt: skip

    def check(self) -> None:
        """Hand to the core what was built, and write it."""
        self.pact.build(self.pact.interactions("All"))
        self.pact.write_file(self.folder, overwrite=True)
        for file in Path(self.folder).glob("*.json"):
            json.loads(file.read_text(encoding="utf-8"))
            file.unlink()


def main(count: int, seed: int, trace: str | None) -> None:
    warnings.simplefilter("ignore")
    r = random.Random(seed)
    calls: collections.Counter[str] = collections.Counter()
    found: dict[str, str] = {}
    refused = slowest = 0
    slow = ""
    told = open(trace, "w", encoding="utf-8", errors="backslashreplace") if trace else None  # noqa: SIM115
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        while calls.total() < count:
            story = Story(r, folder)
            for number in range(60):
                name, function = r.choice(story.calls) if number % 60 != 59 else ("what was built", story.check)
                given, named = arguments(r, function, story.made)
                calls[name] += 1
                if told:
                    told.seek(0)
                    told.truncate()
                    told.write(f"{name}(*{given!r}, **{named!r})")
                    told.flush()
                started = time.monotonic()
                try:
                    result = function(*given, **named)
                    if result is not None and name.startswith(("pact_ffi.", "pact.", "Like", "EachLike", "Term")):
                        story.made.append(result)
                    repr(result)
                except PactError as error:
                    refused += 1
                    assert str(error)
                except Exception as error:
                    if isinstance(error, DOCUMENTED.get(name, ())):
                        continue
                    place = traceback.extract_tb(error.__traceback__)[-1]
                    if place.filename == __file__:  # a class that takes any number of arguments
                        continue
                    key = f"{name}: {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
                    found.setdefault(key, f"{error!s:.200} for {given!r:.300} {named!r:.300}")
                seconds = time.monotonic() - started
                if seconds > slowest:
                    slowest, slow = seconds, f"{name}(*{given!r:.200})"
            unfinished.finish_all()  # of random calls nobody expects a whole contract
        os.chdir("/")
    answer = {"inputs": calls.total(), "refused": refused, "builders": len(calls), "findings": found}
    print(json.dumps({**answer, "slowest": [round(slowest, 2), slow]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3] if len(sys.argv) > 3 else None)
