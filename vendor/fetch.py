"""Bring the official core library in place, as `lock.json` names it, with nothing but pip.

    python vendor/fetch.py                      the library for this machine, into pact_ffi/core/lib
    python vendor/fetch.py --platform win_amd64 another machine's
    python vendor/fetch.py --platform all       all of them, each into a folder of its own under --into

The wheels of pact-python-ffi carry the official builds. Only the library is taken from them (on musl, where the
wheel has it linked into the extension module, that module and the libgcc beside it). Both the wheel and what is
taken must have the hashes of the lock; a file that is in place with the right hash is left alone, without network.
Another version of the core: upgrade.py.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOCK = HERE / "lock.json"
LIBRARY_FOLDER = HERE.parent / "pact_ffi" / "core" / "lib"
PLATFORMS = (
    "manylinux_2_28_x86_64",
    "manylinux_2_28_aarch64",
    "musllinux_1_2_x86_64",
    "musllinux_1_2_aarch64",
    "macosx_12_0_x86_64",
    "macosx_12_0_arm64",
    "win_amd64",
    "win_arm64",
)


class FetchError(Exception):
    """Why the library could not be brought, in a sentence."""


def this_platform() -> str:
    """Return the name in `PLATFORMS` of the machine that this Python runs on; raises `FetchError` when it has none."""
    machine = platform.machine().lower()
    if sys.platform == "win32":  # an x64 Python runs on Windows for ARM, too, where `platform` tells the system's
        machine = {"win-amd64": "amd64", "win-arm64": "arm64"}.get(sysconfig.get_platform(), machine)
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    bits = 64 if sys.maxsize > 2**32 else 32
    musl = "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE") or sysconfig.get_config_var("SOABI") or "")
    system = sys.platform if sys.platform != "linux" else "musl" if musl else "glibc"
    name = {
        ("glibc", "x86_64"): "manylinux_2_28_x86_64",
        ("glibc", "aarch64"): "manylinux_2_28_aarch64",
        ("musl", "x86_64"): "musllinux_1_2_x86_64",
        ("musl", "aarch64"): "musllinux_1_2_aarch64",
        ("darwin", "x86_64"): "macosx_12_0_x86_64",
        ("darwin", "aarch64"): "macosx_12_0_arm64",
        ("win32", "x86_64"): "win_amd64",
        ("win32", "aarch64"): "win_arm64",
    }.get((system, machine))
    if name is None or bits != 64:
        raise FetchError(
            f"there is no Pact core for {system} {machine} ({bits} bit); there is one for {', '.join(PLATFORMS)}"
        )
    return name


def read_lock(file: Path = LOCK) -> dict[str, Any]:
    """Return the lock file's content."""
    lock: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return lock


def in_place(entry: dict[str, Any], folder: Path) -> bool:
    """Return whether every file of ``entry`` is in ``folder`` with its hash."""
    return all(
        (folder / item["to"]).is_file() and sha256((folder / item["to"]).read_bytes()) == item["sha256"]
        for item in entry["files"]
    )


def fetch(name: str, folder: Path = LIBRARY_FOLDER, lock: dict[str, Any] | None = None) -> bool:
    """Bring the library for platform ``name`` into ``folder``; return whether anything had to be done.

    Raises `FetchError`; ``folder`` is then as it was.
    """
    lock = lock or read_lock()
    entry = lock["platforms"].get(name)
    if entry is None:
        raise FetchError(f"unknown platform {name!r}; the lock has {', '.join(lock['platforms'])}")
    if in_place(entry, folder):
        return False
    with tempfile.TemporaryDirectory(prefix="pact-ffi-fetch-") as scratch:
        wheel = download(name, f"{lock['package']}=={lock['version']}", Path(scratch))
        found = sha256(wheel.read_bytes())
        if found != entry["wheel_sha256"]:
            raise FetchError(
                f"{wheel.name} has the SHA-256 {found}, "
                f"but the lock says {entry['wheel_sha256']}; nothing was installed"
            )
        contents = [(item, member(wheel, item["member"])) for item in entry["files"]]
    for item, content in contents:
        if sha256(content) != item["sha256"]:
            raise FetchError(
                f"{item['member']} in {entry['wheel']} has the SHA-256 {sha256(content)}, "
                f"but the lock says {item['sha256']}; nothing was installed"
            )
    for item, content in reversed(contents):  # the library comes first in the lock and last on the disk
        install(content, folder / item["to"])
    return True


def download(name: str, requirement: str, folder: Path) -> Path:
    """Have pip download the wheel for platform ``name`` into ``folder``; raises `FetchError`."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    command += ["--only-binary=:all:", "--no-deps", "--platform", name, "--python-version", "3.11"]
    command += ["--implementation", "cp", "--abi", "abi3", "--dest", str(folder), requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        said = [line.strip() for line in result.stderr.splitlines() if "ERROR" in line or "No module" in line]
        reason = said[-1].removeprefix("ERROR: ") if said else f"exit code {result.returncode}"
        raise FetchError(
            f"pip could not download {requirement} for {name} ({reason}); is the package index within reach? Without"
            " one, put that wheel into a folder and set PIP_NO_INDEX=1 and PIP_FIND_LINKS=FOLDER"
        )
    return wheels[0]


def member(wheel: Path, name: str) -> bytes:
    """Return one file of a wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile):
        raise FetchError(f"{wheel.name} does not contain {name}; nothing was installed") from None


def install(content: bytes, target: Path) -> None:
    """Write ``target`` so that it is there completely or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = tempfile.mkstemp(dir=target.parent, prefix=".fetching-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(scratch, 0o644)
        os.replace(scratch, target)
    except BaseException:
        os.unlink(scratch)
        raise


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as the lock spells it."""
    return hashlib.sha256(content).hexdigest()


def library_name(name: str) -> str:
    """Return how the library's file is called on platform ``name``."""
    return "pact_ffi.dll" if name.startswith("win") else f"libpact_ffi.{'dylib' if name.startswith('mac') else 'so'}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the result is the process's exit code."""
    parser = argparse.ArgumentParser(description="Bring the Pact core library in place.")
    parser.add_argument("--platform", help="a platform of the lock, or 'all'; this machine's when left out")
    parser.add_argument("--into", type=Path, default=LIBRARY_FOLDER, help="the folder for the library")
    parser.add_argument("--lock", type=Path, default=LOCK, help="the lock file")
    options = parser.parse_args(arguments)
    try:
        lock = read_lock(options.lock)
        if options.platform == "all":
            for name in lock["platforms"]:
                report(name, options.into / name / "lib", lock)
        else:
            report(options.platform or this_platform(), options.into, lock)
    except FetchError as error:
        print(f"fetch: {error}", file=sys.stderr)
        return 1
    return 0


def report(name: str, folder: Path, lock: dict[str, Any]) -> None:
    """Fetch and say what was done."""
    done = fetch(name, folder, lock)
    print(f"{name}: {'brought to' if done else 'already in'} {folder}")


if __name__ == "__main__":
    sys.exit(main())
