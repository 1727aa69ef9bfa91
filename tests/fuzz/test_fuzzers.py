"""A short run of each fuzzer of `ci/fuzz`: no input ends the process, and each refusal is one of our exceptions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def fuzzed(folder: Path, script: str, *arguments: str) -> str:
    """What a fuzzer prints that ends well."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONIOENCODING": "utf-8:backslashreplace"}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize(
    ("script", "count"),
    [("calls.py", 6000), ("pact_files.py", 400), ("requests_sent.py", 200), ("handlers.py", 300), ("brokers.py", 300)],
)
def test_random_input_neither_crashes_nor_surprises(script: str, count: int, tmp_path: Path) -> None:
    assert '"findings": {}' in fuzzed(tmp_path, script, str(count), "5")


def test_random_stories_neither_crash_nor_surprise(tmp_path: Path) -> None:
    assert "0 findings" in fuzzed(tmp_path, "builders.py", "400", "7", str(tmp_path / "last"))
