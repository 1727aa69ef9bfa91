"""Tell what another version of the core means for us, and move the lock to it.

    python vendor/upgrade.py 0.5.13.0                     report, and rewrite lock.json
    python vendor/upgrade.py 0.5.10.0 --lock other.json   into another lock; `--report-only` writes none
    python vendor/upgrade.py 0.5.10.0 --bring FOLDER      only that core's library, for PACT_FFI_LIBRARY

The version is that of the wheels on the package index. Every platform's wheel is read: its hashes, what its library
exports, and, on a machine that can load it, the signatures that the wheel's own cffi module knows. They are compared
with what `pact_ffi/core/decl` declares, which is what the present core exports.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import fetch  # noqa: E402

MINE = HERE.parent / "tests" / "core" / "signatures.txt"
PACKAGES = HERE.parent / "pact_ffi"
LIBRARY = PACKAGES / "core" / "library.py"
BY_HAND = (
    "SUPPORTED and SINCE in pact_ffi/core/library.py; new and changed functions in pact_ffi/core/decl, "
    "tests/core/signatures.txt and tests/core/test_conformance.py; then ci/test, and ci/cores for the older ones"
)

# Runs in a process of its own: a module for another Python or platform must not take this one down. The words are those
# of tests/core/signatures.txt.
SIGNATURES = """
import json, sys
from importlib import machinery, util
loader = machinery.ExtensionFileLoader("ffi", sys.argv[1])
module = util.module_from_spec(util.spec_from_loader("ffi", loader))
loader.exec_module(module)
ffi, lib = module.ffi, module.lib
said = {}
for name in dir(lib):
    if name.startswith("pactffi_"):
        kind = ffi.typeof(getattr(lib, name))
        kind = kind.item if kind.kind == "pointer" else kind
        said[name] = f"{', '.join(item.cname for item in kind.args) or 'nothing'} -> {kind.result.cname}"
for name in ffi.list_types()[0]:
    kind = ffi.typeof(name)
    if kind.kind == "enum":
        said[kind.cname] = str(dict(sorted(kind.elements.items())))
print(json.dumps(said))
"""


def known() -> dict[str, str]:
    """Return the signatures of the functions and enumerations that we declare."""
    lines = MINE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line.startswith(("pactffi_", "enum ")))


def signatures(wheel: Path, scratch: Path) -> dict[str, str] | None:
    """Return what a wheel's cffi module says about its functions, None where this Python cannot load it."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch)
    modules = [*scratch.glob("pact_ffi/ffi*.so"), *scratch.glob("pact_ffi/ffi*.pyd")]
    command = [sys.executable, "-c", SIGNATURES, *map(str, modules[:1])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return dict(json.loads(done.stdout)) if modules and done.returncode == 0 else None


def exported(library: bytes) -> set[str]:
    """Return the core's functions that a library exports, by its export table or its string tables."""
    names = export_table(library) if library[:2] == b"MZ" else library
    return {name.decode() for name in re.findall(rb"(?<=\0)_?(pactffi_[a-z0-9_]+)(?=\0)", names)}


def export_table(dll: bytes) -> bytes:
    """Return the names in the export table of a 64-bit Windows library, each after a NUL byte."""

    def number(at: int, form: str = "<I") -> int:
        return int(struct.unpack_from(form, dll, at)[0])

    header = number(60)
    sections = header + 24 + number(header + 20, "<H")

    def offset(address: int) -> int:
        for at in range(sections, sections + 40 * number(header + 6, "<H"), 40):
            size, start, _, raw = struct.unpack_from("<IIII", dll, at + 8)
            if start <= address < start + size:
                return address - start + int(raw)
        raise fetch.FetchError("the library's export table is damaged")

    table = offset(number(header + 24 + 112))
    pointers = offset(number(table + 32))
    starts = [offset(number(pointers + 4 * index)) for index in range(number(table + 24))]
    return b"\0".join([b"", *(dll[start : dll.index(b"\0", start)] for start in starts), b""])


def describe(name: str, wheel: Path) -> dict[str, Any]:
    """Return the lock's entry for a wheel: where its library lies, and the hashes."""
    with zipfile.ZipFile(wheel) as archive:
        beside = [item for item in archive.namelist() if re.search(r"\.(libs|dylibs)/[^/]+$", item)]
        libraries = [item for item in beside if "pact_ffi" in item.rsplit("/", 1)[1]]
        files = [(item, fetch.library_name(name)) for item in libraries]
        if not libraries:  # linked into the extension module, which looks for its libgcc by a path relative to itself
            files = [
                (item, fetch.library_name(name)) for item in archive.namelist() if re.search(r"/ffi\.abi3\.so$", item)
            ]
            files += [(item, f"../{item}") for item in beside]
        if not files:
            raise fetch.FetchError(f"no library was found in {wheel.name}")
        found = [{"member": item, "to": to, "sha256": fetch.sha256(archive.read(item))} for item, to in files]
    return {"wheel": wheel.name, "wheel_sha256": fetch.sha256(wheel.read_bytes()), "files": found}


@cache
def used() -> dict[str, list[str]]:
    """Return which of our files use each function."""
    where: dict[str, list[str]] = {}
    for path in sorted(PACKAGES.rglob("*.py")):
        if path.name not in ("_cffi.py", LIBRARY.name):  # generated; lists what older cores lack
            for name in set(re.findall(r"\bpactffi_\w+", path.read_text(encoding="utf-8"))):
                where.setdefault(name, []).append(path.relative_to(PACKAGES.parent).as_posix())
    return where


def bring(package: str, version: str, folder: Path) -> Path:
    """Put the library of ``version`` for this machine into ``folder``, if it is not there, and return its path."""
    name = fetch.this_platform()
    target = folder / "lib" / fetch.library_name(name)
    if not target.is_file():
        with tempfile.TemporaryDirectory(prefix="pact-ffi-upgrade-") as scratch:
            wheel = fetch.download(name, f"{package}=={version}", Path(scratch))
            for item in reversed(describe(name, wheel)["files"]):
                fetch.install(fetch.member(wheel, item["member"]), folder / "lib" / item["to"])
    return target


@dataclass
class Core:
    """What the wheels of one version hold."""

    version: str
    lock: dict[str, Any]
    exports: dict[str, set[str]] = field(default_factory=dict)  # by platform
    missing: list[str] = field(default_factory=list)  # platforms, and why there is no wheel
    signatures: dict[str, str] | None = None  # as the wheel for this machine says them


def read(package: str, version: str) -> Core:
    """Read the wheels of ``version`` for all platforms."""
    core = Core(version, {"package": package, "version": version, "platforms": {}})
    for name in fetch.PLATFORMS:
        with tempfile.TemporaryDirectory(prefix="pact-ffi-upgrade-") as folder:
            try:
                wheel = fetch.download(name, f"{package}=={version}", Path(folder))
                entry = core.lock["platforms"][name] = describe(name, wheel)
            except fetch.FetchError as error:
                core.missing.append(f"{name}: {error}")
                continue
            core.exports[name] = exported(fetch.member(wheel, entry["files"][0]["member"]))
            if name == fetch.this_platform():
                core.signatures = signatures(wheel, Path(folder) / "unpacked")
        print(f"read {entry['wheel']}", file=sys.stderr)
    return core


def report(core: Core) -> Iterator[str]:
    """Yield the lines that a maintainer wants to read."""
    yield f"Core {core.version} against the declarations of core {present_core()}"
    yield from report_wheels(core)
    if not core.exports:
        yield "  nothing to compare: no platform has a wheel of this version"
        return
    everywhere = set.intersection(*core.exports.values())
    mine, theirs = known(), core.signatures
    functions = {name for name in mine if name.startswith("pactffi_")}
    new, gone = sorted(everywhere - functions), sorted(functions - everywhere)
    yield f"  new functions: {len(new) or 'none'}"
    yield from (f"    + {name}: {(theirs or {}).get(name, 'its signature is not known here')}" for name in new)
    yield f"  functions that it lacks: {len(gone) or 'none'}"
    yield from (f"    - {name}: {mine[name]}  [{used_by(name)}]" for name in gone)
    if theirs is None:
        yield "  signatures: not compared, this Python cannot load the wheel's cffi module"
    else:
        yield from report_signatures(mine, theirs, everywhere & functions)
    if new or gone or f'"{core.version.rsplit(".", 1)[0]}"' not in LIBRARY.read_text(encoding="utf-8"):
        yield f"  by hand: {BY_HAND}"


def report_wheels(core: Core) -> Iterator[str]:
    """Yield which platforms have a wheel, and where their libraries differ."""
    yield f"  wheels: {len(core.exports)} of {len(fetch.PLATFORMS)} platforms"
    yield from (f"    ! {line}" for line in core.missing)
    counts = {len(names) for names in core.exports.values()}
    yield f"  exported functions: {', '.join(map(str, sorted(counts))) or 'unknown'}"
    for name, names in core.exports.items():
        if odd := set.union(*core.exports.values()) - names:
            yield f"    ! {name} lacks what others have: {', '.join(sorted(odd))}"


def report_signatures(mine: dict[str, str], theirs: dict[str, str], common: set[str]) -> Iterator[str]:
    """Yield which functions and enumerations are declared otherwise."""
    changed = sorted(name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])
    enumerations = sorted(name for name in mine.keys() ^ theirs.keys() if name.startswith("enum "))
    yield f"  changed signatures and enumerations: {len(changed) + len(enumerations) or 'none'}"
    for name in changed:
        yield f"    ~ {name}  [{used_by(name)}]"
        yield f"        here:  {mine[name]}"
        yield f"        there: {theirs[name]}"
    yield from (f"    ~ {name}: only {'there' if name in theirs else 'here'}" for name in enumerations)
    if unknown := sorted(common - theirs.keys()):
        yield f"    ? exported, but unknown to the wheel's cffi module, hence not compared: {', '.join(unknown)}"


def used_by(name: str) -> str:
    """Say which files of ours use a function."""
    files = used().get(name)
    return f"used in {', '.join(files)}" if files else "not used by us"


def present_core() -> str:
    """Return the version of the core that the declarations were made for."""
    match = re.search(r"core (\d[\d.]*\d)", MINE.read_text(encoding="utf-8"))
    return match[1] if match else "unknown"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the result is the process's exit code."""
    parser = argparse.ArgumentParser(description="Report what another version of the core means, and rewrite the lock.")
    parser.add_argument("version", help="a version of the wheels on the package index, for example 0.5.12.1")
    parser.add_argument("--lock", type=Path, default=fetch.LOCK, help="the lock file to write")
    parser.add_argument("--report-only", action="store_true", help="write no lock")
    parser.add_argument("--bring", type=Path, metavar="FOLDER", help="only put this machine's library there")
    options = parser.parse_args(arguments)
    if options.bring:
        print(bring(fetch.read_lock()["package"], options.version, options.bring))
        return 0
    core = read(fetch.read_lock()["package"], options.version)
    print("\n".join(report(core)))
    if options.report_only:
        return 0 if core.exports else 1
    if core.missing:
        print(f"{options.lock} stays as it is: a lock needs all platforms", file=sys.stderr)
        return 1
    fetch.install((json.dumps(core.lock, indent=2) + "\n").encode(), options.lock)
    print(f"wrote {options.lock}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
