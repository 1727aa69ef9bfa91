"""Build the source distribution and the wheels of every platform on one machine, each twice, and check them.

``python ci/build_wheels.py [FOLDER]`` needs the extra ``dev``; ``ci/wheels`` is the command that sets that up. What is
committed is built (outside of a repository: what is there), and the time of the commit goes into the archives.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "ci"), str(ROOT / "vendor")]

import check_wheels  # noqa: E402
import fetch  # noqa: E402


def run(*command: str | Path, folder: Path = ROOT, **environment: str) -> str:
    """Run a command and return what it says; when it fails, say that and stop."""
    variables = {**os.environ, **environment}
    done = subprocess.run([str(part) for part in command], cwd=folder, env=variables, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def source_tree(folder: Path) -> tuple[Path, str]:
    """Put the sources to build into ``folder``; return where they are, and their time in seconds since 1970."""
    if not (ROOT / ".git").exists():
        return ROOT, os.environ.get("SOURCE_DATE_EPOCH", "1700000000")
    if changed := run("git", "status", "--porcelain", "--untracked-files=no"):
        print(f"not committed, hence not built:\n{changed}")
    run("git", "archive", "--output", folder / "tree.tar", "HEAD")
    unpack(folder / "tree.tar", folder / "tree")
    return folder / "tree", run("git", "log", "-1", "--format=%ct").strip()


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar file of our own making."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def build(cores: Path, target: Path) -> list[Path]:
    """Build everything into ``target``; the wheels are built from the source distribution."""
    python = (sys.executable, "-m", "build", "--no-isolation", "--outdir", target)
    with tempfile.TemporaryDirectory(prefix="pact-ffi-build-") as name:
        scratch = Path(name)
        tree, epoch = source_tree(scratch)
        run(*python, "--sdist", tree, SOURCE_DATE_EPOCH=epoch)
        (source,) = target.glob("*.tar.gz")
        for platform in fetch.PLATFORMS:
            unpack(source, scratch / platform)
            (unpacked,) = (scratch / platform).iterdir()
            shutil.rmtree(unpacked / "pact_ffi" / "core" / "lib", ignore_errors=True)
            (unpacked / "pact_ffi" / "core" / "lib").symlink_to(cores / platform / "lib")
            run(*python, "--wheel", unpacked, SOURCE_DATE_EPOCH=epoch, PACT_FFI_PLATFORM=platform)
            shutil.rmtree(scratch / platform)
    return sorted(target.iterdir())


def sha256(path: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Build, compare, check, print the list."""
    os.umask(0o022)
    started = time.monotonic()
    dist = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").absolute()
    cores = ROOT / "build" / "cores"
    for platform in fetch.PLATFORMS:
        fetch.report(platform, cores / platform / "lib", fetch.read_lock())
    shutil.rmtree(dist, ignore_errors=True)
    files = build(cores, dist)
    with tempfile.TemporaryDirectory(prefix="pact-ffi-again-") as again:
        different = [path.name for path in build(cores, Path(again)) if sha256(path) != sha256(dist / path.name)]
    faults = [f"{name} has other bytes when it is built again" for name in different]
    faults += check_wheels.check(dist)
    print(f"\n{'file':58} {'bytes':>11}  SHA-256")
    for path in files:
        print(f"{path.name:58} {path.stat().st_size:11,}  {sha256(path)}")
    for fault in faults:
        print(f"FAULT: {fault}", file=sys.stderr)
    done = f"{len(files)} files in {dist}, {time.monotonic() - started:.0f} s"
    print(f"FAILED: {done}" if faults else f"PASSED: {done}; built twice with the same bytes, and all checks agree")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
