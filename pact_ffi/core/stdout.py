"""Keeps the report that the core prints while it verifies off the user's standard output.

The core writes to file descriptor 1 itself, and nothing switches that off. While a verification runs the
descriptor therefore leads into a temporary file; at the end whatever there is not the core's own report (which is
known word for word) is passed on. So nobody's output is lost, but what other threads print meanwhile comes
late; a user's handlers run inside `loud` and print at once. ``sys.stdout`` as pytest replaces it is not affected.
A verification that is abandoned (Ctrl-C, time limit) gives the descriptor back at once: the report of a core that is
still at work may then be seen, which is better than a terminal that stays silent.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_STDOUT = 1
_lock = threading.Lock()
_depth = 0
_known: Counter[bytes] = Counter()  # the lines of the core's reports
_saved: int | None = None
_held: IO[bytes] | None = None


@contextmanager
def hushed() -> Iterator[list[str]]:
    """Hold the core's reports back; append their exact texts to the list that this yields."""
    global _depth
    with _lock:
        _depth += 1
        if _depth == 1:
            _divert()
    reports: list[str] = []
    try:
        yield reports
    finally:
        with _lock:
            _depth -= 1
            _known.update("\n".join(reports).encode().split(b"\n"))
            if _depth == 0:
                _give_back()


@contextmanager
def loud() -> Iterator[None]:
    """Let a user's code print at once inside `hushed` (not while other threads verify too)."""
    _switch(True)
    try:
        yield
    finally:
        _switch(False)


def _divert() -> None:
    global _saved, _held
    try:
        _saved = os.dup(_STDOUT)
        _held = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last one leaves
        os.dup2(_held.fileno(), _STDOUT)
    except OSError:  # no standard output, or no room for a temporary file: then the core is heard
        _give_back()


def _switch(loud: bool) -> None:
    with _lock:
        if _depth == 1 and _saved is not None and _held is not None:
            os.dup2(_saved if loud else _held.fileno(), _STDOUT)


def _give_back() -> None:
    global _saved, _held
    others = b""
    if _saved is not None:
        os.dup2(_saved, _STDOUT)
        os.close(_saved)
    if _held is not None:
        _held.seek(0)
        others = b"\n".join(line for line in _held.read().split(b"\n") if _unknown(line))
        _held.close()
    _saved = _held = None
    _known.clear()
    while others.strip():
        others = others[os.write(_STDOUT, others) :]


def _unknown(line: bytes) -> bool:
    _known[line] -= 1
    return _known[line] < 0
