"""The lock between processes, on each kind of system."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.pact_file import locking


@pytest.mark.skipif(sys.platform == "win32", reason="flock is not there")
def test_it_ends_though_the_descriptor_is_closed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    with locking.locked(tmp_path):
        other = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    left: list[int] = []
    monkeypatch.setattr(os, "close", left.append)  # gevent's does it when its loop runs
    with locking.locked(tmp_path):
        pass
    monkeypatch.undo()
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for descriptor in (*left, other):
        os.close(descriptor)
    assert len(left) == 1


def windows(monkeypatch: pytest.MonkeyPatch, *answers: OSError | None) -> tuple[Any, list[int]]:
    """Return the module as Windows would have it, with a C library that answers so, and the calls that it gets."""
    calls: list[int] = []
    waiting = list(answers)

    def lock(descriptor: int, mode: int, size: int) -> None:
        calls.append(mode)
        if waiting and (answer := waiting.pop(0)):
            raise answer

    library: Any = types.ModuleType("msvcrt")
    library.LK_NBLCK, library.LK_UNLCK, library.locking = 2, 0, lock
    monkeypatch.setitem(sys.modules, "msvcrt", library)
    monkeypatch.setattr(sys, "platform", "win32")
    module: Any = types.ModuleType("locking_of_windows")
    exec(Path(locking.__file__).read_text(encoding="utf-8"), module.__dict__)
    return module, calls


@pytest.mark.parametrize("code", [errno.EACCES, 0], ids=["Microsoft's C library", "wine's"])
def test_where_windows_is_simulated_it_waits_while_another_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module, calls = windows(monkeypatch, OSError(code, "held"), OSError(code, "held"), None)
    with module.locked(tmp_path):
        assert calls == [2, 2, 2]
    assert calls == [2, 2, 2, 0]


def test_where_windows_is_simulated_it_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module, calls = windows(monkeypatch, *[OSError(errno.EACCES, "Permission denied")] * 99)
    module._PATIENCE_SECONDS = 0.02
    with pytest.raises(TimeoutError, match="another process has had the lock .*lock for 0 s"), module.locked(tmp_path):
        pass
    assert 1 < len(calls) < 20


def test_where_windows_is_simulated_another_error_is_raised_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module, calls = windows(monkeypatch, OSError(errno.EINVAL, "Invalid argument"))
    with pytest.raises(OSError, match="Invalid argument"), module.locked(tmp_path):
        pass
    assert calls == [2]
