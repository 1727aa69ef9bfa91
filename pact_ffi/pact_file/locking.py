"""A lock between processes that leaves no file behind."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_threads = threading.RLock()  # flock knows descriptors, not threads


def _renew() -> None:
    global _threads
    _threads = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)

if sys.platform == "win32":
    import msvcrt
    import tempfile
    import time
    import zlib

    _HELD = (errno.EACCES, 0)  # how the C library says that another has it: Microsoft's, and wine's
    _PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.005

    @contextlib.contextmanager
    def _process_lock(folder: Path) -> Iterator[None]:
        name = f"pact-{zlib.crc32(os.path.normcase(folder).encode('utf-8')):08x}.lock"
        with (Path(tempfile.gettempdir()) / name).open("a+b") as file:
            end = time.monotonic() + _PATIENCE_SECONDS
            while True:
                file.seek(0)
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # LK_LOCK would try once a second
                    break
                except OSError as error:
                    if error.errno not in _HELD:
                        raise
                    if time.monotonic() >= end:
                        reason = f"another process has had the lock {file.name} for {_PATIENCE_SECONDS:.0f} s"
                        raise TimeoutError(errno.ETIMEDOUT, reason) from None
                    time.sleep(_PAUSE_SECONDS)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    @contextlib.contextmanager
    def _process_lock(folder: Path) -> Iterator[None]:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # the folder itself: nothing to create, nothing to remove
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)  # at once: gevent closes a descriptor some time later
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock on ``folder``: one thread of one process at a time."""
    with _threads, _process_lock(folder):
        yield
