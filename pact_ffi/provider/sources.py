"""Pact files as the verifier takes them: checked first, then handed to the core in small pieces.

The core does not refuse what is no pact (it verifies ``GET /`` for junk), so that is done here. It also clones a whole
pact for each of its interactions; pieces of a few interactions keep the cost linear, with the same results.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pact_ffi.errors import PactFileError

_PIECE = 10  # interactions; measured: fewer cost a source each, more cost clones
_HTTP, _ASYNC, _SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
_LISTS = ("interactions", "messages")


@dataclass(frozen=True)
class PactDocument:
    """One pact file, read and checked."""

    path: Path
    document: dict[str, Any]

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        return str(self.document["consumer"]["name"])

    @property
    def provider(self) -> str:
        """The provider's name."""
        return str(self.document["provider"]["name"])

    @property
    def interactions(self) -> list[dict[str, Any]]:
        """All interactions and messages."""
        return [item for name in _LISTS for item in self.document.get(name, ())]

    def pieces(self) -> Iterator[str]:
        """Yield JSON texts of pacts that are this pact together."""
        # A plugin is started for each source, so a pact that needs one stays whole.
        step = max(1, len(self.interactions)) if self.document.get("metadata", {}).get("plugins") else _PIECE
        rest = {key: value for key, value in self.document.items() if key not in _LISTS}
        for name in _LISTS:
            items = self.document.get(name, [])
            for start in range(0, len(items), step):
                yield json.dumps({**rest, name: items[start : start + step]}, allow_nan=False)


def read_pact(path: Path) -> PactDocument:
    """Read and check one pact file; raises `PactFileError` that names the file, the place and what is wrong."""
    document = _json(path)
    _check(document, path)
    return PactDocument(path, document)


def read_folder(folder: Path, recursive: bool) -> list[PactDocument]:
    """Read the pacts among the ``.json`` files of ``folder``; other JSON documents are left alone."""
    files = sorted(file for file in folder.glob("**/*.json" if recursive else "*.json") if file.is_file())
    found = []
    for file in files:
        document = _json(file)
        if isinstance(document, dict) and "consumer" in document and "provider" in document:
            _check(document, file)
            found.append(PactDocument(file, document))
    if not found:
        nested = not recursive and any(folder.glob("*/**/*.json"))
        hint = "; there are .json files in sub-folders, which recursive=True reads" if nested else ""
        raise PactFileError(f"no pact file in folder {folder} ({len(files)} .json files looked at{hint})")
    return found


def _json(path: Path) -> Any:
    try:
        document = json.loads(path.read_bytes(), parse_constant=_no_json)
        json.dumps(document, allow_nan=False)
    except OSError as error:
        raise PactFileError(f"cannot read pact file {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise PactFileError(f"pact file {path} is not valid JSON: {error}") from None
    return document


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")


class _Checker:
    """Names the place of the first thing that is not as the Pact specification has it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def need(self, holds: bool, place: str, what: str) -> None:
        if not holds:
            raise PactFileError(f"pact file {self._path}: {place} {what}")

    def typed(self, parent: dict[str, Any], key: str, place: str, kind: type[Any], required: bool = True) -> Any:
        names: dict[Any, str] = {dict: "an object", list: "a list", str: "text"}
        value = parent.get(key)
        if value is None and not required:
            return None
        where = f"{place}.{key}" if place else key
        self.need(value is not None, where, "is missing")
        self.need(isinstance(value, kind), where, f"must be {names[kind]}, not {json.dumps(value)[:80]}")
        return value


def _check(document: Any, path: Path) -> None:
    check = _Checker(path)
    check.need(isinstance(document, dict), "the document", "must be an object")
    for party in ("consumer", "provider"):
        check.typed(check.typed(document, party, "", dict), "name", party, str)
    metadata = check.typed(document, "metadata", "", dict, required=False) or {}
    check.need(any(name in document for name in _LISTS), "the document", "has neither interactions nor messages")
    specification = metadata.get("pactSpecification") or metadata.get("pact-specification") or {}
    is_v4 = isinstance(specification, dict) and str(specification.get("version", "")).startswith("4")
    for name in _LISTS:
        for index, item in enumerate(check.typed(document, name, "", list) if name in document else ()):
            place = f"{name}[{index}]"
            check.need(isinstance(item, dict), place, f"must be an object, not {json.dumps(item)[:80]}")
            kind = item.get("type", _HTTP) if is_v4 else _HTTP if name == "interactions" else _ASYNC
            known = kind in (_HTTP, _ASYNC, _SYNC)
            check.need(known, f"{place}.type", f"is {kind!r}; known are {_HTTP!r}, {_ASYNC!r}, {_SYNC!r}")
            check.typed(item, "description", place, str)
            _check_states(check, item, place)
            if kind == _HTTP:
                _check_http(check, item, place)
            elif kind == _SYNC:
                check.typed(item, "request", place, dict)
                check.need(isinstance(item.get("response"), (list, dict)), f"{place}.response", "must be a list")


def _check_states(check: _Checker, item: dict[str, Any], place: str) -> None:
    check.typed(item, "providerState", place, str, required=False)
    states = check.typed(item, "providerStates", place, list, required=False) if "providerState" not in item else None
    for index, state in enumerate(states or ()):
        where = f"{place}.providerStates[{index}]"
        check.need(isinstance(state, dict), where, "must be an object")
        check.typed(state, "name", where, str)
        check.typed(state, "params", where, dict, required=False)


def _check_http(check: _Checker, item: dict[str, Any], place: str) -> None:
    request = check.typed(item, "request", place, dict)
    check.typed(request, "method", f"{place}.request", str)
    check.typed(request, "path", f"{place}.request", str)
    response = check.typed(item, "response", place, dict)
    status = response.get("status", 200)
    valid = isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599
    check.need(valid, f"{place}.response.status", f"must be a number from 100 to 599, not {json.dumps(status)}")
    for part, where in ((request, f"{place}.request"), (response, f"{place}.response")):
        check.typed(part, "headers", where, dict, required=False)
        check.typed(part, "matchingRules", where, dict, required=False)
