"""Test-suites in the style of each generation of pact-python, run on ours without a change."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITES = Path(__file__).parent / "generations"


@pytest.mark.parametrize("suite", sorted(path.stem for path in SUITES.glob("suite_*.py")))
def test_a_suite_of_that_generation_runs_unchanged(suite: str, tmp_path: Path) -> None:
    for name in (f"{suite}.py", "users.py"):
        shutil.copy(SUITES / name, tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{suite}.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout and "skipped" not in done.stdout and "failed" not in done.stdout
