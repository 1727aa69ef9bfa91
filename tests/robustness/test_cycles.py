"""Short versions of what ``ci/robustness`` does at length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def cycle(what: str, number: int) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", str(HERE / "cycles.py"), what, str(number)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_serving_again_and_again_costs_no_memory_descriptor_or_thread() -> None:
    assert "descriptors" in cycle("serve", 400)


def test_verifying_again_and_again_costs_no_memory_descriptor_or_thread() -> None:
    assert "threads" in cycle("verify", 100)


def test_a_process_may_have_any_number_of_pacts() -> None:
    assert "still serves" in cycle("pacts", 2000)


def test_a_writer_may_be_killed_at_any_moment() -> None:
    assert "0 bad files, 0 with something lost, 0 files left behind" in cycle("kill", 6)


def test_a_pool_of_forked_children_serves_while_its_parent_does() -> None:
    assert "12 of 12" in cycle("fork", 12)
