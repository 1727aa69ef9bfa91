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
from pathlib import Path
from typing import Any, cast

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
    return _core.path


def origin() -> str:
    """Return ``"vendored"`` for the library inside this package, else ``"PACT_FFI_LIBRARY"``."""
    return _core.origin


def version() -> str:
    """Return the core's own version, for example ``"0.5.12"``."""
    return _core.version


def generation() -> int:
    """Return how often this process or its ancestors were forked since the core was loaded.

    A handle remembers the number it was made under; under another number it belongs to a parent process.
    """
    return _core.generation


def has(function: str) -> bool:
    """Return whether this core exports ``function``; older ones lack a few."""
    try:
        getattr(lib, function)
    except CoreError:
        return False
    return True


def check_generation(made: int, what: str) -> None:
    """Raise `UsageError` when ``what`` was made before this process was forked from its parent."""
    if made != _core.generation:
        raise UsageError(f"{what} belongs to the parent process; a forked child has to make its own")


def release(made: int, function: str, *arguments: Any) -> None:
    """Give something of generation ``made`` back to the core by calling ``function``; meant for finalizers.

    Does nothing in a forked child, whose parent owns the thing. Waits when the garbage collector got here from
    inside one of the core's callbacks: the core may hold a lock then, and would wait for itself.
    """
    if made != _core.generation:
        return
    _core.releases.append((function, arguments))
    if not in_callback():
        drain_releases()


def drain_releases() -> None:
    """Make the calls that `release` had to put off."""
    while True:
        try:
            function, arguments = _core.releases.popleft()
        except IndexError:
            return
        getattr(lib, function)(*arguments)


def in_callback() -> bool:
    """Return whether this thread is inside a callback from the core."""
    return getattr(_callback, "active", False)


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
    (_core.ports.add if active else _core.ports.discard)(port)


class _Core:
    """The one library of this process, and what a fork must renew."""

    def __init__(self) -> None:
        chosen = os.environ.get(VARIABLE)
        self.origin = VARIABLE if chosen else "vendored"
        self.path = (
            Path(os.path.abspath(os.path.expanduser(chosen)))
            if chosen
            else Path(__file__).parent / "lib" / LIBRARY_NAME
        )
        self.generation = 0
        self.ports: set[int] = set()
        self.releases: deque[tuple[str, tuple[Any, ...]]] = deque()
        self._lock = threading.RLock()
        self._opened = [_open(self.path, self.path)]  # never closed: the core's threads run in it
        self._stale = False
        self.version = _checked_version(self._opened[0], self.path)

    def library(self) -> Any:
        if self._stale:
            with self._lock:
                if self._stale:
                    self._opened.append(_open_copy(self.path))
                    self._stale = False
        return self._opened[-1]

    def after_fork(self) -> None:
        self._lock = threading.RLock()
        self._stale = True
        self.generation += 1
        self.releases = deque()
        enter_callback(False)
        lib.__dict__.clear()
        if self.ports:
            _close_listeners(self.ports)
            self.ports = set()


class _Library:
    """The core's functions by name; each is looked up once per generation."""

    def __getattr__(self, name: str) -> Any:
        try:
            function = getattr(_core.library(), name)
        except (AttributeError, ffi.error):
            if not name.startswith("pactffi_"):
                raise AttributeError(name) from None
            since = f"it needs core >= {SINCE[name]}" if name in SINCE else "this core does not export it"
            raise CoreError(f"{name} is not available: {since}, and {_core.path} is {_core.version}") from None
        self.__dict__[name] = function
        return function

    def __repr__(self) -> str:
        return f"<Pact core {_core.version} from {_core.path}>"


def _open(file: Path, original: Path) -> Any:
    supported = f"supported versions: {', '.join(SUPPORTED)}"
    hint = f"{VARIABLE} names it" if os.environ.get(VARIABLE) else f"reinstall pact-ffi or set {VARIABLE}"
    try:
        found = machine_of(file)
    except FileNotFoundError:
        raise UnsupportedCoreError(
            f"the Pact core {original} does not exist ({hint}; {supported})", path=str(original)
        ) from None
    except OSError as error:
        raise UnsupportedCoreError(
            f"the Pact core {original} cannot be read: {error.strerror} ({hint}; {supported})", path=str(original)
        ) from None
    if found is None:
        raise UnsupportedCoreError(f"{original} is not a shared library ({hint}; {supported})", path=str(original))
    if found != needed_machine():
        raise UnsupportedCoreError(
            f"the Pact core {original} is built for {found}, but this Python needs {needed_machine()} ({supported})",
            path=str(original),
        )
    if cut_off(file):
        raise UnsupportedCoreError(f"the Pact core {original} is cut off ({hint}; {supported})", path=str(original))
    try:
        if sys.platform == "win32":
            return ffi.dlopen(str(file))
        return ffi.dlopen(str(file), ffi.RTLD_NOW | getattr(ffi, "RTLD_NODELETE", 0))
    except OSError as error:
        raise UnsupportedCoreError(
            f"the Pact core {original} cannot be loaded: {error} ({supported})", path=str(original)
        ) from None


def _open_copy(original: Path) -> Any:
    """Open a copy of the library, which the loader takes for another one."""
    import shutil  # what only forked children pay for
    import tempfile

    failure: Exception | None = None
    for parent in (None, original.parent):  # the temporary directory may be mounted noexec
        try:
            folder = tempfile.mkdtemp(prefix="pact-ffi-", dir=parent)
        except OSError as error:
            failure = error
            continue
        try:
            copy = Path(folder) / original.name
            shutil.copyfile(original, copy)
            return _open(copy, original)
        except (OSError, UnsupportedCoreError) as error:
            failure = error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise CoreError(f"this forked process could not open a copy of {original} for itself: {failure}")


def _checked_version(library: Any, file: Path) -> str:
    supported = f"supported versions: {', '.join(SUPPORTED)}"
    try:
        found = cast(bytes, ffi.string(library.pactffi_version())).decode("ascii", "replace")
    except (AttributeError, ffi.error):
        raise UnsupportedCoreError(
            f"{file} is a shared library, but no Pact core: it does not export pactffi_version ({supported})",
            path=str(file),
        ) from None
    if found not in SUPPORTED:
        raise UnsupportedCoreError(
            f"the Pact core {file} has version {found}, which is not supported ({supported})",
            path=str(file),
            found=found,
        )
    return found


def _close_listeners(ports: set[int]) -> None:
    """Close this process's copies of listening sockets on ``ports``."""
    import socket
    import stat

    table = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    for name in os.listdir(table):
        descriptor = int(name)
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            inherited = socket.socket(fileno=descriptor)
        except (OSError, ValueError):
            continue
        try:
            is_ours = (
                inherited.family in (socket.AF_INET, socket.AF_INET6)
                and inherited.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                and inherited.getsockname()[1] in ports
            )
        except OSError:
            is_ours = False
        if is_ours:
            inherited.close()
        else:
            inherited.detach()


_callback = threading.local()
quiet_telemetry()
_core = _Core()
lib: Any = _Library()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_core.after_fork)
atexit.register(drain_releases)

__all__ = [
    "SINCE",
    "SUPPORTED",
    "check_generation",
    "drain_releases",
    "enter_callback",
    "ffi",
    "generation",
    "has",
    "in_callback",
    "lib",
    "listening",
    "origin",
    "path",
    "quiet_telemetry",
    "release",
    "version",
]
