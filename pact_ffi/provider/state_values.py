"""The values of provider states: what handlers return, and what a pact's ``ProviderState`` generators need.

The core sends the example of the pact in the place of a value that it lacks or cannot convert, and does not say so.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.values.encoding import plain

_TEXTUAL = {"header", "query", "path"}
_NUMBERS = {"INTEGER": "an integer", "DECIMAL": "a number", "FLOAT": "a number", "BOOLEAN": "true or false"}
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]")


class StateValueError(PactError):
    """A value of a provider state is missing, or not what the pact needs in its place."""


class Needed(NamedTuple):
    """One value that a request of the pact takes from its provider states.

    `kind` is the data type in the pact; `exact` says that nothing is around it; `example` is the value in its place.
    """

    name: str
    place: str
    kind: str
    exact: bool
    example: Any


def as_values(returned: Any, shown: str) -> dict[str, Any] | None:
    """Return as a dict what a handler returned, or ``None`` when it holds no values.

    A mapping, a dataclass, a named tuple or a model of pydantic holds values. Raises `StateValueError` for what is no
    JSON, or what the core would change.
    """
    kind = type(returned)
    values: Any = returned
    if callable(dump := getattr(kind, "model_dump", None)):
        values = dump(returned, mode="json")
    elif callable(convert := getattr(kind, "_asdict", None)):
        values = convert(returned)
    if not isinstance(values, Mapping) and not hasattr(kind, "__dataclass_fields__"):
        return None
    try:
        checked: dict[str, Any] = plain(values, "the values")
    except InvalidInputError as error:
        raise StateValueError(f"what {shown} returned cannot be values of a provider state: {error}") from None
    return checked


def needed_values(interaction: Mapping[str, Any]) -> list[Needed]:
    """Return the values that the request of ``interaction`` takes from provider states."""
    request = interaction.get("request")
    if not isinstance(request, Mapping):
        return []
    return list(_generated(request, request.get("generators")))


def check_values(needed: list[Needed], values: Mapping[str, Any]) -> None:
    """Raise `StateValueError` for the first of ``needed`` that is missing in ``values`` or does not fit."""
    for item in needed:
        if item.name not in values:
            given = ", ".join(map(repr, values)) or "none"
            raise StateValueError(
                f"{item.place} of the request needs the value {item.name!r} of a provider state;"
                f" the values of the states are: {given}"
            )
        problem = _misfit(item, values[item.name])
        if problem:
            raise StateValueError(
                f"the value {item.name!r} of a provider state must be {problem} for {item.place} of the request,"
                f" not {json.dumps(values[item.name])[:80]}"
            )


def _generated(request: Mapping[str, Any], generators: Any) -> Iterator[Needed]:
    for category, content in generators.items() if isinstance(generators, Mapping) else ():
        places = {"": content} if isinstance(content, Mapping) and "type" in content else content
        for path, generator in places.items() if isinstance(places, Mapping) else ():
            if isinstance(generator, Mapping) and generator.get("type") == "ProviderState":
                expression = str(generator.get("expression", ""))
                names = re.findall(r"\$\{([^}]*)\}", expression) or [expression]
                exact = expression in (names[0], f"${{{names[0]}}}")
                kind = str(generator.get("dataType") or "RAW").upper()
                if category in _TEXTUAL and kind == "RAW":
                    kind = "STRING"
                example = _example(request, path) if category == "body" else None
                for name in names:
                    yield Needed(name, f"{category} {path}".strip(), kind, exact, example)


def _misfit(item: Needed, value: Any) -> str | None:
    """Say what ``value`` must be, if it is something else."""
    if not item.exact or item.kind == "STRING":
        return "text, a number or a boolean" if value is None or isinstance(value, (dict, list)) else None
    if item.kind in _NUMBERS:
        return None if _converts(item.kind, value) else _NUMBERS[item.kind]
    return _unlike(item.example, value)


def _converts(kind: str, value: Any) -> bool:
    """Whether the core makes of ``value`` what it is."""
    if kind == "BOOLEAN" or isinstance(value, bool):
        return kind == "BOOLEAN" and (isinstance(value, bool) or value in ("true", "false"))
    try:
        if kind == "INTEGER":
            most = 1 << 64 if isinstance(value, int) else 1 << 63
            return isinstance(value, (int, str)) and -(1 << 63) <= int(value) < most
        if isinstance(value, int):
            return int(float(value)) == value  # else it would be rounded
        return isinstance(value, float) or (isinstance(value, str) and math.isfinite(float(value)))
    except ValueError:
        return False


def _unlike(example: Any, value: Any) -> str | None:
    kinds = {
        bool: "true or false",
        int: "an integer",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    kind = type(example)
    same = type(value) is kind or (kind is float and type(value) is int)
    return None if same or kind not in kinds else kinds[kind]


def _example(request: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of the request's body, or ``None``."""
    body: Any = request.get("body", request.get("contents"))
    if isinstance(body, Mapping) and "content" in body and set(body) <= {"content", "contentType", "encoded"}:
        body = body["content"]
    try:
        for name, index, quoted in _STEP.findall(path):
            body = body[int(index)] if index else body[name or quoted]
    except (LookupError, TypeError):
        return None
    return body
