"""Where pacts come from: files that are checked here, and what the core fetches.

The core does not refuse what is no pact (it verifies ``GET /`` for junk), so that is done here. It also clones a whole
pact for each of its interactions; pieces of a few interactions keep the cost linear, with the same results.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pact_ffi.errors import InvalidInputError, PactFileError
from pact_ffi.pact_file.finding import settle

_PIECE = 10  # interactions; measured: fewer cost a source each, more cost clones
_HTTP, _ASYNC, _SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
_LISTS = ("interactions", "messages")
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

    def text(self) -> str:
        """Return it as JSON; raises `PactFileError` for what the core could not read back either."""
        try:
            return json.dumps(self.document, allow_nan=False)
        except RecursionError:
            raise PactFileError(f"pact file {self.path} is nested too deeply") from None

    def pieces(self) -> Iterator[PactDocument]:
        """Yield pacts of a few interactions that are this pact together."""
        # A plugin is started for each source, so a pact that needs one stays whole.
        step = max(1, len(self.interactions)) if self.document.get("metadata", {}).get("plugins") else _PIECE
        rest = {key: value for key, value in self.document.items() if key not in _LISTS}
        for name in _LISTS:
            items = self.document.get(name, [])
            for start in range(0, len(items), step):
                yield PactDocument(self.path, {**rest, name: items[start : start + step]})

    def endless_regexes(self) -> Iterator[str]:
        """Name the regexes that responses and messages are compared with and that backtrack without end on some text.

        Others wrote them, and many a text they match in no time: they are looked for once the core has given up.
        """
        for item in self.interactions:
            verified = {key: item[key] for key in ("response", "matchingRules") if key in item}
            for place, regex in _regexes(verified, ""):
                if problem := _endless(regex):
                    yield f"pact file {self.path}: {item['description']!r}, {place}: {problem}"


def read_documents(paths: Sequence[tuple[Path, bool]], provider: str) -> list[PactDocument]:
    """Read files, and folders (recursively or not) for the pacts of ``provider`` in them; raises `PactFileError`."""
    documents = []
    for path, recursive in paths:
        found = read_pacts(path, recursive)
        ours = [document for document in found if document.provider == provider]
        if not ours:
            names = ", ".join(sorted({repr(document.provider) for document in found}))
            what = f"no pact in folder {path} is" if path.is_dir() else f"pact file {path} is not"
            raise PactFileError(f"{what} for provider {provider!r}, as this verifier is, but for {names}")
        documents += ours
    return documents


def read_pacts(path: Path, recursive: bool = False) -> list[PactDocument]:
    """Read a pact file, or those in a folder; what a session holds back is written before."""
    settle()
    return read_folder(path, recursive) if path.is_dir() else [read_pact(path)]


def read_pact(path: Path) -> PactDocument:
    """Read and check one pact file; raises `PactFileError` that names the file, the place and what is wrong."""
    return _checked(path, _json(path))


def read_folder(folder: Path, recursive: bool) -> list[PactDocument]:
    """Read the pacts among the ``.json`` files of ``folder``; other JSON documents are left alone."""
    files = sorted(file for file in folder.glob("**/*.json" if recursive else "*.json") if file.is_file())
    read = [(file, _json(file)) for file in files]
    found = [_checked(file, it) for file, it in read if isinstance(it, dict) and {"consumer", "provider"} <= set(it)]
    if not found:
        nested = not recursive and any(folder.glob("*/**/*.json"))
        hint = "; there are .json files in sub-folders, which recursive=True reads" if nested else ""
        raise PactFileError(f"no pact file in folder {folder} ({len(files)} .json files looked at{hint})")
    return found


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes(), parse_constant=_finite, parse_float=_finite)
    except OSError as error:
        raise PactFileError(f"cannot read pact file {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise PactFileError(f"pact file {path} is not valid JSON: {error}") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no JSON value")
    return number


def _checked(path: Path, document: Any) -> PactDocument:
    try:
        _check(document, _PACT, "")
        if not any(name in document for name in _LISTS):
            raise ValueError("the document has neither interactions nor messages")
        metadata = document.get("metadata") or {}
        specification = metadata.get("pactSpecification") or metadata.get("pact-specification") or {}
        is_v4 = isinstance(specification, dict) and str(specification.get("version", "")).startswith("4")
        for name in _LISTS:
            for index, item in enumerate(document.get(name) or ()):
                kind = item.get("type", _HTTP) if is_v4 else _HTTP if name == "interactions" else _ASYNC
                _check_item(item, kind, f"{name}[{index}]")
    except ValueError as error:
        raise PactFileError(f"pact file {path}: {error}") from None
    return PactDocument(path, document)


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


@lru_cache(maxsize=1024)  # the core takes a third of a second to give up
def _endless(regex: str) -> str | None:
    from pact_ffi.core.matching import check_backtracking

    try:
        check_backtracking(regex)
    except InvalidInputError as error:
        return str(error)
    return None


def _regexes(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield the regexes in the matching rules of (a part of) an interaction, with their places."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in children:
        if key == "regex" and isinstance(inner, str) and "matchingRules" in place:
            yield place.partition(".matchers")[0].lstrip("."), inner
        yield from _regexes(inner, f"{place}.{key}")
