"""Which machine a shared library was built for, read from the first bytes of its file."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

_ELF = {0x03: "x86", 0x28: "arm", 0x3E: "x86_64", 0xB7: "aarch64", 0xF3: "riscv64", 0x15: "ppc64", 0x16: "s390x"}
_MACH_O = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
_PE = {0x014C: "x86", 0x8664: "x86_64", 0xAA64: "aarch64"}
_SAME = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}


def needed_machine() -> str:
    """Return the kind of library that this Python loads, for example ``"Linux x86_64"``."""
    import platform

    machine = platform.machine().lower()
    if struct.calcsize("P") == 4 and machine in ("x86_64", "amd64"):
        machine = "x86"
    system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "Linux")
    return f"{system} {_SAME.get(machine, machine)}"


def machine_of(path: Path) -> str | None:
    """Return what ``path`` was built for in the words of `needed_machine`, or None when it is no shared library.

    Raises `OSError` when the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:4] == b"\x7fELF" and len(head) >= 20:
        order = "<" if head[5] == 1 else ">"
        return _named("Linux", _ELF, struct.unpack_from(order + "H", head, 18)[0])
    if head[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe") and len(head) >= 8:
        return _named("macOS", _MACH_O, struct.unpack_from("<I", head, 4)[0])
    if head[:4] == b"\xca\xfe\xba\xbe" and len(head) >= 8:
        return _universal(head)
    if head[:2] == b"MZ" and len(head) >= 64:
        at = struct.unpack_from("<I", head, 60)[0]
        if head[at : at + 4] == b"PE\0\0" and len(head) >= at + 6:
            return _named("Windows", _PE, struct.unpack_from("<H", head, at + 4)[0])
    return None


def cut_off(path: Path) -> bool:
    """Return whether ``path`` is an ELF file that ends too early; the loader would crash on it."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[:5] != b"\x7fELF\x02" or len(head) < 64:
        return False
    order = "<" if head[5] == 1 else ">"
    table_at = struct.unpack_from(order + "Q", head, 40)[0]
    size, count = struct.unpack_from(order + "HH", head, 58)
    return bool(path.stat().st_size < table_at + size * count)


def _universal(head: bytes) -> str:
    """A universal Mach-O holds several machines; the needed one counts when it is among them."""
    count = min(struct.unpack_from(">I", head, 4)[0], 16)
    slices = [_named("macOS", _MACH_O, struct.unpack_from(">I", head, 8 + 20 * i)[0]) for i in range(count)]
    return needed_machine() if needed_machine() in slices else " + ".join(slices)


def _named(system: str, machines: dict[int, str], code: int) -> str:
    return f"{system} {machines.get(code, f'machine {code:#x}')}"
