"""Proxies of the environment stay out of the way of loopback."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_LOOPBACK = "localhost,127.0.0.1,::1"
_lock = threading.Lock()
_users = 0
_before: str | None = None


@contextmanager
def direct_loopback() -> Iterator[None]:
    """Let the core's HTTP client, which obeys ``HTTP_PROXY`` even there, reach loopback directly while inside."""
    global _users, _before
    if not any(os.environ.get(name) or os.environ.get(name.upper()) for name in _PROXIES):
        yield
        return
    with _lock:
        _users += 1
        if _users == 1:
            _before = os.environ.get("NO_PROXY")
            known = _before or os.environ.get("no_proxy", "")
            os.environ["NO_PROXY"] = f"{known},{_LOOPBACK}" if known else _LOOPBACK
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0 and _before is None:
                os.environ.pop("NO_PROXY", None)
            elif _users == 0 and _before is not None:
                os.environ["NO_PROXY"] = _before
