"""Each hostile input works, or is refused by an exception that names the matter; none crashes, hangs or is lost."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES = ("names_and_headers", "bodies_and_matchers", "servers_and_files", "verifications", "classic_inputs")
_CASE = re.compile(r"^@(?:works|refused\(.*\))\ndef (\w+)\(", re.MULTILINE)
NAMES = [name for module in MODULES for name in _CASE.findall((HERE / f"{module}.py").read_text(encoding="utf-8"))]
_SECONDS = 30  # that one case may take


def outcomes() -> dict[str, dict[str, Any]]:
    """Run all cases in a process of their own, and in a new one after a case that ends or blocks it."""
    found: dict[str, dict[str, Any]] = {}
    first: str | None = None
    while first is not None or not found:
        command = [sys.executable, str(HERE / "worker.py"), *([first] if first else [])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
        begun: str | None = None
        why = "ended the process"
        while True:
            try:
                line = lines.get(timeout=_SECONDS)
            except queue.Empty:
                why = f"did not end within {_SECONDS} seconds"
                break
            if not line:
                break
            said = json.loads(line)
            begun = said.get("begun")
            if not begun:
                found[said["name"]] = said
        process.kill()
        process.wait()
        if begun is None and not found:
            raise RuntimeError(f"the worker did not begin; run: {' '.join(command)}")
        first = None
        if begun is not None:
            found[begun] = {"name": begun, "words": [], "outcome": why}
            first = NAMES[NAMES.index(begun) + 1] if begun != NAMES[-1] else None
    return found


def _pass_on(stream: Any, lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    return outcomes()


@pytest.mark.parametrize("name", NAMES)
def test_an_input_works_or_is_refused_by_name(name: str, told: dict[str, dict[str, Any]]) -> None:
    said = told[name]
    if not said["words"]:
        assert said["outcome"] == "works"
    else:
        assert said["outcome"].startswith("refused: ")
        for word in said["words"]:
            assert word in said["outcome"]


def test_names_are_unique() -> None:
    assert len(NAMES) == len(set(NAMES)) > 200
