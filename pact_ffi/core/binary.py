"""Which machine a shared library was built for, read from the first bytes of its file."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

_ELF = {0x03: "x86", 0x28: "arm", 0x3E: "x86_64", 0xB7: "aarch64", 0xF3: "riscv64", 0x15: "ppc64", 0x16: "s390x"}
_MACH_O = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
_PE = {0x014C: "x86", 0x8664: "x86_64", 0xAA64: "aarch64"}
_SAME = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}


def needed_machine() -> str:
    """Return the kind of library that this Python loads, for example ``"Linux x86_64"``."""
    if hasattr(os, "uname"):
        machine = os.uname().machine.lower()
    else:
        import sysconfig

        # the process's machine, where `platform` tells the system's: an x64 Python runs on Windows for ARM, too
        machine = {"win32": "x86", "win-amd64": "amd64", "win-arm64": "arm64"}.get(sysconfig.get_platform(), "unknown")
    if struct.calcsize("P") == 4 and machine in ("x86_64", "amd64"):
        machine = "x86"
    system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "Linux")
    return f"{system} {_SAME.get(machine, machine)}"


def machine_of(path: Path) -> str | None:
    """Return what ``path`` was built for in the words of `needed_machine`, or None when it is no shared library.

    Raises `OSError` when the file cannot be read.
    """
    head = _head(path)
    if head.startswith(b"\x7fELF"):
        return _named("Linux", _ELF, head, "=H", 18)  # in this machine's byte order: another one's is another machine
    if head.startswith((b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")):
        return _named("macOS", _MACH_O, head, "<I", 4)
    if head.startswith(b"\xca\xfe\xba\xbe"):  # for several machines; the needed one counts when it is among them
        count = min(struct.unpack_from(">I", head, 4)[0], 16)
        found = [_named("macOS", _MACH_O, head, ">I", 8 + 20 * number) for number in range(count)]
        return needed_machine() if needed_machine() in found else " + ".join(found)
    at = struct.unpack_from("<I", head, 60)[0]
    if head.startswith(b"MZ") and head[at : at + 4] == b"PE\0\0":
        return _named("Windows", _PE, head, "<H", at + 4)
    return None


def cut_off(path: Path) -> bool:
    """Return whether ``path`` is an ELF file that ends too early; the loader would crash on it."""
    head = _head(path)
    table_at = struct.unpack_from("=Q", head, 40)[0]
    size, count = struct.unpack_from("=HH", head, 58)
    return head.startswith(b"\x7fELF\x02") and path.stat().st_size < max(64, table_at + size * count)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096).ljust(4112, b"\0")  # so that no field is beyond the end


def _named(system: str, machines: dict[int, str], head: bytes, kind: str, at: int) -> str:
    code = struct.unpack_from(kind, head, at)[0]
    return f"{system} {machines.get(code, f'machine {code:#x}')}"
