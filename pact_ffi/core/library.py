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
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from pact_ffi.core import _cffi
from pact_ffi.core.binary import cut_off, machine_of, needed_machine
from pact_ffi.errors import CoreError, UnsupportedCoreError, UsageError

ffi: Any = _cffi.ffi
SUPPORTED = ("0.5.8", "0.5.10", "0.5.12")
VARIABLE = "PACT_FFI_LIBRARY"
LIBRARY_NAME = {"win32": "pact_ffi.dll", "darwin": "libpact_ffi.dylib"}.get(sys.platform, "libpact_ffi.so")

SINCE = {  # functions that not every supported core has
    "pactffi_register_log_callback": "0.5.10",
    "pactffi_set_log_callback_level": "0.5.10",
    "pactffi_sync_message_generate_contents": "0.5.10",
    "pactffi_sync_message_match_response_contents": "0.5.12",
}


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
            _opened[_generation] = _open_copy(_path)
        return _opened[_generation]


def _open(file: Path, original: Path) -> Any:
    """Load ``file``, which is ``original`` or a copy of it."""
    hint = f"{VARIABLE} names it; " if os.environ.get(VARIABLE) else f"reinstall pact-ffi or set {VARIABLE}; "
    try:
        found = machine_of(file)
    except FileNotFoundError:
        raise _unsupported(original, f"the Pact core {original} does not exist", hint) from None
    except OSError as error:
        raise _unsupported(original, f"the Pact core {original} cannot be read: {error.strerror}", hint) from None
    if found is None:
        raise _unsupported(original, f"{original} is not a shared library", hint)
    if found != needed_machine():
        mismatch = f"is built for {found}, but this Python needs {needed_machine()}"
        raise _unsupported(original, f"the Pact core {original} {mismatch}")
    if cut_off(file):
        raise _unsupported(original, f"the Pact core {original} is cut off", hint)
    try:
        return ffi.dlopen(str(file), getattr(ffi, "RTLD_NODELETE", 0))  # all symbols now, as cffi does unless told
    except OSError as error:
        raise _unsupported(original, f"the Pact core {original} cannot be loaded: {error}") from None


def _open_copy(original: Path) -> Any:
    """Open a copy of the library, which the loader takes for another one."""
    import shutil  # what only forked children pay for
    import tempfile

    failure: Exception | None = None
    for parent in (None, original.parent):  # the temporary directory may be mounted noexec
        try:
            with tempfile.TemporaryDirectory("", "pact-ffi-", parent, ignore_cleanup_errors=True) as folder:
                return _open(Path(shutil.copy(original, folder)), original)
        except (OSError, UnsupportedCoreError) as error:
            failure = error
    raise CoreError(f"this forked process could not open a copy of {original} for itself: {failure}")


def _checked_version(library: Any) -> str:
    try:
        found: str = ffi.string(library.pactffi_version()).decode("ascii", "replace")
    except (AttributeError, ffi.error):
        problem = f"{_path} is a shared library, but no Pact core: it does not export pactffi_version"
        raise _unsupported(_path, problem) from None
    if found not in SUPPORTED:
        problem = f"the Pact core {_path} has version {found}, which is not supported"
        raise _unsupported(_path, problem, found=found)
    return found


def _unsupported(file: Path, problem: str, hint: str = "", found: str | None = None) -> UnsupportedCoreError:
    message = f"{problem} ({hint}supported versions: {', '.join(SUPPORTED)})"
    return UnsupportedCoreError(message, path=str(file), found=found)


def _after_fork() -> None:
    global _generation, _lock
    _generation += 1
    _lock = threading.RLock()
    _releases.clear()
    enter_callback(False)
    lib.__dict__.clear()
    if _ports:
        _close_listeners()
        _ports.clear()


def _close_listeners() -> None:
    """Close this process's copies of the servers' sockets."""
    import socket

    for name in os.listdir("/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"):
        try:
            inherited = socket.socket(fileno=int(name))
        except OSError:  # no socket
            continue
        internet = inherited.family in (socket.AF_INET, socket.AF_INET6) and inherited.type == socket.SOCK_STREAM
        if internet and inherited.getsockname()[1] in _ports:
            inherited.close()
        else:
            inherited.detach()


_chosen = os.environ.get(VARIABLE)
_path = Path(os.path.abspath(os.path.expanduser(_chosen))) if _chosen else Path(__file__).parent / "lib" / LIBRARY_NAME
_callback = threading.local()
_generation = 0
_ports: set[int] = set()
_releases: deque[tuple[str, tuple[Any, ...]]] = deque()
_lock = threading.RLock()
quiet_telemetry()
_opened = {_generation: _open(_path, _path)}  # never closed: the core's threads run in it
_version = _checked_version(_opened[_generation])
lib: Any = _Library()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(drain_releases)
