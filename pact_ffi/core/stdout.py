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


class _Hush:
    """Process-wide: the first verification takes the descriptor, the last one gives it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._reports: Counter[bytes] = Counter()
        self._saved: int | None = None
        self._held: IO[bytes] | None = None

    def enter(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth > 1:
                return
            try:
                self._saved = os.dup(_STDOUT)
                self._held = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last one leaves
                os.dup2(self._held.fileno(), _STDOUT)
            except OSError:  # no standard output, or no room for a temporary file: then the core is heard
                self._give_back()

    def leave(self, report: str) -> None:
        with self._lock:
            self._depth -= 1
            self._reports.update(report.encode().split(b"\n"))
            if self._depth == 0:
                self._give_back()

    def switch(self, loud: bool) -> None:
        with self._lock:
            if self._depth == 1 and self._saved is not None and self._held is not None:
                os.dup2(self._saved if loud else self._held.fileno(), _STDOUT)

    def _give_back(self) -> None:
        others = b""
        if self._saved is not None:
            os.dup2(self._saved, _STDOUT)
            os.close(self._saved)
        if self._held is not None:
            self._held.seek(0)
            others = self._without_reports(self._held.read())
            self._held.close()
        self._saved = self._held = None
        self._reports.clear()
        while others:
            others = others[os.write(_STDOUT, others) :]

    def _without_reports(self, written: bytes) -> bytes:
        kept = []
        for line in written.split(b"\n"):
            if self._reports[line] > 0:
                self._reports[line] -= 1
            else:
                kept.append(line)
        rest = b"\n".join(kept)
        return rest if rest.strip() else b""


_hush = _Hush()


@contextmanager
def hushed() -> Iterator[list[str]]:
    """Hold the core's report back; append its exact text to the list that this yields."""
    _hush.enter()
    reports: list[str] = []
    try:
        yield reports
    finally:
        _hush.leave("\n".join(reports))


@contextmanager
def loud() -> Iterator[None]:
    """Let a user's code print at once inside `hushed` (not while other threads verify too)."""
    _hush.switch(True)
    try:
        yield
    finally:
        _hush.switch(False)
