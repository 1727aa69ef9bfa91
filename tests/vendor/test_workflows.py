"""The workflow files run what is there, on every platform that is promised, by actions that nobody can change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
JOBS: dict[str, Any] = {
    f"{file.stem}: {name}": job
    for file in FILES
    for name, job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].items()
}


def steps(job: Any, kind: str) -> list[str]:
    return [step[kind] for step in job["steps"] if kind in step]


def pythons(*jobs: str) -> set[str]:
    found: set[str] = set()
    for name in jobs:
        matrix = JOBS[name]["strategy"]["matrix"]
        found |= set(matrix.get("python", ())) | {entry["python"] for entry in matrix.get("include", ())}
    return found


def systems(job: str) -> set[str]:
    matrix = JOBS[job]["strategy"]["matrix"]
    return {*matrix["os"], *(entry["os"] for entry in matrix.get("include", ()))}


@pytest.mark.parametrize("job", JOBS)
def test_what_a_step_runs_is_there(job: str) -> None:
    commands = "\n".join(steps(JOBS[job], "run"))
    named = set(re.findall(r"(?<![\w/.])((?:ci|tests|vendor)/[\w./-]+)", commands))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    for path in named:
        if path.startswith("ci/") and "." not in path:
            assert (ROOT / path).stat().st_mode & 0o111, f"{path} cannot be executed"


@pytest.mark.parametrize("job", JOBS)
def test_actions_are_pinned_by_their_commit(job: str) -> None:
    assert [action for action in steps(JOBS[job], "uses") if not re.search("@[0-9a-f]{40}$", action)] == []


@pytest.mark.parametrize("job", JOBS)
def test_a_job_needs_jobs_that_are_there_and_ends(job: str) -> None:
    file = job.partition(":")[0]
    needs = JOBS[job].get("needs", [])
    assert all(f"{file}: {need}" in JOBS for need in ([needs] if isinstance(needs, str) else needs))
    assert JOBS[job].get("timeout-minutes") or "environment" in JOBS[job]


def test_the_pythons_that_the_package_names_are_tried() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"Programming Language :: Python :: (3\.\d+)", project))
    assert len(named) >= 6
    assert named <= pythons("test: test", "test: newer")
    assert {"3.14t", "pypy3.11"} <= pythons("test: newer") & pythons("wheels: try")


def test_every_wheel_is_tried_where_it_is_for() -> None:
    tried = systems("wheels: try") | {f"musl on {name}" for name in systems("wheels: musl")}
    intel = {"ubuntu-24.04", "macos-15-intel", "windows-2025", "musl on ubuntu-24.04"}
    arm = {"ubuntu-24.04-arm", "macos-15", "windows-11-arm", "musl on ubuntu-24.04-arm"}
    assert intel | arm <= tried


def test_the_suite_runs_on_every_system() -> None:
    assert {name.partition("-")[0] for name in systems("test: test")} == {"ubuntu", "macos", "windows"}
