"""Pact files that are written once, when a whole suite has run, instead of at each `write_file`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pact_ffi.errors import PactError, PactFileError, UsageError
from pact_ffi.pact_file import file as pact_file
from pact_ffi.pact_file.file import PactFile

_Held: TypeAlias = tuple[PactFile, bool, Callable[[str], str]]  # whether it overwrites; what upgrades an older file


class Session:
    """``with Session():`` keeps what is written inside the block in memory, and writes each file when the block ends.

    That is so for both APIs, all threads, and a block that ends by an exception or Ctrl-C: the files then have what was
    written before it. Two interactions that contradict each other are refused when the second one is written, as ever.
    A forked child writes at once; a process that is killed leaves the files as they were.

    >>> with Session():
    ...     for number in range(3):
    ...         pact = Pact("shop", "orders")
    ...         order = pact.upon_receiving(f"order {number}").with_request("GET", f"/orders/{number}")
    ...         order = order.will_respond_with(200)
    ...         pact.write_file("pacts")  # kept in memory
    >>> os.listdir("pacts")
    ['shop-orders.json']
    """

    def __init__(self) -> None:
        self._held: dict[Path, _Held] = {}
        self._lock = threading.RLock()
        self.process = 0

    def __enter__(self) -> Session:
        global _running
        if running() is not None:
            raise UsageError("a session is running already; there can be one at a time")
        _running, self.process = self, os.getpid()
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        global _running
        if running() is not self:
            return
        _running = None
        try:
            self.write()
        except PactError as failure:
            if error is None:
                raise
            if hasattr(error, "add_note"):  # Python 3.11 and later
                error.add_note(f"When the session ended, not all pact files could be written:\n{failure}")

    def write(self) -> None:
        """Write what is held back; raises `PactFileError` when all was tried."""
        failures = []
        with self._lock:
            for path in list(self._held):
                try:
                    self._write(path)
                except PactError as error:
                    failures.append(error)
        if len(failures) > 1:
            raise PactFileError("\n".join(map(str, failures)))
        if failures:
            raise failures[0]

    def hold(self, path: Path, new: _Held) -> None:
        """Keep ``new`` for ``path``, merged with what is held for it."""
        with self._lock:
            held = self._held.get(path)
            file, overwrite, _ = new
            if held is None or overwrite:
                self._held[path] = new
            elif held[0].alike(file):
                held[0].add(file, str(path), {})
            else:  # whether they go together depends on more than what is held
                self._write(path)
                self._held[path] = new

    def _write(self, path: Path) -> None:
        file, overwrite, upgraded = self._held.pop(path)
        pact_file.write(path, file, overwrite=overwrite, upgraded=upgraded)


_running: Session | None = None


def running() -> Session | None:
    """Return the session of this process, if there is one; not that of a process which this was forked from."""
    return _running if _running is not None and _running.process == os.getpid() else None


def settle() -> None:
    """Write what a session holds back, so that whoever reads pact files finds what was written before."""
    if session := running():
        session.write()


def put(path: Path, file: PactFile, *, overwrite: bool, upgraded: Callable[[str], str]) -> None:
    """Write ``file`` to ``path`` as `pact_file.write` does: now, or at the end of the session."""
    session = running()
    if session is None:
        pact_file.write(path, file, overwrite=overwrite, upgraded=upgraded)
    else:
        session.hold(Path(os.path.abspath(path)), (file, overwrite, upgraded))
