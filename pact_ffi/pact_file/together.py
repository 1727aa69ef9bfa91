"""What other processes of the same test run wrote: it is of this run, not of an earlier one, whatever the clocks say.

The workers of pytest-xdist share a folder, which the plugin names in the environment; it notes there what each wrote.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pact_ffi.pact_file.terms import Identity

WORKER = "PACT_FFI_WORKER"  # its value: the worker's process and the folder; what a test starts is no worker


def written_by_others(target: Path) -> set[Identity]:
    """Return the interactions of the file ``target`` that other processes of this run wrote."""
    notes = _notes(target)
    if notes is None or not notes.exists():
        return set()
    written = map(json.loads, notes.read_text(encoding="utf-8").splitlines())
    return {(description, states, kind) for process, description, states, kind in written if process != os.getpid()}


def note(target: Path, interactions: Iterable[Identity]) -> None:
    """Note what this process wrote into ``target``."""
    notes = _notes(target)
    if notes is not None:
        with notes.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps([os.getpid(), *which])}\n" for which in interactions)


def _notes(target: Path) -> Path | None:
    process, _, folder = os.environ.get(WORKER, "").partition(" ")
    if process != str(os.getpid()) or not os.path.isdir(folder):
        return None
    import hashlib  # only the workers of pytest-xdist pay for it

    return Path(folder, f"{hashlib.sha256(os.fsencode(target)).hexdigest()[:16]}.written")
