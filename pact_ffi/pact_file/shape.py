"""The shape that JSON must have, told as data: which members, of which types, with the place of what is otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

_NAMES: dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


class ShapeError(ValueError):
    """What is wrong with a value, and at which place."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place

    def __str__(self) -> str:
        return f"{self.place or 'the document'} {self.problem}"

    def within(self, name: str) -> ShapeError:
        """Put the ``name`` of what it is in before the place."""
        dot = "" if self.place.startswith("[") or not self.place else "."
        self.place = f"{name}{dot}{self.place}"
        return self


class Shape:
    """A shape, made of a type, an object of shapes, a list of one, or a tuple of alternatives.

    In an object, ``"?"`` behind a name says that the member may be missing, which null means, too; ``"!"`` says that it
    may be missing, but not be null; ``"*"`` stands for every member. ``...`` behind the shape of a list's items asks
    for at least one. A function among alternatives gets the value, when its type is right, and returns what is wrong
    with it, or raises `ShapeError`.
    """

    def __init__(self, *alternatives: Any) -> None:
        self._kinds: dict[type, Callable[[Any], None] | None] = {}
        self._tests: list[Callable[[Any], str | None]] = []
        for one in alternatives:
            if isinstance(one, type):
                self._kinds[one] = None
            elif isinstance(one, dict):
                self._kinds[dict] = _Members(one).check if one else None
            elif isinstance(one, list):
                self._kinds[list] = _Items(one).check
            else:
                self._tests.append(one)

    def check(self, value: Any) -> None:
        """Raise `ShapeError` for the first thing in ``value`` that is otherwise."""
        try:
            inner = self._kinds[type(value)]
        except KeyError:
            wanted = " or ".join(dict.fromkeys(_NAMES[kind] for kind in self._kinds))
            raise ShapeError(f"must be {wanted}, not {shown(value)}") from None
        if inner is not None:
            inner(value)
        for test in self._tests:
            if problem := test(value):
                raise ShapeError(f"{problem}, not {shown(value)}")


def _shape(told: Any) -> Shape:
    return told if isinstance(told, Shape) else Shape(*told) if isinstance(told, tuple) else Shape(told)


class _Items:
    def __init__(self, told: list[Any]) -> None:
        self._shape = _shape(told[0])
        self._some = len(told) > 1

    def check(self, items: list[Any]) -> None:
        if self._some and not items:
            raise ShapeError("must not be an empty list")
        for index, item in enumerate(items):
            try:
                self._shape.check(item)
            except ShapeError as error:
                raise error.within(f"[{index}]") from None


class _Members:
    def __init__(self, told: dict[str, Any]) -> None:
        self._each = _shape(told["*"]) if "*" in told else None
        names = [name for name in told if name != "*"]
        self._members = [(name.rstrip("?!"), name[-1], _shape(told[name])) for name in names]

    def check(self, value: dict[str, Any]) -> None:
        name = ""
        try:
            for name, mark, shape in self._members:
                if name not in value:
                    if mark not in "?!":
                        raise ShapeError("is missing")
                elif mark == "?" and value[name] is None:
                    del value[name]
                else:
                    shape.check(value[name])
            if self._each is not None:
                for name in value:
                    self._each.check(value[name])
        except ShapeError as error:
            raise error.within(name) from None


def not_empty(text: str) -> str | None:
    """Return what is wrong with a text that must not be empty."""
    return None if text.strip() else "must not be empty"


def check_names(value: dict[str, Any], known: Sequence[str]) -> None:
    """Raise `ShapeError` for a member that is spelt nearly like one of ``known`` that is not there."""
    for name in value:
        if name in known or name.startswith("_"):
            continue
        import difflib  # rarely needed

        missing = {_folded(other): other for other in known if other not in value}
        for near in difflib.get_close_matches(_folded(name), missing, 1, 0.8):
            raise ShapeError(f"is unknown; {missing[near]!r} may be meant", name)


def check_members(value: dict[str, Any], known: Sequence[str]) -> None:
    """Raise `ShapeError` for a member that is not one of ``known``, unless its name begins with ``_``."""
    check_names(value, known)
    for name in value:
        if name not in known and not name.startswith("_"):
            raise ShapeError(f"is unknown; known are {', '.join(known)}", name)


def _folded(name: str) -> str:
    return re.sub("[-_ ]", "", name).casefold()


def shown(value: Any) -> str:
    """Return ``value`` as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
