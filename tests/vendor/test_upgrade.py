import json
import re
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "vendor"))
import fetch  # noqa: E402
import upgrade  # noqa: E402

USED = "pactffi_create_mock_server_for_transport"
UNUSED = "pactffi_sync_message_new"
FUNCTIONS = {name for name in upgrade.known() if name.startswith("pactffi_")}


def core(*, without: set[str] = frozenset(), new: set[str] = frozenset(), **changed: str) -> upgrade.Core:
    """A core that differs from ours by that much."""
    exports = dict.fromkeys(fetch.PLATFORMS, FUNCTIONS - without | new)
    signatures = {name: text for name, text in upgrade.known().items() if name not in without} | changed
    return upgrade.Core("0.5.12.9", {}, exports, [], signatures)


def told(core: upgrade.Core) -> str:
    return "\n".join(upgrade.report(core))


def test_the_same_core_has_nothing_to_tell() -> None:
    assert told(core()).splitlines() == [
        "Core 0.5.12.9 against the declarations of core 0.5.12",
        "  wheels: 8 of 8 platforms",
        "  exported functions: 284",
        "  new functions: none",
        "  functions that it lacks: none",
        "  changed signatures and enumerations: none",
    ]


def test_a_new_function_is_told_with_its_signature() -> None:
    text = told(core(new={"pactffi_new_one"}, pactffi_new_one="int32_t -> char *"))
    assert "+ pactffi_new_one: int32_t -> char *" in text and "by hand: SUPPORTED" in text


def test_a_function_that_is_gone_is_told_with_who_uses_it() -> None:
    text = told(core(without={USED, UNUSED}))
    assert "functions that it lacks: 2" in text
    assert f"- {USED}: uint16_t" in text and "[used in pact_ffi/core/server.py]" in text
    assert "struct SynchronousMessage *  [not used by us]" in text


def test_a_changed_signature_is_told_with_both_forms() -> None:
    text = told(core(**{USED: "int -> int", "enum InteractionPart": "{}"}))
    assert "changed signatures and enumerations: 2" in text
    assert f"~ {USED}  [used in pact_ffi/core/server.py]" in text
    assert "here:  uint16_t, char *, uint16_t, char *, char * -> int32_t" in text and "there: int -> int" in text


def test_a_new_enumeration_is_told() -> None:
    assert "~ enum New: only there" in told(core(**{"enum New": "{}"}))


def test_another_version_has_to_be_supported_by_hand() -> None:
    other = core()
    other.version = "0.9.0.0"
    assert "by hand: SUPPORTED" in told(other)


def test_platforms_that_differ_or_have_no_wheel_are_told() -> None:
    odd = core()
    del odd.exports["win_arm64"]
    odd.missing.append("win_arm64: no such wheel")
    odd.exports["win_amd64"] = FUNCTIONS - {UNUSED}
    text = told(odd)
    assert "wheels: 7 of 8 platforms\n    ! win_arm64: no such wheel" in text
    assert f"! win_amd64 lacks what others have: {UNUSED}" in text


def test_without_signatures_that_is_said() -> None:
    other = core(new={"pactffi_new_one"})
    other.signatures = None
    text = told(other)
    assert "+ pactffi_new_one: its signature is not known here" in text
    assert "signatures: not compared" in text and "changed signatures" not in text


def test_names_are_read_from_a_library_of_any_format() -> None:
    assert upgrade.exported(b"..\0pactffi_a\0_pactffi_b\0text with pactffi_c\0pactffi_dINFO\0") == {
        "pactffi_a",
        "pactffi_b",
    }


def test_the_names_in_our_own_library_are_those_declared() -> None:
    from pact_ffi.core import library

    assert upgrade.exported(library.path().read_bytes()) == {name for name in FUNCTIONS if library.has(name)}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index with wheels of a small core for two platforms, as if there were no other."""
    monkeypatch.setattr(fetch, "PLATFORMS", ("manylinux_2_28_x86_64", "win_arm64"))
    folder = tmp_path / "index"
    folder.mkdir()
    for name in fetch.PLATFORMS:
        with zipfile.ZipFile(folder / f"pact_python_ffi-9.0-cp311-abi3-{name}.whl", "w") as archive:
            archive.writestr(f"pact_python_ffi.libs/{fetch.library_name(name)}", b"\0pactffi_version\0")
            about = "pact_python_ffi-9.0.dist-info"
            archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: pact-python-ffi\nVersion: 9.0\n")
            archive.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nTag: cp311-abi3-{name}\n")
            archive.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_lock_is_rewritten(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "lock.json"
    assert upgrade.main(["9.0", "--lock", str(lock)]) == 0
    written = json.loads(lock.read_text())
    assert (written["package"], written["version"]) == ("pact-python-ffi", "9.0")
    assert tuple(written["platforms"]) == fetch.PLATFORMS
    assert "exported functions: 1" in capsys.readouterr().out
    entry = written["platforms"]["win_arm64"]
    assert fetch.fetch("win_arm64", tmp_path / "lib", written)
    assert fetch.in_place(entry, tmp_path / "lib")


def test_a_lock_without_a_platform_is_not_written(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (index / "pact_python_ffi-9.0-cp311-abi3-win_arm64.whl").unlink()
    assert upgrade.main(["9.0", "--lock", str(tmp_path / "lock.json")]) == 1
    assert not (tmp_path / "lock.json").exists()
    said = capsys.readouterr()
    assert "! win_arm64: pip could not download pact-python-ffi==9.0" in said.out
    assert "stays as it is: a lock needs all platforms" in said.err


def test_a_report_alone_writes_nothing(index: Path, tmp_path: Path) -> None:
    assert upgrade.main(["9.0", "--report-only", "--lock", str(tmp_path / "lock.json")]) == 0
    assert not (tmp_path / "lock.json").exists()


def test_a_version_that_nobody_has_is_told_as_such(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upgrade.main(["8.0", "--report-only", "--lock", str(tmp_path / "lock.json")]) == 1
    said = capsys.readouterr().out
    assert said.endswith("  nothing to compare: no platform has a wheel of this version\n")
    assert "lacks: " not in said


def test_what_is_to_be_done_by_hand_names_files_that_are_there() -> None:
    files = re.findall(r"(?:pact_ffi|tests|ci)/[\w./-]+", upgrade.BY_HAND)
    assert len(files) >= 5
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_a_library_inside_the_extension_module_comes_with_its_libgcc(tmp_path: Path) -> None:
    wheel = tmp_path / "musl.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pact_ffi/ffi.abi3.so", b"extension")
        archive.writestr("pact_python_ffi.libs/libgcc_s-1.so.1", b"gcc")
    files = upgrade.describe("musllinux_1_2_x86_64", wheel)["files"]
    assert [(item["member"], item["to"]) for item in files] == [
        ("pact_ffi/ffi.abi3.so", "libpact_ffi.so"),
        ("pact_python_ffi.libs/libgcc_s-1.so.1", "../pact_python_ffi.libs/libgcc_s-1.so.1"),
    ]
