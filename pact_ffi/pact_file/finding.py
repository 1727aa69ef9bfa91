"""Finding the pact file that a path means."""

from __future__ import annotations

import os
from pathlib import Path

from pact_ffi.errors import PactFileError
from pact_ffi.pact_file.session import running


def settle() -> None:
    """Write what a session holds back: whoever reads pact files shall find what was written before."""
    if session := running():
        session.write()


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
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    similar = [file for file in there if _folded(file.name) == _folded(wanted.name) and file.is_file()]
    if len(similar) == 1:
        return similar[0]
    if similar:
        names = ", ".join(file.name for file in similar)
        raise PactFileError(f"no pact file {wanted}; several have a similar name, say which: {names}")
    names = ", ".join(file.name for file in there if file.name.endswith(".json"))
    has = f"has {names or 'no .json file'}" if folder.is_dir() else "has not been created"
    raise PactFileError(f"no pact file {wanted}; {folder.absolute()} {has}")


def _folded(name: str) -> str:
    return name.casefold().translate({ord(separator): None for separator in "-_ "})
