"""What handlers return and raise in `handlers.py`, and what has to come of it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import decimal
import enum
import functools
import inspect
import json
import random
import uuid
from collections import OrderedDict, UserDict, UserString, defaultdict, namedtuple
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


class Number(enum.IntEnum):
    FIVE = 5


class Colour(enum.Enum):
    RED = 1


class Text(str):
    def __repr__(self) -> str:
        raise LookupError("no repr")


class Whole(int):
    def __str__(self) -> str:
        return "something else"


@dataclasses.dataclass
class Values:
    v: Any


class Hostile:
    """Raises whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError(name)

    def __bool__(self) -> bool:
        raise LookupError("bool")

    def __eq__(self, other: object) -> bool:
        raise LookupError("eq")

    def __repr__(self) -> str:
        raise LookupError("repr")

    __hash__ = None  # type: ignore[assignment]


class Willing:
    """Has every attribute."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **keywords: self


class Broken(Mapping[str, Any]):
    """A mapping that raises when it is read."""

    def __getitem__(self, key: str) -> Any:
        raise LookupError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(["v"])

    def __len__(self) -> int:
        return 1


class Mute(Exception):
    """An exception without a text."""

    def __str__(self) -> str:
        raise LookupError("no text")

    __repr__ = __str__


class Own(BaseException):
    """An exception that `except Exception` does not take."""


PASSING = (KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, Own)  # these may reach whoever verifies


class Slotted(Exception):
    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(name)


def circle() -> Any:
    found: dict[str, Any] = {}
    found["v"] = found
    return found


def deep(levels: int) -> Any:
    return functools.reduce(lambda inner, _: [inner], range(levels), 1)


Pair = namedtuple("Pair", "v")

# Values, and whether a pact that has an integer in their place can take them (None: it is not said here).
VALUES: list[tuple[Callable[[], Any], bool | None]] = [
    (lambda: 7, True), (lambda: 0, True), (lambda: -5, True), (lambda: 2**63, True), (lambda: 2**64 - 1, True),
    (lambda: -(2**63), True), (lambda: Number.FIVE, True), (lambda: Whole(7), True),
    (lambda: 2**64, False), (lambda: -(2**63) - 1, False), (lambda: 10**400, False), (lambda: 1.5, False),
    (lambda: float("nan"), False), (lambda: float("inf"), False), (lambda: True, False), (lambda: None, False),
    (lambda: "7", False), (lambda: "", False), (lambda: "\ud800", False), (lambda: "\0", False),
    (lambda: Text("x"), False), (lambda: UserString("x"), False), (lambda: b"7", False),
    (lambda: bytearray(b"7"), False), (lambda: memoryview(b"7"), False), (list, False), (lambda: [1], False),
    (lambda: (1, 2), False), (lambda: {1}, False), (lambda: frozenset(), False), (dict, False),
    (lambda: {"v": 7}, None),
    (lambda: {1: 2, None: 3, "v": 7}, None), (lambda: {(1, 2): 3}, False), (lambda: {b"v": 7}, False), (circle, False),
    (lambda: deep(90), False), (lambda: deep(101), False), (lambda: deep(5000), False),
    (lambda: decimal.Decimal("7"), True), (lambda: decimal.Decimal("NaN"), False),
    (lambda: datetime.datetime(2026, 1, 1), False),
    (lambda: uuid.UUID(int=5), False),
    (lambda: Path("x"), False), (lambda: Colour.RED, True), (lambda: Colour, False), (object, False), (Hostile, False),
    (Willing, False), (Broken, False), (lambda: Values(7), None), (lambda: Values, None), (lambda: Pair(7), None),
    (lambda: UserDict(v=7), None), (lambda: OrderedDict(v=7), None), (lambda: defaultdict(int, v=7), None),
    (lambda: json, False), (lambda: print, False), (lambda: NotImplemented, False), (lambda: ..., False),
    (lambda: ValueError("returned"), False), (lambda: ValueError, False), (lambda: range(3), False),
    (lambda: iter([]), False), (lambda: (x for x in [{"v": 7}]), None), (lambda: complex(1, 2), False),
    (lambda: "x" * 100_000, False), (lambda: list(range(10_000)), False), (lambda: [{"v": 7}], False),
    (lambda: [("v", 7)], False), (lambda: suppress(ValueError), None), (lambda: Values(Values(7)), None),
]  # fmt: skip

RAISED: list[Callable[[], BaseException]] = [
    lambda: ValueError("no"), lambda: ValueError(), Mute, lambda: Own("own"), lambda: SystemExit(0),
    lambda: SystemExit(None), lambda: SystemExit("text"), lambda: KeyboardInterrupt(), lambda: GeneratorExit(),
    lambda: StopIteration(5), lambda: StopAsyncIteration(), lambda: RecursionError("deep"), lambda: MemoryError(),
    lambda: asyncio.CancelledError(), lambda: TimeoutError("mine"), lambda: AssertionError(),
    lambda: NotImplementedError(),
    lambda: OSError(28, "No space left"), lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    lambda: KeyError("\ud800"), lambda: ValueError("\x1b[31mred\x07\r\n\0"), lambda: ValueError("x" * 200_000),
    lambda: Slotted("slots"), lambda: Exception(Hostile()), lambda: ConnectionRefusedError(111, "refused"),
    lambda: BrokenPipeError(), lambda: EOFError(), lambda: Warning("a warning"), lambda: ImportError("x", name="y"),
]  # fmt: skip


def value(r: random.Random) -> tuple[Any, bool | None]:
    """Return a value, and whether it can stand for an integer."""
    make, known = r.choice(VALUES[:8] if r.random() < 0.3 else VALUES)
    return make(), known


def raised(r: random.Random) -> BaseException:
    """Return what a handler raises."""
    return r.choice(RAISED)()


def as_dict(returned: Any) -> dict[str, Any] | None:
    """Return the values of a state that ``returned`` holds, if it holds some."""
    kind = type(returned)
    if issubclass(kind, Mapping):
        return None if kind is Broken else dict(returned)
    if dataclasses.is_dataclass(returned) and not isinstance(returned, type):
        return dataclasses.asdict(returned)
    return returned._asdict() if kind is Pair else None


def plain(given: Any) -> Any:
    """Return a value as JSON has it."""
    return json.loads(json.dumps(given, default=_plain))


def _plain(given: Any) -> Any:
    return given.value if isinstance(given, enum.Enum) else int(given) if isinstance(given, decimal.Decimal) else str


def is_message(returned: Any, good: Any) -> bool | None:
    """Whether ``returned`` is the message ``good``; None where it is not said here."""
    if type(returned) is dict and set(returned) == {"contents"}:
        returned = returned["contents"]
    if isinstance(returned, (bytes, bytearray)):
        returned = bytes(returned).decode("latin-1")
    try:
        content = json.loads(returned) if isinstance(returned, str) else plain(dict(returned))
    except Exception:
        return None if hasattr(type(returned), "__next__") else False
    return bool(content == good and repr(content) == repr(good))


def is_undone(returned: Any) -> bool:
    """Whether it is a function, a class or an exception."""
    return isinstance(returned, (BaseException, type)) or inspect.isroutine(returned)


def is_generator(returned: Any) -> bool:
    """Whether what it yields counts."""
    return inspect.isgenerator(returned)
