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
    import zlib

    _TRIED = errno.EDEADLK  # how the C library says that ten seconds of trying were not enough

    @contextlib.contextmanager
    def _process_lock(folder: Path) -> Iterator[None]:
        name = f"pact-{zlib.crc32(os.path.normcase(folder).encode('utf-8')):08x}.lock"
        with (Path(tempfile.gettempdir()) / name).open("a+b") as file:
            while True:
                try:
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # tries for ten seconds
                    break
                except OSError as error:
                    if error.errno != _TRIED:
                        raise
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
