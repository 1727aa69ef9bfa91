"""Check built wheels from the outside: names, tags, contents, licences, and the core library inside each.

Everything here works on the machine that builds, whatever platform the wheel is for. ``python ci/check_wheels.py
FOLDER`` checks the distributions in a folder; needs the extra ``dev``.
"""

from __future__ import annotations

import email
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lief

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "vendor")]

import fetch  # noqa: E402

from pact_ffi.core.binary import machine_of  # noqa: E402

FUNCTIONS = ROOT / "tests" / "core" / "signatures.txt"
MACOS = (12, 0)


def machine(platform: str) -> str:
    """Return what `machine_of` says about a library for ``platform``."""
    system = "Windows" if platform.startswith("win") else "macOS" if platform.startswith("mac") else "Linux"
    return f"{system} {'aarch64' if platform.endswith(('arm64', 'aarch64')) else 'x86_64'}"


def exported(library: Path) -> set[str]:
    """Return the core's functions that a library exports, whatever its format."""
    parsed: Any = lief.parse(str(library))
    functions = {symbol.name.lstrip("_") for symbol in parsed.exported_functions}
    return {name for name in functions if name.startswith("pactffi_")}


def oldest_macos(library: Path) -> tuple[int, ...]:
    """Return the macOS version that a library asks for."""
    parsed: Any = lief.parse(str(library))
    command = parsed.build_version.minos if parsed.has_build_version else parsed.version_min.version
    return tuple(command)


def check_library(platform: str, content: bytes, expected: str) -> Iterator[str]:
    """Yield what is wrong with the core library of a wheel."""
    if fetch.sha256(content) != expected:
        yield f"the library has the SHA-256 {fetch.sha256(content)}, but the lock says {expected}"
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / fetch.library_name(platform)
        library.write_bytes(content)
        if machine_of(library) != machine(platform):
            yield f"the library is built for {machine_of(library)}"
        needed = set(re.findall(r"^pactffi_\w+", FUNCTIONS.read_text(encoding="utf-8"), re.M))
        if different := exported(library) ^ needed:
            yield f"exported or declared, but not both: {', '.join(sorted(different))}"
        if platform.startswith("mac") and oldest_macos(library)[:2] > MACOS:
            yield f"the library needs macOS {oldest_macos(library)}"


def check_wheel(wheel: Path) -> Iterator[str]:
    """Yield what is wrong with one wheel."""
    name = re.fullmatch(r"pact_ffi-[^-]+-py3-none-(\w+)\.whl", wheel.name)
    entry = fetch.read_lock()["platforms"].get(name[1] if name else "")
    if name is None or entry is None:
        yield "the file's name does not say a known platform"
        return
    platform = name[1]
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = next(item.partition("/")[0] for item in names if ".dist-info/" in item)
        tags = email.message_from_bytes(archive.read(f"{about}/WHEEL"))
        if tags.get_all("Tag") != [f"py3-none-{platform}"] or tags["Root-Is-Purelib"] != "false":
            yield f"its WHEEL file says {tags.get_all('Tag')}, purelib {tags['Root-Is-Purelib']}"
        for item in ("LICENSE", "NOTICE"):
            if f"{about}/licenses/{item}" not in names:
                yield f"{item} is not inside"
        for item in ("pact_ffi/core/_cffi.py", "pact_ffi/py.typed", "pact/py.typed", "pact/__init__.py"):
            if item not in names:
                yield f"{item} is not inside"
        inside = {str(Path("/pact_ffi/core/lib", item["to"])): item["sha256"] for item in entry["files"]}
        inside = {re.sub(r"/lib/\.\./", "/", item).lstrip("/"): digest for item, digest in inside.items()}
        binaries = {item for item in names if re.search(r"\.(so|dylib|dll)\b|\.pyd$", item)}
        if binaries != set(inside):
            yield f"the binaries are {sorted(binaries)}, but the lock says {sorted(inside)}"
            return
        library, *others = inside
        yield from check_library(platform, archive.read(library), inside[library])
        for item in others:
            if fetch.sha256(archive.read(item)) != inside[item]:
                yield f"{item} does not have the hash of the lock"


def check_platform_tag(wheel: Path) -> Iterator[str]:
    """Yield what auditwheel thinks of a wheel for Linux, if that is not what its name says."""
    shown = tool("auditwheel", "show", str(wheel)).replace("\n", " ")
    found = re.search(r"consistent with the following platform tag: \"(\w+)\"", shown)
    if not found or f"-{found[1]}.whl" not in wheel.name:
        yield f"auditwheel says: {found[1] if found else shown}"


def tool(module: str, *arguments: str) -> str:
    """Run a tool of this environment; return what it says, with its exit code when that is not 0."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr + (f"\nexit code {done.returncode}" if done.returncode else "")


def check(folder: Path) -> list[str]:
    """Return what is wrong with the distributions in ``folder``, with the file's name before each fault."""
    wheels, everything = sorted(folder.glob("*.whl")), sorted(folder.iterdir())
    faults = [f"{wheel.name}: {fault}" for wheel in wheels for fault in check_wheel(wheel)]
    for wheel in wheels:
        if "linux" in wheel.name:
            faults += [f"{wheel.name}: {fault}" for fault in check_platform_tag(wheel)]
    missing = set(fetch.PLATFORMS) - {wheel.stem.rpartition("-")[2] for wheel in wheels}
    faults += [f"there is no wheel for {platform}" for platform in sorted(missing)]
    for said in (
        tool("twine", "check", "--strict", *map(str, everything)),
        tool("check_wheel_contents", "--config", str(ROOT / "pyproject.toml"), *map(str, wheels)),
    ):
        if "exit code" in said:
            faults.append(said)
    return faults


if __name__ == "__main__":
    found = check(Path(sys.argv[1]))
    print("\n".join(found) or "all checks agree")
    sys.exit(1 if found else 0)
