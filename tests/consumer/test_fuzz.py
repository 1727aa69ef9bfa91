"""No input ends the process, and none raises anything but our own exceptions: a short run of the fuzzer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_random_stories_neither_crash_nor_surprise(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONIOENCODING": "utf-8:backslashreplace"}
    result = subprocess.run(
        [sys.executable, str(HERE / "fuzz_builders.py"), "400", "7", str(tmp_path / "last")],
        env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=120, errors="replace",
    )  # fmt: skip
    last = (tmp_path / "last").read_text(encoding="utf-8")
    assert result.returncode == 0, f"{result.stdout}\n{result.stderr}\nlast story: {last}"
    assert "0 findings" in result.stdout
