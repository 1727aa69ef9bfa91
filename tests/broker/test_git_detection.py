from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pact_ffi.broker import git
from pact_ffi.errors import UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    run(tmp_path, "init", "-q", "-b", "feat/one")
    run(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_checkout_is_asked(checkout: Path) -> None:
    assert git.branch(checkout) == "feat/one"
    assert git.commit(checkout) == run(checkout, "rev-parse", "HEAD")
    assert git.build_url() is None


def test_a_detached_head_is_found_at_the_tip_of_one_remote_branch(checkout: Path) -> None:
    run(checkout, "checkout", "-q", "--detach")
    with pytest.raises(UsageError, match="no git branch could be detected: no CI variable names one and .* pass the"):
        git.branch(checkout)
    run(checkout, "update-ref", "refs/remotes/origin/feat/two", "HEAD")
    assert git.branch(checkout) == "feat/two"
    run(checkout, "update-ref", "refs/remotes/origin/feat/three", "HEAD")
    with pytest.raises(UsageError):
        git.branch(checkout)


def test_outside_of_a_checkout_nothing_is_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="no git commit could be detected"):
        git.commit(tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="no git branch could be detected"):
        git.branch(tmp_path)


@pytest.mark.parametrize(
    ("variables", "branch"),
    [
        ({"GITHUB_HEAD_REF": "feat/x", "GITHUB_REF": "refs/pull/7/merge"}, "feat/x"),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF": "refs/heads/main"}, "main"),
        ({"GITHUB_REF": "refs/tags/v1"}, "feat/one"),
        ({"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "mr", "CI_COMMIT_REF_NAME": "other"}, "mr"),
        ({"CI_COMMIT_REF_NAME": "main"}, "main"),
        ({"CI_COMMIT_REF_NAME": "v1", "CI_COMMIT_TAG": "v1"}, "feat/one"),
        ({"BUILDKITE_BRANCH": "b"}, "b"),
        ({"BUILD_SOURCEBRANCH": "refs/heads/a/b"}, "a/b"),
        ({"GIT_BRANCH": "origin/main"}, "main"),
        ({"CIRCLE_BRANCH": "HEAD"}, "feat/one"),
    ],
)
def test_ci_variables_go_before_the_checkout(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], branch: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert git.branch(checkout) == branch


def test_ci_commits_and_builds(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDKITE_COMMIT", "HEAD")
    assert git.commit(checkout) == run(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("CI_COMMIT_SHA", "c0ffee" * 6)
    assert git.commit(checkout) == "c0ffee" * 6
    monkeypatch.setenv("BUILD_URL", "https://jenkins/1")
    assert git.build_url() == "https://jenkins/1"
    for name, value in {"SERVER_URL": "https://github.com", "REPOSITORY": "a/b", "RUN_ID": "5"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    assert git.build_url() == "https://github.com/a/b/actions/runs/5"


@pytest.mark.parametrize("name", ["wip/größe", "日本"])
def test_a_branch_is_read_as_utf_8_whatever_the_locale_says(checkout: Path, name: str) -> None:
    run(checkout, "checkout", "-q", "-b", name)
    code = "import sys; from pact_ffi.broker import git; sys.stdout.buffer.write(git.branch(sys.argv[1]).encode())"
    locale = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    there = [sys.executable, "-c", code, str(checkout)]
    said = subprocess.run(there, env={**os.environ, **locale}, cwd=ROOT, check=True, capture_output=True).stdout
    assert said.decode() == name


def test_an_answer_of_git_that_is_not_utf_8_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "git").write_text("#!/bin/sh\nprintf 'wip/gr\\303'\n")
    (checkout / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(checkout), prepend=os.pathsep)
    if sys.platform == "win32":
        pytest.skip("the other git is a shell script")
    with pytest.raises(UsageError, match=r"git's answer is not UTF-8: b'wip/gr\\xc3'; pass the value explicitly"):
        git.branch(checkout)
