"""Test suites in the style of each generation of pact-python and of projects that use it, run on ours unchanged."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITES = Path(__file__).parent / "generations"
_STATE_V3 = {
    '"user 1 exists", name="Ada")': '"user 1 exists", parameters={"name": "Ada"})',
    '"user 1 exists", {"name": "Ada"})': '"user 1 exists", parameters={"name": "Ada"})',
}
# what is written, and what stands there in another generation
RUNS = {
    "pact-python 1 and 2": ("classic", {}),
    "pact.v2 of pact-python 3": ("classic", {"from pact import": "from pact.v2 import"}),
    "pact-python 3 and 4": ("modern", {}),
    "pact.v3 of pact-python 2": (
        "modern",
        {"from pact import": "from pact.v3 import", "from pact.error import": "from pact.v3.pact import", **_STATE_V3},
    ),
    "a project with unittest": ("classic_unittest", {}),
    "the same by pact.v2": ("classic_unittest", {"from pact import": "from pact.v2 import"}),
    "a project with a queue": ("classic_messages", {}),
    "a project with services in threads": ("modern_projects", {}),
}


@pytest.mark.parametrize("run", RUNS)
def test_a_suite_of_that_generation_runs_unchanged(run: str, tmp_path: Path) -> None:
    name, replaced = RUNS[run]
    text = (SUITES / f"{name}.py").read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / f"test_{name}.py").write_text(text, encoding="utf-8")
    shutil.copy(SUITES / "users.py", tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{name}.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout and "skipped" not in done.stdout and "failed" not in done.stdout


def test_no_two_suites_are_the_same() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SUITES.glob("*.py")]
    assert len({text.partition("\n\n")[2].replace("pact.v2", "pact") for text in texts}) == len(texts)
