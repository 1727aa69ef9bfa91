"""The certificates that the core's HTTP client reads, each time anew, even for plain HTTP."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pact_ffi.core.library import lib
from pact_ffi.core.text import taken

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class _Loopback:
    """The environment as it was, and how many verifications want it replaced."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self.file: str | None = None
        self.saved: dict[str, str | None] = {}

    def enter(self) -> None:
        with self.lock:
            if self.users == 0:
                certificate = taken(lib.pactffi_get_tls_ca_certificate()) or ""
                descriptor, self.file = tempfile.mkstemp(prefix="pact-ffi-", suffix=".pem")
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(certificate)
                self.saved = {name: os.environ.get(name) for name in _VARIABLES}
                os.environ["SSL_CERT_FILE"] = self.file
                os.environ.pop("SSL_CERT_DIR", None)
            self.users += 1

    def leave(self) -> None:
        with self.lock:
            self.users -= 1
            if self.users == 0:
                self.restore()

    def restore(self) -> None:
        if os.environ.get("SSL_CERT_FILE") == self.file:  # else somebody else has changed it meanwhile
            for name, value in self.saved.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
        if self.file is not None:
            with suppress(OSError):
                os.unlink(self.file)
            self.file = None

    def after_fork(self) -> None:
        """The child starts with the environment as it was; the file is its parent's."""
        self.lock = threading.Lock()
        if self.users:
            self.users, self.file, mine = 0, None, self.file
            if os.environ.get("SSL_CERT_FILE") == mine:
                for name, value in self.saved.items():
                    os.environ.pop(name, None)
                    if value is not None:
                        os.environ[name] = value


@contextmanager
def loopback_ca() -> Iterator[None]:
    """While inside, the core reads a one-certificate store: for verifications that talk to plain-http loopback only.

    The core loads the system's store for each client that it makes (5 to 7 ms), and cannot make one at
    all on a machine without a store, as slim containers are. Several threads may be inside at once; the
    environment is restored when the last leaves. https to anywhere would fail meanwhile.
    """
    _loopback.enter()
    try:
        yield
    finally:
        _loopback.leave()


_loopback = _Loopback()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_loopback.after_fork)
