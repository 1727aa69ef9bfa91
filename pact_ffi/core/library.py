"""The loaded core: `ffi` and `lib`, and nothing else in the project opens a library.

`lib` looks its functions up when they are first used. That makes two things possible: a function which an
older core lacks is refused by name, and a forked child gets a core of its own. A child must never touch the
core of its parent: they share the runtime's epoll descriptor, and the locks are as the fork found them. It
opens a private copy of the file instead (another inode, hence other statics); what the parent built stays with
the parent, and handles tell by `generation` that they are not from here.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from pact_ffi.core.loading import LIBRARY_NAME, VARIABLE, checked_version, open_copy, open_library
from pact_ffi.core.loading import SINCE as SINCE
from pact_ffi.core.loading import SUPPORTED as SUPPORTED
from pact_ffi.core.loading import ffi as ffi
from pact_ffi.errors import CoreError, UsageError


def path() -> Path:
    """Return the file which the core is loaded from."""
    return _path


def origin() -> str:
    """Return ``"vendored"`` for the library inside this package, else ``"PACT_FFI_LIBRARY"``."""
    return VARIABLE if _chosen else "vendored"


def version() -> str:
    """Return the core's own version, for example ``"0.5.12"``."""
    return _version


def generation() -> int:
    """Return how often this process or its ancestors were forked since the core was loaded.

    A handle remembers the number it was made under; under another number it belongs to a parent process.
    """
    return _generation


def has(function: str) -> bool:
    """Return whether this core exports ``function``; older ones lack a few."""
    try:
        getattr(lib, function)
    except CoreError:
        return False
    return True


def check_generation(made: int, what: str) -> None:
    """Raise `UsageError` when ``what`` was made before this process was forked from its parent."""
    if made != _generation:
        raise UsageError(f"{what} belongs to the parent process; a forked child has to make its own")


def release(made: int, function: str, *arguments: Any) -> None:
    """Give something of generation ``made`` back to the core by calling ``function``; meant for finalizers.

    Does nothing in a forked child, whose parent owns the thing. Waits when the garbage collector got here from
    inside one of the core's callbacks: the core may hold a lock then, and would wait for itself.
    """
    if made == _generation:
        _releases.append((function, arguments))
        if not getattr(_callback, "active", False):
            drain_releases()


def drain_releases() -> None:
    """Make the calls that `release` had to put off."""
    with suppress(IndexError):  # another thread may take the last one
        while _releases:
            function, arguments = _releases.popleft()
            getattr(lib, function)(*arguments)


def enter_callback(active: bool) -> None:
    """Mark this thread as inside (or outside) a callback from the core."""
    _callback.active = active


def quiet_telemetry() -> None:
    """Switch the core's usage statistics off, unless ``PACT_FFI_TELEMETRY=on`` asks for them.

    The core sends them from verifications and mock servers, waits for the answer, and only obeys
    ``PACT_DO_NOT_TRACK`` when it is exactly ``true``; here any value other than a "no" counts as true.
    Called when the core is loaded; call it again where a changed environment matters.
    """
    wish = os.environ.get("PACT_DO_NOT_TRACK", "").strip().lower()
    opted_in = os.environ.get("PACT_FFI_TELEMETRY", "").strip().lower() in ("on", "true", "yes", "1")
    if opted_in and wish in ("", "0", "false", "no", "off"):
        os.environ.pop("PACT_DO_NOT_TRACK", None)
    elif os.environ.get("PACT_DO_NOT_TRACK") != "true":
        os.environ["PACT_DO_NOT_TRACK"] = "true"


def listening(port: int, active: bool) -> None:
    """Note that a server of the core listens on ``port`` (or no longer does).

    A forked child inherits the listening sockets; it closes them, or the port would stay taken, and
    swallow connections, after the parent has closed its server.
    """
    (_ports.add if active else _ports.discard)(port)


class _Library:
    """The core's functions by name; each is looked up once per generation."""

    def __getattr__(self, name: str) -> Any:
        try:
            function = getattr(_opened_library(), name)
        except (AttributeError, ffi.error):
            if not name.startswith("pactffi_"):
                raise AttributeError(name) from None
            since = f"it needs core >= {SINCE[name]}" if name in SINCE else "this core does not export it"
            raise CoreError(f"{name} is not available: {since}, and {_path} is {_version}") from None
        self.__dict__[name] = function
        return function

    def __repr__(self) -> str:
        return f"<Pact core {_version} from {_path}>"


def _opened_library() -> Any:
    with _lock:
        if _generation not in _opened:
            _opened[_generation] = open_copy(_path)
        return _opened[_generation]


def _after_fork() -> None:
    global _generation, _lock
    _generation += 1
    _lock = threading.RLock()
    _releases.clear()
    enter_callback(False)
    lib.__dict__.clear()
    if _ports:
        from pact_ffi.core.forking import close_listeners  # few processes fork

        close_listeners(_ports)
        _ports.clear()


_chosen = os.environ.get(VARIABLE)
_path = Path(os.path.abspath(os.path.expanduser(_chosen))) if _chosen else Path(__file__).parent / "lib" / LIBRARY_NAME
# Where RUST_BACKTRACE is set, the core would walk the stack for each of its errors: nobody sees the result, and on the
# stack of a greenlet (gevent, SQLAlchemy's async) that ends the process.
os.environ.setdefault("RUST_LIB_BACKTRACE", "0")
_callback = threading.local()
_generation = 0
_ports: set[int] = set()
_releases: deque[tuple[str, tuple[Any, ...]]] = deque()
_lock = threading.RLock()
quiet_telemetry()
_opened = {_generation: open_library(_path, _path)}  # never closed: the core's threads run in it
_version = checked_version(_opened[_generation], _path)
lib: Any = _Library()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(drain_releases)
