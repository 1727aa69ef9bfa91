"""Show the core's log without knowing Python logging: small adapters on the logger ``pact``.

Everything that the core logs arrives at the logger ``pact`` and its children anyway; these functions add a handler
and set the level, in one line. Calling one again replaces its earlier handler; ``"OFF"`` removes it. DEBUG and TRACE
have to be asked for before the first pact or verifier is made. ``level_filter`` is pact-python's name for ``level``.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from pact_ffi.errors import InvalidInputError

_Level: TypeAlias = str | int | Enum
_LEVELS = {"OFF": 100, "ERROR": 40, "WARN": 30, "WARNING": 30, "INFO": 20, "DEBUG": 10, "TRACE": 5, "CRITICAL": 50}
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BUFFER_RECORDS = 10_000

_handlers: dict[str, logging.Handler] = {}
_buffer: deque[str] = deque(maxlen=_BUFFER_RECORDS)
_lock = threading.Lock()


class LevelFilter(Enum):
    """The core's log levels, as pact-python names them."""

    OFF = 0
    ERROR = 1
    WARN = 2
    INFO = 3
    DEBUG = 4
    TRACE = 5


class _BufferHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _buffer.append(self.format(record))


def log_to_stderr(level: _Level = "INFO", *, level_filter: _Level | None = None) -> None:
    """Write the core's log to stderr from ``level`` on: a name ("ERROR" to "TRACE", "OFF") or a number of `logging`."""
    _install("stderr", level_filter or level, lambda: logging.StreamHandler(sys.stderr))


def log_to_stdout(level: _Level = "INFO", *, level_filter: _Level | None = None) -> None:
    """As `log_to_stderr`, to stdout."""
    _install("stdout", level_filter or level, lambda: logging.StreamHandler(sys.stdout))


def log_to_file(file_name: str | Path, level: _Level = "INFO", *, level_filter: _Level | None = None) -> None:
    """Append the core's log to the file ``file_name``; raises `OSError` when it cannot be opened."""
    kind = f"file {Path(file_name).absolute()}"
    _install(kind, level_filter or level, lambda: logging.FileHandler(file_name, encoding="utf-8"))


def log_to_buffer(level: _Level = "INFO", *, level_filter: _Level | None = None) -> None:
    """Keep the newest 10,000 messages of the core in memory; `fetch_log_buffer` reads them."""
    _install("buffer", level_filter or level, _BufferHandler)


def fetch_log_buffer(log_id: str | None = None) -> str:
    """Return the kept messages, one to a line, and empty the buffer; there is one, whatever ``log_id`` says."""
    return "\n".join(_buffer.popleft() for _ in range(len(_buffer)))


def _install(kind: str, level: _Level, make: Callable[[], logging.Handler]) -> None:
    number = _number(level)
    handler = make() if number < _LEVELS["OFF"] else None  # where that fails, the earlier one stays
    root = logging.getLogger("pact")
    with _lock:
        if earlier := _handlers.pop(kind, None):
            root.removeHandler(earlier)
            earlier.close()
        if handler:
            handler.setLevel(number)
            handler.setFormatter(logging.Formatter(_FORMAT))
            _handlers[kind] = handler
            root.addHandler(handler)
        root.setLevel(min((item.level for item in _handlers.values()), default=logging.NOTSET))


def _number(level: _Level) -> int:
    name = level.name if isinstance(level, Enum) else level
    if isinstance(name, str) and name.upper() in _LEVELS:
        return _LEVELS[name.upper()]
    if isinstance(name, int) and not isinstance(name, bool) and name > 0:
        return name
    raise InvalidInputError(f"{level!r} is no log level; known are {', '.join(_LEVELS)} and the numbers of logging")
