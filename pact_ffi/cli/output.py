"""What the commands print: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from pact_ffi.errors import UsageError
from pact_ffi.reporting.screen import printable


class OutputLostError(UsageError):
    """The standard output takes nothing, as on a full disk."""


@contextmanager
def progress() -> Iterator[None]:
    """Tell on standard error how it goes; what a terminal cannot show is escaped instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    log, handler = logging.getLogger("pact.broker"), _Progress()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _Progress(logging.Handler):
    """Writes to the standard error that there is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        say(printable(record.getMessage()), to=sys.stderr)


def say(*lines: object, to: TextIO | None = None) -> None:
    """Print lines; a reader who has gone (``| head``) is no error.

    Raises `OutputLostError` when the standard output takes nothing. Where that happens to the standard error, the exit
    code alone tells what was found.
    """
    stream = to or sys.stdout
    try:
        stream.write("".join(f"{line}\n" for line in lines))
        stream.flush()
    except (OSError, ValueError, AttributeError) as error:  # the last two: it is closed, or there is none
        lost = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it lasts as long as the process
        if to is not None:
            sys.stderr = lost
            return
        sys.stdout = lost
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise OutputLostError(f"the standard output cannot be written: {error.strerror}") from None
