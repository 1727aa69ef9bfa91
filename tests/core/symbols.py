"""What a shared library exports, read from its file: enough of ELF for a test."""

import struct
from pathlib import Path


def exported(path: Path) -> set[str]:
    """Return the names of the defined dynamic symbols of a 64-bit ELF library."""
    data = path.read_bytes()
    sections_at = struct.unpack_from("<Q", data, 40)[0]
    size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, sections_at + size * i) for i in range(count)]
    names = set()
    for _, kind, _, _, offset, length, link, _, _, _ in sections:
        if kind != 11:  # SHT_DYNSYM
            continue
        texts = sections[link][4]
        for at in range(offset, offset + length, 24):
            name, _, _, section = struct.unpack_from("<IBBH", data, at)
            if section:
                start = texts + name
                names.add(data[start : data.index(b"\0", start)].decode())
    return names
