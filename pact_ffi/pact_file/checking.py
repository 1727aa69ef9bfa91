"""The one check of a pact's whole shape, before anything runs.

The core does not refuse what is not a pact (it verifies ``GET /`` for junk), reads some things otherwise than they
are written, and panics on others; so that is refused here, for files, URLs and brokers alike.
"""

from __future__ import annotations

import json
import math
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactFileError

LISTS = ("interactions", "messages")
_HTTP, _ASYNC, _SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
_NAMES: dict[Any, str] = {dict: "an object", list: "a list", str: "text", int: "a number"}

# What must (or, with "?", may) be where.
_PARTY = {"name": str}
_PACT: dict[str, Any] = {
    "consumer": _PARTY,
    "provider": _PARTY,
    "metadata?": {},
    "interactions?": [{}],
    "messages?": [{}],
}
_ITEM: dict[str, Any] = {"description": str, "providerState?": str, "providerStates?": [{"name": str, "params?": {}}]}
_PART: dict[str, Any] = {"headers?": {}, "matchingRules?": {}}
_BY_KIND: dict[str, dict[str, Any]] = {
    _HTTP: {**_ITEM, "request": {"method": str, "path": str, **_PART}, "response": {"status?": int, **_PART}},
    _ASYNC: _ITEM,
    _SYNC: {**_ITEM, "request": {}, "response": [{}]},
}


def decode(text: str | bytes, source: str) -> Any:
    """Read JSON; raises `PactFileError` for what is not JSON, as NaN is not."""
    try:
        return json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise PactFileError(f"pact file {source} is not valid JSON: {error}") from None


def specification(data: dict[str, Any]) -> PactSpecification | None:
    """Return the specification version in the metadata of a pact, if it states one."""
    metadata = data.get("metadata") or {}
    for name in ("pactSpecification", "pactSpecificationVersion", "pact-specification"):
        value = metadata.get(name)
        version = value.get("version") if isinstance(value, dict) else value
        if isinstance(version, str):
            return PactSpecification.from_str(version)
    return None


def check(data: Any, source: str) -> None:
    """Raise `PactFileError` for the first thing that is not as a pact has it."""
    try:
        _check(data, _PACT, "")
        if not any(name in data for name in LISTS):
            raise ValueError("the document has neither interactions nor messages")
        is_v4 = specification(data) is PactSpecification.V4
        for name in LISTS:
            for index, item in enumerate(data.get(name) or ()):
                kind = item.get("type", _HTTP) if is_v4 else _HTTP if name == "interactions" else _ASYNC
                _check_item(item, kind, f"{name}[{index}]")
    except ValueError as error:
        raise PactFileError(f"pact file {source}: {error}") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a JSON value")
    return number


def _check_item(item: dict[str, Any], kind: str, place: str) -> None:
    if not isinstance(kind, str) or kind not in _BY_KIND:
        raise ValueError(f"{place}.type is {kind!r}; known are {', '.join(map(repr, _BY_KIND))}")
    _check(item, _BY_KIND[kind], place)
    status = item["response"].get("status") if kind == _HTTP else None
    if status is not None and not 100 <= status <= 599:
        raise ValueError(f"{place}.response.status must be a number from 100 to 599, not {status}")


def _check(value: Any, shape: Any, place: str) -> None:
    """Raise ValueError for the first thing that is not of ``shape``, with its place."""
    kind: Any = shape if isinstance(shape, type) else type(shape)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{place or 'the document'} must be {_NAMES[kind]}, not {json.dumps(value)[:80]}")
    if isinstance(shape, list):
        for index, item in enumerate(value):
            _check(item, shape[0], f"{place}[{index}]")
    for key, inner in shape.items() if isinstance(shape, dict) else ():
        name = key.rstrip("?")
        where = f"{place}.{name}" if place else name
        if value.get(name) is not None:
            _check(value[name], inner, where)
        elif name == key:
            raise ValueError(f"{where} is missing")
