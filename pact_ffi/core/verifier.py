"""The core's verifier: one handle for one run."""

from __future__ import annotations

import atexit
import json
import logging
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from pact_ffi.core import library, logs
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import Owned
from pact_ffi.core.pact import plugins_ended
from pact_ffi.core.stdout import hushed
from pact_ffi.core.text import c_text, c_value, forget_error, last_error, taken, unexpected_error
from pact_ffi.errors import CoreError, UsageError

_NOT_BEGUN = 2


class Executed(NamedTuple):
    """The core's code, why it broke down if it did, the errors that it logged, and all that Python's loggers let by."""

    code: int
    panic: str | None
    errors: list[str]
    logs: list[str]


class VerifierHandle(Owned):
    """Verifies the provider ``name``; the main address comes first because the core forgets the rest when it is set."""

    def __init__(self, name: str, scheme: str, host: str, port: int, path: str) -> None:
        logs.sync_level()
        library.quiet_telemetry()
        super().__init__(lib.pactffi_verifier_new_for_application(b"pact-ffi", b"1"), "pactffi_verifier_shutdown")
        self._finalizer.atexit = False  # an abandoned run may still be under way at exit
        self._running = threading.Lock()
        self._close_wanted = False
        self._calls: list[tuple[str, list[Any]]] = []
        self._owners: list[Any] = []
        self.call("set_provider_info", name, scheme, host, port, path)

    def call(self, function: str, *values: str | int | Sequence[str] | None) -> None:
        """Have `execute` begin with ``pactffi_verifier_<function>``.

        ``None`` is passed as NULL, and a list as an array of texts and its length. Raises `InvalidInputError` for a
        text that C cannot carry.
        """
        what = f"a value of {function.replace('_', ' ')}"
        arguments: list[Any] = []
        for value in values:
            if isinstance(value, (list, tuple)):
                texts = [ffi.new("char[]", c_text(text, what)) for text in value]
                self._owners.append(texts)  # an array does not own its texts
                arguments += [ffi.new("char *[]", texts) if value else ffi.NULL, len(value)]
            else:
                arguments.append(c_value(value, what))
        self._calls.append((function, arguments))

    def execute(self) -> Executed:
        """Verify; blocks. Raises `CoreError` for a setting that the core refuses.

        May be abandoned in its thread: the handle is then released when the core has finished.
        """
        if not self._running.acquire(blocking=False):
            raise UsageError("this verification is already running")
        try:
            forget_error()
            for function, arguments in self._calls:
                code: int = getattr(lib, f"pactffi_verifier_{function}")(self.raw, *arguments)
                if code:  # functions that return nothing tell by the error message, which is read once, below
                    reason = last_error() or f"code {code}"
                    raise CoreError(f"the core refused {function.replace('_', ' ')}: {reason}")
            heard: list[tuple[int, str, str]] = []
            with logs.captured_errors(heard) as errors:
                code = lib.pactffi_verifier_execute(self.raw)
                if logs.buffered():  # without the callback, a verification has a buffer of its own
                    logs.deliver_text(taken(lib.pactffi_verifier_logs(self.raw)) or "")
            lines = [f"{logging.getLevelName(level)} {logger}: {text}" for level, logger, text in heard]
            executed = Executed(code, last_error() if code else unexpected_error(), errors, lines)
            if executed.panic or code == _NOT_BEGUN:
                _end_plugins(self._generation)
            plugins_ended()  # each verification ends those of the whole process
            return executed
        finally:
            self._running.release()
            if self._close_wanted:
                super().close()

    def close(self) -> None:
        """Release it, or let a run that is under way do so at its end."""
        self._close_wanted = True
        if self._running.acquire(blocking=False):
            super().close()
            self._running.release()
        else:
            atexit.register(_end_plugins, self._generation)

    @property
    def idle(self) -> bool:
        """Whether no run is under way."""
        return not self._running.locked()

    def json(self) -> dict[str, Any]:
        """Return the core's results, its report among them: `pactffi_verifier_output` panics when that has a NUL."""
        found: dict[str, Any] = json.loads(taken(lib.pactffi_verifier_json(self.raw)) or "{}")
        return found


def _end_plugins(made: int) -> None:
    """Have the core end all plugins, as it does at the end of a run, where one did not come to its end."""
    if made == library.generation():
        raw = lib.pactffi_verifier_new_for_application(b"pact-ffi", b"1")
        with hushed():
            lib.pactffi_verifier_execute(raw)
        lib.pactffi_verifier_shutdown(raw)
