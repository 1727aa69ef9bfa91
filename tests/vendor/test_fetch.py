import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "vendor"))
import fetch  # noqa: E402

PLATFORM = "manylinux_2_28_x86_64"
WHEEL = f"pact_python_ffi-1.0-cp311-abi3-{PLATFORM}.whl"
MEMBER = "pact_python_ffi.libs/libpact_ffi-0123.so"
CONTENT = b"a library"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with one wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        archive.writestr(MEMBER, CONTENT)
        archive.writestr("pact_ffi/ffi.abi3.so", b"not wanted")
        archive.writestr(
            "pact_python_ffi-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pact-python-ffi\nVersion: 1.0\n"
        )
        archive.writestr("pact_python_ffi-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: cp311-abi3-{PLATFORM}\n")
        archive.writestr("pact_python_ffi-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def lock(index: Path, tmp_path: Path) -> dict[str, Any]:
    files = [{"member": MEMBER, "to": "libpact_ffi.so", "sha256": sha256(CONTENT)}]
    entry = {"wheel": WHEEL, "wheel_sha256": sha256((index / WHEEL).read_bytes()), "files": files}
    return {"package": "pact-python-ffi", "version": "1.0", "platforms": {PLATFORM: entry}}


def run(lock: dict[str, Any], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = folder.parent / "lock.json"
    file.write_text(json.dumps(lock))
    command = [
        sys.executable,
        str(ROOT / "vendor" / "fetch.py"),
        "--lock",
        str(file),
        "--into",
        str(folder),
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def refused(result: subprocess.CompletedProcess[str], folder: Path) -> str:
    assert result.returncode == 1
    assert result.stderr.startswith("fetch: ") and result.stderr.count("\n") == 1
    assert not folder.exists() or list(folder.iterdir()) == []
    return result.stderr


def test_only_the_library_is_brought(lock: dict[str, Any], tmp_path: Path) -> None:
    result = run(lock, tmp_path / "lib", "--platform", PLATFORM)
    assert result.returncode == 0, result.stderr
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "lib").iterdir()] == [("libpact_ffi.so", CONTENT)]


def test_what_is_in_place_needs_no_network(
    lock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch.fetch(PLATFORM, tmp_path / "lib", lock)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "gone"))
    result = run(lock, tmp_path / "lib", "--platform", PLATFORM)
    assert (result.returncode, "already in" in result.stdout) == (0, True)


def test_a_damaged_library_is_replaced(lock: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libpact_ffi.so").write_bytes(b"damaged")
    assert fetch.fetch(PLATFORM, tmp_path / "lib", lock)
    assert (tmp_path / "lib" / "libpact_ffi.so").read_bytes() == CONTENT


def test_a_wheel_with_another_hash_is_refused(lock: dict[str, Any], tmp_path: Path) -> None:
    lock["platforms"][PLATFORM]["wheel_sha256"] = "0" * 64
    said = refused(run(lock, tmp_path / "lib", "--platform", PLATFORM), tmp_path / "lib")
    assert WHEEL in said and "0" * 64 in said and "nothing was installed" in said


def test_a_library_with_another_hash_is_refused(lock: dict[str, Any], tmp_path: Path) -> None:
    lock["platforms"][PLATFORM]["files"][0]["sha256"] = "1" * 64
    said = refused(run(lock, tmp_path / "lib", "--platform", PLATFORM), tmp_path / "lib")
    assert MEMBER in said and "1" * 64 in said and sha256(CONTENT) in said


def test_a_wheel_without_the_library_is_refused(lock: dict[str, Any], tmp_path: Path) -> None:
    lock["platforms"][PLATFORM]["files"][0]["member"] = "elsewhere.so"
    assert "does not contain elsewhere.so" in refused(
        run(lock, tmp_path / "lib", "--platform", PLATFORM), tmp_path / "lib"
    )


def test_an_unknown_platform_is_refused(lock: dict[str, Any], tmp_path: Path) -> None:
    said = refused(run(lock, tmp_path / "lib", "--platform", "os2"), tmp_path / "lib")
    assert "unknown platform 'os2'; the lock has " + PLATFORM in said


def test_a_missing_network_is_said(lock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    said = refused(run(lock, tmp_path / "lib", "--platform", PLATFORM), tmp_path / "lib")
    assert "could not download pact-python-ffi==1.0" in said and "PIP_FIND_LINKS=FOLDER" in said


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        fetch.install(b"x", tmp_path / "lib" / "x.so")
    assert list((tmp_path / "lib").iterdir()) == []


@pytest.mark.parametrize(
    ("system", "machine", "gnu", "expected"),
    [
        ("linux", "x86_64", "x86_64-pc-linux-gnu", "manylinux_2_28_x86_64"),
        ("linux", "aarch64", "aarch64-unknown-linux-musl", "musllinux_1_2_aarch64"),
        ("darwin", "arm64", "", "macosx_12_0_arm64"),
        ("win32", "AMD64", "", "win_amd64"),
        ("win32", "ARM64", "", "win_arm64"),
    ],
)
def test_this_machine_is_recognised(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, gnu: str, expected: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(fetch.platform, "machine", lambda: machine)
    monkeypatch.setattr(fetch.sysconfig, "get_config_var", lambda name: gnu if name == "HOST_GNU_TYPE" else None)
    assert fetch.this_platform() == expected


def test_an_x64_python_on_windows_for_arm_gets_the_x64_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(fetch.platform, "machine", lambda: "ARM64")
    monkeypatch.setattr(fetch.sysconfig, "get_platform", lambda: "win-amd64")
    assert fetch.this_platform() == "win_amd64"


def test_a_machine_without_a_core_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch.platform, "machine", lambda: "riscv64")
    with pytest.raises(fetch.FetchError, match="no Pact core for glibc riscv64"):
        fetch.this_platform()


def test_the_lock_knows_all_platforms() -> None:
    lock = fetch.read_lock()
    assert tuple(lock["platforms"]) == fetch.PLATFORMS
    for name, entry in lock["platforms"].items():
        assert name in entry["wheel"]
        assert entry["files"][0]["to"] == fetch.library_name(name)
        assert all(len(item["sha256"]) == 64 for item in entry["files"])
