"""Pact files on disk: read once, merged under a lock, replaced atomically.

The core writes one pact; putting it into a file that already holds others is a matter of text. Its own merge reads and
rewrites the whole file through its models for every interaction, loses a race with other processes, and replaces what
contradicts it without a word.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from pact_ffi.core import clock
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import CoreError, PactConflictError, PactFileError, PactWarning
from pact_ffi.pact_file import together
from pact_ffi.pact_file.cutting import cut
from pact_ffi.pact_file.locking import locked
from pact_ffi.pact_file.terms import LISTS, Identity, identity, kind_of, specification

# Seconds in which a program that holds the file open may close it: Windows does not replace it until then.
_PATIENCE = 2.0 if sys.platform == "win32" else 0.0


class PactFile:
    """The text of a pact file, cut into its interactions."""

    def __init__(self, members: dict[str, Any], list_name: str, chunks: dict[Identity, bytes]) -> None:
        self.members = members  # all but the list of interactions
        self.list_name = list_name
        self.chunks = chunks

    @property
    def parties(self) -> tuple[str, str]:
        """The names of the consumer and the provider."""
        return self.members["consumer"]["name"], self.members["provider"]["name"]

    @property
    def specification(self) -> PactSpecification | None:
        """The specification version that the file states, if it does."""
        return specification(self.members)

    @classmethod
    def parse(cls, text: str, source: str) -> PactFile:
        """Read ``text``; raises `PactFileError` naming ``source`` when it is not a pact."""
        try:
            return cls._parse(text, source)
        except (ValueError, IndexError, RecursionError, TypeError, AttributeError, KeyError) as error:
            from pact_ffi.pact_file.document import parse_pact  # few files need it

            parse_pact(text, source)  # which names what is wrong, and its place
            raise PactFileError(f"{source} is not a pact file: {error}") from None

    @classmethod
    def _parse(cls, text: str, source: str) -> PactFile:
        members, lists = cut(text)
        filled = [name for name in LISTS if lists.get(name)] or [name for name in LISTS if name in lists]
        if not filled:
            raise ValueError("it has no list of interactions or messages")
        if lists.get("interactions") and lists.get("messages"):
            raise ValueError("it has both interactions and messages")
        for side in ("consumer", "provider"):
            if not isinstance(members[side]["name"], str):
                raise ValueError(f"the name of the {side} must be text, not {members[side]['name']!r}")
        members["metadata"] = metadata = members.get("metadata") or {}
        if not all(plugin["name"] for plugin in metadata.get("plugins", ())):
            raise ValueError("a plugin must have a name")
        file = cls(members, filled[0], {})
        version = file.specification
        for item, chunk in lists[file.list_name]:
            if not isinstance(item, dict) or not isinstance(item.get("description"), str):
                raise ValueError(f"an interaction without description: {str(item)[:80]}")
            which = identity(item, kind_of(item, file.list_name, version))
            file._take(which, chunk.encode(), source, {})
        return file

    def alike(self, other: PactFile) -> bool:
        """Return whether both are of the same parties, version and kind of list."""
        mine, its = ((file.parties, file.specification, file.list_name) for file in (self, other))
        return mine == its

    def add(self, other: PactFile, source: str, earlier: Mapping[Identity, bytes]) -> None:
        """Take the interactions of ``other``, and what its other members have.

        Another content under one identity raises `PactConflictError`, unless it is what an ``earlier`` run left: that
        is replaced, with a `PactWarning`.
        """
        for which, chunk in other.chunks.items():
            self._take(which, chunk, source, earlier)
        self.members = _merged(self.members, other.members)

    def _take(self, which: Identity, chunk: bytes, source: str, earlier: Mapping[Identity, bytes]) -> None:
        known = self.chunks.get(which, chunk)
        if known != chunk and _canonical(known) != _canonical(chunk):
            text = conflict(which, known.decode(), chunk.decode(), source)
            if earlier.get(which) == known:
                warnings.warn(f"{text}\nThe file is from an earlier run, so the new one replaces it.", PactWarning, 6)
            elif hasattr(sys, "ps1"):  # a person who tells it again, as in a notebook's cell
                warnings.warn(f"{text}\nThe new one replaces it, as this is an interactive session.", PactWarning, 6)
            else:
                raise PactConflictError(text)
        self.chunks[which] = chunk

    def keep_unknown(self, other: PactFile) -> None:
        """Take from the interactions of ``other`` the members that the core drops, for it does not know them."""
        from pact_ffi.pact_file.checking import ITEM_MEMBERS  # few files need it

        for which, chunk in self.chunks.items():
            before = json.loads(other.chunks.get(which, b"{}"))
            unknown = {name: value for name, value in before.items() if name not in ITEM_MEMBERS}
            if unknown:
                text = json.dumps({**json.loads(chunk), **unknown}, indent=2, ensure_ascii=False, sort_keys=True)
                self.chunks[which] = text.replace("\n", "\n    ").encode()

    def text(self) -> str:
        """Return the file's text; the order of interactions does not depend on who wrote first."""
        return b"".join(self.pieces()).decode("utf-8")

    def pieces(self) -> list[bytes]:
        """Return the file's text in pieces, most of them as they were read: what is there costs no work again."""
        self.chunks = dict(sorted(self.chunks.items()))  # all but sorted already, so this is quick
        members = dict(sorted({**self.members, self.list_name: []}.items()))
        dumped = json.dumps(members, indent=2, ensure_ascii=False)
        head, _, tail = dumped.partition(f'\n  "{self.list_name}": []')
        opened, closed = f'{head}\n  "{self.list_name}": [\n    ', f"\n  ]{tail}\n"
        return [opened.encode(), b",\n    ".join(self.chunks.values()), closed.encode()]


def conflict(which: Identity, known: str, new: str, source: str) -> str:
    """Return a text that shows two different interactions under one identity."""
    description, states, kind = which
    from pact_ffi.reporting.redaction import Redactor  # only what is refused pays for it

    where = f"{kind} interaction {description!r} with provider states {states}"
    one = Redactor()
    before, after = (
        json.dumps(redactor.body(json.loads(text)), indent=2, ensure_ascii=False)
        for redactor, text in ((one, known), (Redactor(one), new))
    )
    return (
        f"two different contents for one interaction in {source}: {where}\n--- there is:\n{before}\n+++ this is new:\n"
        f"{after}\nGive one of them another description or provider state, or remove the file if the contract changed."
    )


def _canonical(chunk: bytes) -> str:
    """Return a text that is the same for equal interactions.

    The order of members does not count, 1 is not 1.0 or true; names of headers have no case, and whether their values
    stand apart or are joined by commas is the same, as is the spelling of a query.
    """
    item = json.loads(chunk)
    for part in (item.get("request"), item.get("response")):
        headers = part.get("headers") if isinstance(part, dict) else None
        if isinstance(headers, dict):
            part["headers"] = {name.lower(): _header_values(name, values) for name, values in headers.items()}
        query = part.get("query") if isinstance(part, dict) else None
        if isinstance(query, str):
            part["query"] = parse_qsl(query, keep_blank_values=True)
    return json.dumps(item, sort_keys=True)


def _header_values(name: str, values: Any) -> Any:
    texts = values if isinstance(values, list) else [values]
    if name.lower() == "set-cookie" or not all(isinstance(text, str) for text in texts):
        return values
    return [value.strip() for text in texts for value in text.split(",")]


def _merged(known: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return all members of both, objects merged as well, so that nothing is lost that others added."""
    merged = {**known, **new}
    for key in known.keys() & new.keys():
        before, after = known[key], new[key]
        if isinstance(before, dict) and isinstance(after, dict):
            merged[key] = _merged(before, after)
        elif key == "plugins":
            by_name: dict[str, Any] = {}
            for plugin in (*before, *after):
                by_name[plugin["name"]] = _merged(by_name.get(plugin["name"], {}), plugin)
            merged[key] = list(by_name.values())
    return merged


class _Seen:
    """What this process knows of a file: its content when it was last written here, and what earlier runs left."""

    def __init__(self) -> None:
        self.stamp: tuple[int, ...] | None = None
        self.file: PactFile | None = None
        self.earlier: dict[Identity, bytes] | None = None


_seen: dict[str, _Seen] = {}


def write(path: Path, new: PactFile, *, overwrite: bool, upgraded: Callable[[str], str]) -> None:
    """Put ``new`` into the file ``path``: merged with what is there, or instead of it.

    ``upgraded(text)`` returns an older file's text in the specification version of ``new``. The file is replaced as a
    whole, so that whoever reads it, whatever happens, finds the old one or the new one. Only what this process wrote,
    or others while it ran, can contradict ``new``; what it found there is replaced. What other workers of one test run
    wrote is kept and contradicts, too. Raises `PactFileError`.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise PactFileError(f"the pact file {target} cannot be written: it is a link that leads in circles")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent):
            first = str(target) not in _seen
            if first:
                _remove_leftovers(target)
            seen = _seen.setdefault(str(target), _Seen())
            current = _current(target, seen)
            if current is not None:
                _check_parties(target, current, new)
            seen.stamp = seen.file = None  # until the new one is in place
            if current is not None and (overwrite or seen.earlier is None):
                others = together.written_by_others(target)
                kept = {which: chunk for which, chunk in current.chunks.items() if which in others}
                if overwrite and kept:
                    current.chunks, overwrite = kept, False
                elif not overwrite:
                    seen.earlier = {which: chunk for which, chunk in current.chunks.items() if which not in kept}
            if overwrite or current is None:
                seen.earlier = {}
                merged = PactFile(dict(new.members), new.list_name, dict(new.chunks))
            else:
                merged = _put_together(current, new, target, seen, upgraded)
            _replace(target, merged.pieces())
            together.note(target, new.chunks)
            if seen.earlier:
                seen.earlier = {which: chunk for which, chunk in seen.earlier.items() if which not in new.chunks}
            seen.stamp, seen.file = _stamp(target), merged
    except OSError as error:
        if isinstance(error, PactFileError):
            raise
        raise PactFileError(f"the pact file {target} cannot be written: {error.strerror or error}") from error


def _put_together(
    current: PactFile, new: PactFile, target: Path, seen: _Seen, upgraded: Callable[[str], str]
) -> PactFile:
    there, ours = current.specification, new.specification
    if current.chunks and there is not None and ours is not None:
        if there > ours:
            raise PactFileError(
                f"{target} is a pact of specification {there}; merging this pact of {ours} would take from it what only"
                f" {there} can express. Use with_specification({str(there)!r}), or overwrite the file."
            )
        if there < ours:
            from pact_ffi.pact_file.document import parse_pact  # few files need them
            from pact_ffi.pact_file.lifting import with_types

            # what the core would read as something else is refused, or mended
            checked = parse_pact(current.text().encode(), str(target)).text()
            try:
                lifted = PactFile.parse(with_types(upgraded(checked)), str(target))
            except CoreError as error:
                raise PactFileError(f"{target} cannot be read as a pact of specification {there}: {error}") from error
            lifted.members = _merged(current.members, lifted.members)
            lifted.keep_unknown(current)
            left = seen.earlier or {}
            unchanged = [which for which in lifted.chunks if which in left and left[which] == current.chunks.get(which)]
            seen.earlier = {which: lifted.chunks[which] for which in unchanged}
            current = lifted
    if current.chunks and new.chunks and current.list_name != new.list_name:
        raise PactFileError(
            f"{target} holds {current.list_name}, this pact has {new.list_name}; only V4 keeps both in one file"
        )
    current.list_name = new.list_name if new.chunks else current.list_name
    current.add(new, str(target), seen.earlier or {})
    return current


def _current(target: Path, seen: _Seen) -> PactFile | None:
    """Return what the file holds, ``None`` where it is missing or empty."""
    if not target.exists():
        return None
    if seen.file is not None and seen.stamp == _stamp(target):
        return seen.file
    try:
        text = target.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PactFileError(f"{target} is not a pact file and is left as it is: {error}") from None
    if not text.strip():
        return None
    try:
        return PactFile.parse(text, str(target))
    except PactFileError as error:
        raise PactFileError(f"{error}. It is left as it is; remove it if it is not needed.") from None


def _check_parties(target: Path, current: PactFile, new: PactFile) -> None:
    if current.parties != new.parties:
        there, ours = (f"{consumer!r} and {provider!r}" for consumer, provider in (current.parties, new.parties))
        raise PactFileError(f"{target} is a pact between {there}, not between {ours}; it is left as it is")


def _stamp(target: Path) -> tuple[int, ...]:
    status = target.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _replace(target: Path, pieces: list[bytes]) -> None:
    new = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    try:
        with new.open("xb", buffering=0) as file:
            for piece in pieces:
                while piece:
                    piece = piece[file.write(piece) :]
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        _rename(new, target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _rename(new: Path, target: Path) -> None:
    end = clock.now() + _PATIENCE
    while True:
        try:
            new.replace(target)
        except PermissionError:
            if clock.now() >= end:
                raise
            time.sleep(0.02)
        else:
            return


def _remove_leftovers(target: Path) -> None:
    for left in target.parent.iterdir():  # of a writer that was killed
        if left.name.startswith(f".{target.name}.") and left.name.endswith(".tmp"):
            with contextlib.suppress(OSError):
                left.unlink()
