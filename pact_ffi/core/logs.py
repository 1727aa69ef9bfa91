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
import logging
import os
import re
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

from pact_ffi.core.library import SINCE, enter_callback, ffi, generation, has, lib, path
from pact_ffi.errors import CoreError
from pact_ffi.redaction import redact

logger = logging.getLogger("pact")
logger.addHandler(logging.NullHandler())  # else Python prints warnings of unconfigured loggers to stderr

OFF, ERROR, WARN, INFO, DEBUG, TRACE = range(6)
_LAST_CALLBACKS = 0.02  # seconds
_PYTHON_LEVELS = {"ERROR": 40, "WARN": 30, "INFO": 20, "DEBUG": 10, "TRACE": 5}
_LINE = re.compile(r"^\s*[\d-]+T\S+\s+(ERROR|WARN|INFO|DEBUG|TRACE)\s+\S+\s+(?:.*?\}:\s)?([\w:]+): (.*)$")

_LETTER_BY_LETTER = "pact_models::query_strings"  # traces each character, which no redaction can catch


def sync_level() -> None:
    """Let the core report what Python's loggers want now; call it before an operation. Costs 1 us."""
    _bridge.sync()


def buffered() -> bool:
    """Return whether the core keeps its log in a buffer of its own, where callbacks cannot be had."""
    return _bridge.buffered


class captured_errors:  # noqa: N801 - reads as a function: with captured_errors() as errors
    """Collect the text of the errors that the core logs on this thread: ``with captured_errors() as errors:``.

    Read the list after the block. Costs 1 us (with the buffer instead of the callback: 10 us).
    """

    def __enter__(self) -> list[str]:
        _bridge.sync()
        self._outer: list[str] | None = getattr(_local, "errors", None)
        self._errors: list[str] = []
        _local.errors = self._errors
        return self._errors

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            _bridge.collect()
        finally:
            _local.errors = self._outer
            if self._outer is not None:
                self._outer.extend(self._errors)


class _Bridge:
    """Connects one core (one generation) with Python's loggers."""

    def __init__(self) -> None:
        self._made_for = -1
        self._lock = threading.Lock()
        self._limit = OFF
        self._level = OFF
        self._callback: Any = None
        self._known = 0
        self._children: list[str] = []
        self._warned = False
        self.delivered = 0

    def sync(self) -> None:
        wanted = self._wanted()
        if self._made_for != generation():
            self._connect(wanted)
        elif self._callback is None:
            self.collect()
        if wanted == self._level:
            return
        if wanted > self._limit and not self._warned:
            self._warned = True
            since = "" if self._callback is not None else f"; to change it later needs core >= {SINCE[_SET_LEVEL]}"
            logger.warning(
                "set the level of logger 'pact' before the first pact or verifier to see this detail%s", since
            )
        if self._callback is not None:
            lib.pactffi_set_log_callback_level(wanted)
        self._level = wanted

    @property
    def buffered(self) -> bool:
        return self._callback is None

    def collect(self) -> None:
        """Read the log buffer, where there is no callback."""
        interrupt: BaseException | None = getattr(_local, "interrupt", None)
        if interrupt is not None:
            _local.interrupt = None
            raise interrupt
        if self._callback is not None or self._made_for != generation():
            return
        pointer = lib.pactffi_fetch_log_buffer(ffi.NULL)
        if pointer == ffi.NULL:
            return
        text = ffi.string(pointer).decode("utf-8", "replace")
        lib.pactffi_string_delete(pointer)
        deliver_text(text)

    def disconnect(self) -> None:
        """Stop the callbacks; one that is under way while the interpreter shuts down would abort the process."""
        if self._made_for != generation():
            return
        if self._callback is None:
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
            self._limit = max(wanted, INFO)
            self._callback = _new_callback() if has("pactffi_register_log_callback") else None
            if self._callback is None:
                self._limit = wanted
                lib.pactffi_log_to_buffer(wanted)
            else:
                lib.pactffi_set_log_callback_level(self._limit)
                applied = lib.pactffi_log_to_buffer(OFF)
                if applied not in (0, -1):
                    raise CoreError(f"the core {path()} refused its log set-up (code {applied})")
                lib.pactffi_register_log_callback(self._callback)
                lib.pactffi_set_log_callback_level(wanted)
            self._level = wanted
            self._made_for = generation()

    def _wanted(self) -> int:
        loggers = logger.manager.loggerDict
        if len(loggers) != self._known:
            self._known = len(loggers)
            self._children = [name for name in list(loggers) if name.startswith("pact.")]
        level = logger.getEffectiveLevel()
        for name in self._children:
            own = getattr(loggers.get(name), "level", 0)  # a placeholder has none, and may become a logger
            if 0 < own < level:
                level = own
        level = max(level, logger.manager.disable + 1)
        return (
            WARN if 20 < level <= 30 else ERROR if level > 30 else INFO if level > 10 else DEBUG if level > 5 else TRACE
        )


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
        _deliver(*(ffi.string(part).decode("utf-8", "replace") for part in (level, target, message)))
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
        parsed = _LINE.match(line)
        if parsed:
            records.append(list(parsed.groups()))
        elif records:
            records[-1][2] += "\n" + line
    for level, target, message in records:
        if target != "pact_ffi::util::string":  # tells of the reading itself
            with suppress(Exception):  # as with the callback, where cffi keeps what a handler raises
                _deliver(level, target, message)


def _deliver(level: str, target: str, message: str) -> None:
    number = _PYTHON_LEVELS.get(level.upper(), logging.ERROR)
    if number < logging.DEBUG and target.startswith(_LETTER_BY_LETTER):
        return
    errors: list[str] | None = getattr(_local, "errors", None)
    child = logging.getLogger("pact." + target.replace("::", "."))
    heard = child.isEnabledFor(number)
    if not heard and (errors is None or number < logging.ERROR):
        return
    text = redact(message)
    if errors is not None and number >= logging.ERROR:
        errors.append(text)
    if heard:
        child.log(number, "%s", text)


_SET_LEVEL = "pactffi_set_log_callback_level"
_local = threading.local()
_bridge = _Bridge()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_bridge.after_fork)
atexit.register(_bridge.disconnect)
