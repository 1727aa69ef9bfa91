"""Opening the core's library file: for this process, or a copy for a forked child.

What cannot be loaded is refused before the loader sees it, for the loader may crash on it, or say little.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from pact_ffi.core import _cffi
from pact_ffi.core.binary import cut_off, machine_of, needed_machine
from pact_ffi.errors import CoreError, UnsupportedCoreError

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


def open_library(file: Path, original: Path) -> Any:
    """Load ``file``, which is ``original`` or a copy of it; raises `UnsupportedCoreError` that names ``original``."""
    hint = _way_out(original)
    try:
        machine = machine_of(file)
    except (FileNotFoundError, NotADirectoryError):
        raise _unsupported(original, f"the Pact core {original} does not exist", hint) from None
    except OSError as error:
        raise _unsupported(original, f"the Pact core {original} cannot be read: {error.strerror}", hint) from None
    if machine is None:
        raise _unsupported(original, f"{original} is not a shared library", hint)
    if machine != needed_machine():
        mismatch = f"is built for {machine}, but this Python needs {needed_machine()}"
        raise _unsupported(original, f"the Pact core {original} {mismatch}")
    if cut_off(file):
        raise _unsupported(original, f"the Pact core {original} is cut off", hint)
    try:
        return ffi.dlopen(str(file), getattr(ffi, "RTLD_NODELETE", 0))  # all symbols now, as cffi does unless told
    except OSError as error:
        raise _unsupported(original, f"the Pact core {original} cannot be loaded: {error}") from None


def _way_out(original: Path) -> str:
    """Say what to do about a library that is not there."""
    if os.environ.get(VARIABLE):
        return f"{VARIABLE} names it; "
    archive = next((parent for parent in original.parents if parent.is_file()), None)
    if archive is not None:
        return f"no library can be loaded from inside of {archive.name}: install pact-ffi, or set {VARIABLE}; "
    if getattr(sys, "frozen", False):
        return "the frozen program lacks it: freeze with pyinstaller --collect-all pact_ffi --collect-all pact; "
    return f"reinstall pact-ffi or set {VARIABLE}; "


def open_copy(original: Path) -> Any:
    """Open a copy of the library, which the loader takes for another one.

    The copy lies in memory where the system can do that, else in the temporary folder or beside the original: a
    container's root may be read-only, its ``/tmp`` mounted noexec. Raises `CoreError` when none of them serves.
    """
    reasons = []
    for place in (_in_memory, _in_temporary_folder, _beside):
        try:
            with place(original) as copy:
                return open_library(copy, original)
        except (AttributeError, OSError, UnsupportedCoreError) as error:
            reasons.append(str(error))
    raise CoreError(f"this forked process could not open a copy of {original} for itself: {'; '.join(reasons)}")


@contextmanager
def _in_memory(original: Path) -> Iterator[Path]:
    descriptor = os.memfd_create("libpact_ffi")  # Linux only
    with os.fdopen(descriptor, "wb") as file:
        file.write(original.read_bytes())
        file.flush()
        yield Path(f"/proc/self/fd/{descriptor}")


@contextmanager
def _in_temporary_folder(original: Path, parent: Path | None = None) -> Iterator[Path]:
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory("", "pact-ffi-", parent, ignore_cleanup_errors=True) as folder:
        yield Path(shutil.copy(original, folder))


def _beside(original: Path) -> AbstractContextManager[Path]:
    return _in_temporary_folder(original, original.parent)


def checked_version(library: Any, path: Path) -> str:
    """Return the version of ``library``, opened from ``path``; raises `UnsupportedCoreError` for another library."""
    try:
        version: str = ffi.string(library.pactffi_version()).decode("ascii", "replace")
    except (AttributeError, ffi.error):
        problem = f"{path} is a shared library, but not a Pact core: it does not export pactffi_version"
        raise _unsupported(path, problem) from None
    if version not in SUPPORTED:
        problem = f"the Pact core {path} has version {version}, which is not supported"
        raise _unsupported(path, problem, found=version)
    return version


def _unsupported(file: Path, problem: str, hint: str = "", found: str | None = None) -> UnsupportedCoreError:
    message = f"{problem} ({hint}supported versions: {', '.join(SUPPORTED)})"
    return UnsupportedCoreError(message, path=str(file), found=found)
