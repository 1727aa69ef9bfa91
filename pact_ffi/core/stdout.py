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
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import IO

from pact_ffi.core.environment import check_file_system
from pact_ffi.errors import UsageError

_STDOUT, _STDERR = 1, 2
_lock = threading.Lock()
_running = 0  # verifications, of all threads and tasks
_nested: ContextVar[int] = ContextVar("pact_ffi_nested", default=0)  # those that this thread or task is inside of
_loud = False
_known: Counter[bytes] = Counter()  # the lines of the core's reports
_saved: int | None = None
_held: IO[bytes] | None = None
_reserved = False


def reserve() -> None:
    """Take descriptors 1 and 2 where the process was started without them, before somebody's file gets one.

    The core would print into that file.
    """
    global _reserved
    for wanted in (_STDOUT, _STDERR):
        try:
            os.fstat(wanted)
        except OSError:
            descriptor = os.open(os.devnull, os.O_WRONLY)  # the lowest free number, which may be another one
            if descriptor != wanted:
                os.dup2(descriptor, wanted)
                os.close(descriptor)
            _reserved |= wanted == _STDOUT


@contextmanager
def hushed(verifications: int = 1) -> Iterator[list[str]]:
    """Hold the core's reports back; append their exact texts to the list that this yields.

    ``verifications`` is how many there may be at the same time: with several, `loud` cannot tell their reports apart
    from what a user's code prints.

    Raises `UsageError` where descriptor 1 belongs to something that is not the standard output.
    """
    global _running
    check_file_system()
    if sys.__stdout__ is None and not _reserved:
        raise UsageError(
            "this process was started without standard output, and its file descriptor 1 is now used for something"
            " else, into which the core would print; import pact first, or start the process with >/dev/null"
        )
    reports: list[str] = []
    with _lock:
        first = _running == 0
        _running += verifications
        interrupted = _loud  # a verification inside of a handler of another one
        if first:
            _divert()
        elif interrupted:
            _switch(loud=False)
    outer = _nested.set(_nested.get() + 1)
    try:
        yield reports
    finally:
        _nested.reset(outer)
        with _lock:
            _running -= verifications
            _known.update("\n".join(reports).encode().split(b"\n"))
            if _running == 0:
                _give_back()
            elif interrupted:
                _switch(loud=True)


@contextmanager
def loud() -> Iterator[None]:
    """Let a user's code print at once inside `hushed` (not while other threads or tasks verify too)."""
    with _lock:
        alone = _running == _nested.get() and not _loud
        if alone:
            _switch(loud=True)
    try:
        yield
    finally:
        if alone:
            with _lock:
                _switch(loud=False)


def _divert() -> None:
    global _saved, _held
    try:
        _saved = os.dup(_STDOUT)
        _held = _temporary()
        os.dup2(_held.fileno(), _STDOUT)
    except OSError:  # no standard output, or no room for a temporary file: then the core is heard
        _give_back()


def _temporary() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("pact-report"), "w+b")
    import tempfile  # slow to import

    return tempfile.TemporaryFile()


def _switch(*, loud: bool) -> None:
    global _loud
    _loud = loud
    if _saved is not None and _held is not None:
        os.dup2(_saved if loud else _held.fileno(), _STDOUT)


def _give_back() -> None:
    global _saved, _held, _loud
    others = b""
    if _saved is not None:
        os.dup2(_saved, _STDOUT)
        os.close(_saved)
    if _held is not None:
        _held.seek(0)
        others = b"\n".join(line for line in _held.read().split(b"\n") if _unknown(line))
        _held.close()
    _saved = _held = None
    _loud = False
    _known.clear()
    with suppress(OSError):  # nobody reads it any more
        while others.strip():
            others = others[os.write(_STDOUT, others) :]


def _unknown(line: bytes) -> bool:
    _known[line] -= 1
    return _known[line] < 0
