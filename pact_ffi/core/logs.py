"""The core's log as Python logging: logger ``pact``, with a child for each part of the core.

The core allows one log set-up per process, made once and for good, so we make a silent one at the first use and
take the messages from its callback: errors always (they are the only place where the core names some causes), other
levels when Python's loggers want them. Where the callback cannot be had (an older core, or a system that forbids
closures) the core's log buffer is read after the calls instead; it lacks what a mock server says of single requests.

What the callback costs, measured with a mock server answering over a kept connection (0.2 ms a request): nothing
up to INFO; 40 us a request when DEBUG was asked for before the first use, 80 us with TRACE. That is why DEBUG and TRACE
have to be asked for before the first use: the core cannot raise its limit later.
"""

from __future__ import annotations

import atexit
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pact_ffi.core.library import SINCE, enter_callback, ffi, generation, has, lib, path
from pact_ffi.core.text import copied, taken
from pact_ffi.errors import CoreError

if TYPE_CHECKING:
    import logging

OFF, ERROR, WARN, INFO, DEBUG, TRACE = range(6)
_LAST_CALLBACKS = 0.02  # seconds
_PYTHON_LEVELS = {"ERROR": 40, "WARN": 30, "INFO": 20, "DEBUG": 10, "TRACE": 5}
_LINE = r"^\s*[\d-]+T\S+\s+(ERROR|WARN|INFO|DEBUG|TRACE)\s+\S+\s+(?:.*?\}:\s)?([\w:]+): (.*)$"
_LETTER_BY_LETTER = "pact_models::query_strings"  # traces each character, which no redaction can catch


_logger: logging.Logger | None = None


def pact_logger() -> logging.Logger | None:
    """Return the logger ``pact``, or None while nobody has imported `logging` (4 ms): then nobody can listen."""
    global _logger
    if _logger is None and "logging" in sys.modules:
        import logging

        _logger = logging.getLogger("pact")
        _logger.addHandler(logging.NullHandler())  # else Python prints warnings of unconfigured loggers to stderr
    return _logger


def sync_level() -> None:
    """Let the core report what Python's loggers want now; call it before an operation. Costs 1 us."""
    _bridge.sync()


def buffered() -> bool:
    """Return whether the core keeps its log in a buffer of its own, where callbacks cannot be had."""
    return _bridge.callback is None


@contextmanager
def captured_errors(heard: list[tuple[int, str, str]] | None = None) -> Iterator[list[str]]:
    """Collect the text of the errors that the core logs on this thread: ``with captured_errors() as errors:``.

    What it logs on this thread and Python's loggers want is appended to ``heard``: level, logger and text.
    Read the lists after the block. Costs 2 us (with the buffer instead of the callback: 10 us).
    """
    _bridge.sync()
    outer = _local.errors, _local.heard
    errors: list[str] = []
    _local.errors, _local.heard = errors, heard
    try:
        yield errors
    finally:
        try:
            _bridge.collect()
        finally:
            _local.errors, _local.heard = outer
            if outer[0] is not None:
                outer[0].extend(errors)


class _Bridge:
    """Connects one core (one generation) with Python's loggers."""

    def __init__(self) -> None:
        self.callback: Any = None
        self.delivered = 0
        self._made_for = -1
        self._lock = threading.Lock()
        self._limit = self._level = OFF
        self._known = 0
        self._children: list[str] = []

    def sync(self) -> None:
        logger = pact_logger()
        wanted = WARN if logger is None else self._wanted(logger)
        if self._made_for != generation():
            self._connect(wanted)
        self.collect()
        if wanted == self._level:
            return
        if logger is not None and wanted > self._limit:
            self._limit = TRACE  # said once
            needed = SINCE["pactffi_set_log_callback_level"]
            since = f"; to change it later needs core >= {needed}" if self.callback is None else ""
            logger.warning(
                "set the level of logger 'pact' before the first pact or verifier to see this detail%s", since
            )
        if self.callback is not None:
            lib.pactffi_set_log_callback_level(wanted)
        self._level = wanted

    def collect(self) -> None:
        """Read the log buffer, where there is no callback."""
        if _local.interrupt is not None:
            interrupt, _local.interrupt = _local.interrupt, None
            raise interrupt
        if self.callback is None and self._made_for == generation():
            deliver_text(taken(lib.pactffi_fetch_log_buffer(ffi.NULL)) or "")

    def disconnect(self) -> None:
        """Stop the callbacks; one that is under way while the interpreter shuts down would abort the process."""
        if self.callback is None or self._made_for != generation():
            self.collect()
            return
        lib.pactffi_set_log_callback_level(OFF)
        lib.pactffi_register_log_callback(ffi.NULL)
        seen = 0
        while seen != self.delivered:  # threads that are in a callback, or wait to enter it, get their turn
            seen = self.delivered
            time.sleep(_LAST_CALLBACKS)

    def after_fork(self) -> None:
        self._lock = threading.Lock()

    def _connect(self, wanted: int) -> None:
        with self._lock:
            if self._made_for == generation():
                return
            self.callback = _new_callback() if has("pactffi_register_log_callback") else None
            if self.callback is None:
                self._limit = wanted
                lib.pactffi_log_to_buffer(wanted)
            else:
                self._limit = max(wanted, INFO)
                lib.pactffi_set_log_callback_level(self._limit)
                applied = lib.pactffi_log_to_buffer(OFF)
                if applied not in (0, -1):
                    raise CoreError(f"the core {path()} refused its log set-up (code {applied})")
                lib.pactffi_register_log_callback(self.callback)
                lib.pactffi_set_log_callback_level(wanted)
            self._level = wanted
            self._made_for = generation()

    def _wanted(self, logger: logging.Logger) -> int:
        loggers = logger.manager.loggerDict
        if len(loggers) != self._known:
            self._known = len(loggers)
            self._children = [name for name in list(loggers) if name.startswith("pact.")]
        level = logger.getEffectiveLevel()
        for name in self._children:
            level = min(level, getattr(loggers.get(name), "level", 0) or level)  # a placeholder has none
        level = max(level, logger.manager.disable + 1)
        return ERROR + (level <= 30) + (level <= 20) + (level <= 10) + (level <= 5)


def _new_callback() -> Any:
    try:
        return ffi.callback("LogCallback", _receive, onerror=_ignore)
    except (MemoryError, OSError, SystemError):  # closures forbidden, as by some hardened kernels
        return None


def _receive(log_id: Any, test_run_id: Any, level: Any, target: Any, message: Any) -> None:
    """Runs on the core's threads, perhaps under one of its locks: calls nothing of the core."""
    enter_callback(True)
    _bridge.delivered += 1
    try:
        _deliver(*(copied(part) or "" for part in (level, target, message)))
    finally:
        enter_callback(False)


def _ignore(kind: type[BaseException], error: BaseException, trace: TracebackType) -> None:
    """Keep cffi from printing; logging has reported a handler's error, and Ctrl-C is raised after the call."""
    if not isinstance(error, Exception):
        _local.interrupt = error


def deliver_text(text: str) -> None:
    """Hand a piece of the core's own log to Python's loggers."""
    records: list[list[str]] = []
    for line in text.splitlines():
        parsed = re.match(_LINE, line)
        if parsed:
            records.append(list(parsed.groups()))
        elif records:
            records[-1][2] += "\n" + line
    for level, target, message in records:
        if target != "pact_ffi::util::string":  # tells of the reading itself
            with suppress(Exception):  # as with the callback, where cffi keeps what a handler raises
                _deliver(level, target, message)


def _deliver(level: str, target: str, message: str) -> None:
    number = _PYTHON_LEVELS.get(level.upper(), _PYTHON_LEVELS["ERROR"])
    if number < _PYTHON_LEVELS["DEBUG"] and target.startswith(_LETTER_BY_LETTER):
        return
    errors = _local.errors if number >= _PYTHON_LEVELS["ERROR"] else None
    logger = pact_logger()
    child = logger and logger.getChild(target.replace("::", "."))
    listener = child if child and child.isEnabledFor(number) else None
    if errors is None and listener is None:
        return
    from pact_ffi.reporting.scan import redact_log  # slow to import
    from pact_ffi.reporting.screen import printable

    text = printable(redact_log(message))
    if errors is not None:
        errors.append(text)
    if listener is not None:
        if _local.heard is not None:
            _local.heard.append((number, listener.name, text))
        listener.log(number, "%s", text)


class _Local(threading.local):
    """What belongs to one thread."""

    errors: list[str] | None = None
    heard: list[tuple[int, str, str]] | None = None
    interrupt: BaseException | None = None


_local = _Local()
_bridge = _Bridge()
pact_logger()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_bridge.after_fork)
atexit.register(_bridge.disconnect)
