"""Reading pact files: one by its path, those in a folder, those for a provider."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pact_ffi.errors import PactFileError, PactWarning
from pact_ffi.pact_file.decoding import decode
from pact_ffi.pact_file.document import PactDocument, check_pact, parse_pact
from pact_ffi.pact_file.session import settle
from pact_ffi.pact_file.terms import LISTS, NOT_ON_WINDOWS


def read_pact(path: str | os.PathLike[str]) -> PactDocument:
    """Read and check one pact file.

    Raises:
        PactFileError: The file cannot be read or is not a pact. The message names the file, the place in it and what
            is wrong there.
    """
    return parse_pact(_bytes(Path(path)), str(path))


def read_pacts(path: Path, recursive: bool = False) -> list[PactDocument]:
    """Read a pact file, or those in a folder; what a session holds back is written before.

    Other JSON documents in a folder are left alone. Raises `PactFileError`, also for a folder without a pact.
    """
    settle()
    return _read_folder(path, recursive) if path.is_dir() else [read_pact(path)]


def read_pacts_for(provider: str, paths: Sequence[tuple[Path, bool]]) -> list[PactDocument]:
    """Read the pacts that ``provider`` is verified with.

    A file that is named outright is taken whatever its provider is called, with a `PactWarning` where that is another
    name. Of a folder (read with its sub-folders where the flag beside it is true) only the pacts for ``provider`` are
    taken. Raises `PactFileError`, also for a folder that has none.
    """
    documents = []
    for path, recursive in paths:
        pacts = read_pacts(path, recursive)
        if path.is_dir():
            names = ", ".join(sorted({repr(pact.provider) for pact in pacts}))
            pacts = [pact for pact in pacts if pact.provider == provider]
            if not pacts:
                raise PactFileError(f"no pact for provider {provider!r} in folder {path}; it has pacts for {names}")
        for pact in pacts:
            if pact.provider != provider:
                text = f"the verifier is for provider {provider!r}, and pact file {path} is for {pact.provider!r}"
                warnings.warn(f"{text}; it is verified all the same", PactWarning, stacklevel=2)
        documents += pacts
    return documents


def find_pact(path: str | os.PathLike[str]) -> Path:
    """Return the existing file that ``path`` means, relative to the current directory.

    Tools write one pact under different names (``Billing Service-Api.json``, ``billing_service-api.json``); a file in
    the same folder is taken when case, ``-``, ``_`` and spaces are the only difference. Raises `PactFileError` when
    there is none, or more than one.
    """
    settle()
    wanted = Path(path)
    if wanted.is_file():
        return wanted
    folder = wanted.parent
    similar = similar_files(wanted)
    if len(similar) == 1:
        return similar[0]
    if similar:
        names = ", ".join(file.name for file in similar)
        raise PactFileError(f"no pact file {wanted}; several have a similar name, say which: {names}")
    names = ", ".join(sorted(file.name for file in folder.glob("*.json")))
    has = f"has {names or 'no .json file'}" if folder.is_dir() else "has not been created"
    raise PactFileError(f"no pact file {wanted}; {folder.absolute()} {has}")


def similar_files(path: Path) -> list[Path]:
    """Return the files beside ``path`` whose names differ from its in case, ``-``, ``_`` and spaces at most."""
    there = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return [file for file in there if _folded(file.name) == _folded(path.name) and file.is_file()]


def _folded(name: str) -> str:
    return name.casefold().translate({ord(separator): None for separator in f"-_ {NOT_ON_WINDOWS}"})


def _read_folder(folder: Path, recursive: bool) -> list[PactDocument]:
    files = sorted(file for file in folder.glob("**/*.json" if recursive else "*.json") if file.is_file())
    pacts = []
    for file in files:
        data = decode(_bytes(file), str(file))
        if _is_pact(data):
            pacts.append(check_pact(data, str(file)))
    if not pacts:
        nested = not recursive and any(folder.glob("*/**/*.json"))
        hint = "; there are .json files in sub-folders, which recursive=True reads" if nested else ""
        raise PactFileError(f"no pact file in folder {folder} ({len(files)} .json files looked at{hint})")
    return pacts


def _is_pact(data: Any) -> bool:
    """Return whether a JSON document is meant to be a pact: it has a list of interactions, or both parties."""
    if not isinstance(data, dict):
        return False
    names = {name.casefold() for name in data}
    parties = names & {"consumer", "provider"}
    lists = names & set(LISTS)
    return len(parties) == 2 or (bool(lists) and (bool(parties) or "metadata" in names))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PactFileError(f"cannot read pact file {path}: {error.strerror or error}") from None
