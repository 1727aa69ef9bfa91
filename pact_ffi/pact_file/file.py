"""Pact files on disk: read once, merged under a lock, replaced atomically.

The core writes one pact; putting it into a file that already holds others is a matter of text. Its own
merge reads and rewrites the whole file through its models for every interaction, loses a race with other
processes, and replaces what contradicts it without a word.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
import warnings
from pathlib import Path
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactConflictError, PactFileError, PactWarning
from pact_ffi.pact_file.checking import LISTS, specification
from pact_ffi.pact_file.document import Identity, identity
from pact_ffi.pact_file.locking import locked

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_STARTED_NS = time.time_ns()


class PactFile:
    """The text of a pact file, cut into its interactions."""

    def __init__(
        self, consumer: str, provider: str, metadata: dict[str, Any], list_name: str, chunks: dict[Identity, bytes]
    ) -> None:
        self.consumer = consumer
        self.provider = provider
        self.metadata = metadata
        self.list_name = list_name
        self.chunks = chunks

    @property
    def specification(self) -> PactSpecification | None:
        """The version that the file claims, if it does."""
        return specification({"metadata": self.metadata})

    @classmethod
    def parse(cls, text: str, source: str) -> PactFile:
        """Read ``text``; raises `PactFileError` naming ``source`` when it is no pact."""
        try:
            return cls._parse(text, source)
        except (ValueError, IndexError, RecursionError, TypeError, AttributeError, KeyError) as error:
            raise PactFileError(f"{source} is not a pact file: {error}") from None

    @classmethod
    def _parse(cls, text: str, source: str) -> PactFile:
        members, elements = _cut(text)
        chunks: dict[str, dict[Identity, bytes]] = {name: {} for name in elements}
        for name, items in elements.items():
            for value, chunk in items:
                which, new = _identity(value), chunk.encode()
                known = chunks[name].setdefault(which, new)
                if known != new and json.loads(known) != value:
                    raise PactConflictError(conflict(which, known.decode(), chunk, source))
        lists = [name for name in LISTS if chunks.get(name)] or [name for name in LISTS if name in chunks]
        if len(lists) > 1 and chunks["interactions"] and chunks["messages"]:
            raise ValueError("it has both interactions and messages")
        if not lists:
            raise ValueError("it has no list of interactions or messages")
        names = [members[side]["name"] for side in ("consumer", "provider")]
        if not all(isinstance(name, str) for name in names):
            raise ValueError(f"consumer and provider must be text, not {names!r}")
        return cls(names[0], names[1], members.get("metadata") or {}, lists[0], chunks[lists[0]])

    def alike(self, other: PactFile) -> bool:
        """Return whether both are of the same parties, version and kind of list."""
        sides = [(each.consumer, each.provider, each.specification, each.list_name) for each in (self, other)]
        return sides[0] == sides[1]

    def add(self, other: PactFile, source: str, *, replace: bool) -> None:
        """Take the interactions of ``other``; differing ones under one identity raise, unless ``replace``."""
        for which, chunk in other.chunks.items():
            known = self.chunks.get(which)
            if known is not None and known != chunk and json.loads(known) != json.loads(chunk):
                text = conflict(which, known.decode(), chunk.decode(), source)
                if not replace:
                    raise PactConflictError(text)
                warnings.warn(f"{text}\nThe file is from an earlier run, so the new one replaces it.", PactWarning, 4)
            self.chunks[which] = chunk
        plugins = {str(plugin): plugin for each in (self, other) for plugin in each.metadata.get("plugins", ())}
        self.metadata = {**self.metadata, **other.metadata, **({"plugins": [*plugins.values()]} if plugins else {})}

    def text(self) -> str:
        """Return the file's text; the order of interactions does not depend on who wrote first."""
        return b"".join(self.pieces()).decode("utf-8")

    def pieces(self) -> list[bytes]:
        """Return the file's text in pieces, most of them as they were read: what is there costs no work again."""
        self.chunks = dict(sorted(self.chunks.items()))  # all but sorted already, so this is quick
        members = {"consumer": {"name": self.consumer}, self.list_name: [], "metadata": self.metadata}
        dumped = json.dumps({**members, "provider": {"name": self.provider}}, indent=2, ensure_ascii=False)
        head, _, tail = dumped.partition(f'"{self.list_name}": []')
        opened, closed = f'{head}"{self.list_name}": [\n    ', f"\n  ]{tail}\n"
        return [opened.encode(), b",\n    ".join(self.chunks.values()), closed.encode()]


def conflict(identity: Identity, known: str, new: str, source: str) -> str:
    """Return a text that shows two different interactions under one identity."""
    description, states, kind = identity
    where = f"{kind or 'HTTP'} interaction {description!r} with provider states {states}"
    return (
        f"two different contents for one interaction in {source}: {where}\n--- there is:\n{known}\n+++ this is new:\n"
        f"{new}\nGive one of them another description or provider state, or remove the file if the contract changed."
    )


_known: dict[str, tuple[tuple[int, int, int], PactFile]] = {}  # what a file held when this process last wrote it


def write(path: Path, new: PactFile, *, overwrite: bool, upgraded: Any) -> None:
    """Put ``new`` into the file ``path``: merged with what is there, or instead of it.

    ``upgraded(text)`` returns an older file's text in the specification version of ``new``. The file is replaced as a
    whole, so that whoever reads it, whatever happens, finds the old one or the new one. Raises `PactFileError`.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent):
            _remove_leftovers(target)
            current = _current(target, new)
            stamp = _stamp(target)
            _known.pop(str(target), None)  # until the new one is in place
            if overwrite or current is None:
                merged = PactFile(new.consumer, new.provider, new.metadata, new.list_name, dict(new.chunks))
            else:
                merged = _merged(current, new, target, stamp, upgraded)
            _replace(target, merged.pieces())
            _known[str(target)] = (_stamp(target), merged)
    except OSError as error:
        if isinstance(error, PactFileError):
            raise
        raise PactFileError(f"the pact file {target} cannot be written: {error.strerror or error}") from error


def _merged(current: PactFile, new: PactFile, target: Path, stamp: tuple[int, int, int], upgraded: Any) -> PactFile:
    there, ours = current.specification, new.specification
    if current.chunks and there is not None and ours is not None:
        if there > ours:
            raise PactFileError(
                f"{target} is a pact of specification {there}; merging this pact of {ours} would take from it what only"
                f" {there} can express. Use with_specification({str(there)!r}), or overwrite the file."
            )
        if there < ours:
            current = PactFile.parse(upgraded(target.read_text(encoding="utf-8")), str(target))
    if current.chunks and new.chunks and current.list_name != new.list_name:
        raise PactFileError(
            f"{target} holds {current.list_name}, this pact has {new.list_name}; only V4 keeps both in one file"
        )
    current.list_name = new.list_name if new.chunks else current.list_name
    current.add(new, str(target), replace=stamp[0] < _STARTED_NS)
    return current


def _current(target: Path, new: PactFile) -> PactFile | None:
    known = _known.get(str(target))
    if not target.exists():
        return None
    if known is not None and known[0] == _stamp(target):
        current = known[1]
    else:
        try:
            text = target.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise PactFileError(f"{target} is not a pact file and is left as it is: {error}") from None
        if not text.strip():
            return None
        try:
            current = PactFile.parse(text, str(target))
        except PactFileError as error:
            raise PactFileError(f"{error}. It is left as it is; remove it if it is not needed.") from None
    if (current.consumer, current.provider) != (new.consumer, new.provider):
        raise PactFileError(
            f"{target} is a pact between {current.consumer!r} and {current.provider!r},"
            f" not between {new.consumer!r} and {new.provider!r}; it is left as it is"
        )
    return current


def _stamp(target: Path) -> tuple[int, int, int]:
    try:
        found = target.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _replace(target: Path, pieces: list[bytes]) -> None:
    new = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    try:
        with new.open("xb", buffering=0) as file:
            for piece in pieces:
                while piece:
                    piece = piece[file.write(piece) :]
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _remove_leftovers(target: Path) -> None:
    if str(target) in _known:  # looked at before
        return
    for left in target.parent.iterdir():  # of a writer that was killed
        if left.name.startswith(f".{target.name}.") and left.name.endswith(".tmp"):
            with contextlib.suppress(OSError):
                left.unlink()


def _cut(text: str) -> tuple[dict[str, Any], dict[str, list[tuple[Any, str]]]]:
    """Return the members of the outermost object, and of its lists of interactions each item with its text."""
    members: dict[str, Any] = {}
    elements: dict[str, list[tuple[Any, str]]] = {}
    at = _skip(text, 1 if text.startswith("\ufeff") else 0)
    if text[at] != "{":
        raise ValueError("it is no JSON object")
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not isinstance(name, str) or text[at] != ":":
            raise ValueError(f"it is no valid JSON at character {at}")
        at = _skip(text, at + 1)
        if name in LISTS and text[at] == "[":
            elements[name], at = _elements(text, at)
        else:
            members[name], at = _DECODER.raw_decode(text, at)
        at = _comma(text, at, "}")
    if text[_skip(text, at + 1) :]:
        raise ValueError(f"there is more behind the JSON object, at character {at + 1}")
    return members, elements


def _elements(text: str, at: int) -> tuple[list[tuple[Any, str]], int]:
    found = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        found.append((value, text[at:end]))
        at = _comma(text, end, "]")
    return found, at + 1


def _comma(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at] == ",":
        return _skip(text, at + 1)
    if text[at] != closing:
        raise ValueError(f"it is no valid JSON at character {at}")
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _identity(value: Any) -> Identity:
    if not isinstance(value, dict) or not isinstance(value.get("description"), str):
        raise ValueError(f"an interaction without description: {str(value)[:80]}")
    return identity(value)
