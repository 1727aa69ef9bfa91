"""What the core's HTTP client reads from the environment, put right while a verification runs.

It obeys ``HTTP_PROXY`` even for loopback, and without a certificate store (slim containers have none) it cannot
be made at all, not even for plain HTTP. A private authority is in ``SSL_CERT_FILE``, or where requests has it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pact_ffi.errors import UsageError

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_LOOPBACK = "localhost,127.0.0.1,::1"
_lock = threading.Lock()
_held: dict[str, tuple[int, str | None, str]] = {}  # by variable: how many want it, what it was, what it is


def for_verification() -> dict[str, str]:
    """Return the variables that have to be other than they are."""
    wanted = {}
    named = any(os.environ.get(name) or os.environ.get(name.upper()) for name in _PROXIES)
    if named or sys.platform in ("win32", "darwin"):  # where the system's settings may name a proxy, too
        wanted["NO_PROXY"] = ",".join(filter(None, (os.environ.get("NO_PROXY", os.environ.get("no_proxy")), _LOOPBACK)))
    own = os.environ.get("REQUESTS_CA_BUNDLE", "")
    if os.path.isfile(own) and not os.environ.get("SSL_CERT_FILE"):
        wanted["SSL_CERT_FILE"] = own
    elif sys.platform == "linux" and not _has_certificates():
        import certifi  # comes with requests

        wanted["SSL_CERT_FILE"] = certifi.where()
    return wanted


def _has_certificates() -> bool:
    import ssl  # only verifications pay for it

    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def check_file_system() -> None:
    """Raise `UsageError` while a fake file system stands in for the real one, which alone the core knows."""
    if type(os).__name__ == "FakeOsModule":  # pyfakefs puts it into every module
        raise UsageError(
            "a fake file system (pyfakefs) is active, but the core reads and writes real files: call fs.pause() before"
            " and fs.resume() after, or use a temporary folder instead"
        )


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables while inside; several threads may be: the first one's values hold until the last leaves."""
    with _lock:
        for name, value in values.items():
            users, before, held = _held.get(name) or (0, os.environ.get(name), value)
            _held[name] = users + 1, before, held
            os.environ[name] = held
    try:
        yield
    finally:
        with _lock:
            for name in values:
                _release(name)


def _release(name: str) -> None:
    users, before, held = _held.pop(name)
    if users > 1:
        _held[name] = users - 1, before, held
    elif os.environ.get(name) == held:  # else somebody else has changed it meanwhile
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def _after_fork() -> None:
    """The child, which verifies nothing yet, starts with the environment as it was."""
    global _lock
    _lock = threading.Lock()
    for name, (_, before, held) in list(_held.items()):
        _held[name] = 1, before, held
        _release(name)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
