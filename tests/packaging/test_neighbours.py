import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pact_ffi.cli import info
from pact_ffi.core import neighbours

ROOT = Path(__file__).parents[2]


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder to import from in which pact-python and pact-python-ffi lie."""
    for mark in neighbours.MARKS.values():
        (tmp_path / mark).parent.mkdir()
        (tmp_path / mark).write_text("")
    return tmp_path


def run(code: str, *folders: Path, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *folders)))}
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("package", ["pact", "pact_ffi", "pact.v3", "pact_ffi.match"])
def test_a_neighbour_is_said_at_import_once(beside: Path, package: str) -> None:
    done = run(f"import {package}", beside)
    assert done.returncode == 0
    assert done.stderr.count("PactWarning") == 1
    assert f"pact-python (in {beside}) and pact-python-ffi (in {beside})" in done.stderr
    assert "pip uninstall pact-python pact-python-ffi" in done.stderr


def test_alone_nothing_is_said(tmp_path: Path) -> None:
    done = run("import pact, pact_ffi", tmp_path, options=("-W", "error"))
    assert (done.returncode, done.stderr) == (0, "")


def test_whoever_wants_no_neighbour_can_make_it_an_error(beside: Path) -> None:
    done = run("import pact", beside, options=("-W", "error"))
    assert done.returncode == 1 and "PactWarning: pact-python" in done.stderr


def test_info_says_it_too(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "conflict" not in dict(info.describe())
    monkeypatch.syspath_prepend(beside)
    said = dict(info.describe())["conflict"]
    assert (
        "pact-python" in said and "pact-python-ffi" in said and "are installed, too" in said and "pip uninstall" in said
    )


def test_looking_costs_less_than_a_third_of_a_millisecond() -> None:
    neighbours.found()

    def once() -> float:
        started = time.perf_counter()
        neighbours.found()
        return time.perf_counter() - started

    assert sorted(once() for _ in range(21))[10] < 0.0003


def test_info_names_what_an_older_core_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from pact_ffi.core import library

    monkeypatch.setattr(library, "has", lambda name: name != "pactffi_register_log_callback")
    assert dict(info.describe())["core lacks"] == "pactffi_register_log_callback (needs core >= 0.5.10)"
