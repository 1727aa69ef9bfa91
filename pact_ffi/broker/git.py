"""What the checkout and the CI service say about the code under test: branch, commit, build URL.

A CI service's own variables come first, for it checks out a detached HEAD, or a merge commit on no branch at all.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from pact_ffi.errors import UsageError

# Within each service, the source branch of a pull request comes before the branch of the build.
_BRANCH = """
    GITHUB_HEAD_REF GITHUB_REF CI_MERGE_REQUEST_SOURCE_BRANCH_NAME CI_COMMIT_BRANCH CI_COMMIT_REF_NAME BUILDKITE_BRANCH
    CIRCLE_BRANCH TRAVIS_PULL_REQUEST_BRANCH TRAVIS_BRANCH APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH APPVEYOR_REPO_BRANCH
    SYSTEM_PULLREQUEST_SOURCEBRANCH BUILD_SOURCEBRANCH BITBUCKET_BRANCH SEMAPHORE_GIT_PR_BRANCH SEMAPHORE_GIT_BRANCH
    DRONE_SOURCE_BRANCH DRONE_BRANCH CIRRUS_BRANCH BITRISE_GIT_BRANCH CODEBUILD_WEBHOOK_HEAD_REF CI_BRANCH
    CHANGE_BRANCH BRANCH_NAME GIT_LOCAL_BRANCH GIT_BRANCH"""
_COMMIT = """
    GITHUB_SHA CI_COMMIT_SHA BUILDKITE_COMMIT CIRCLE_SHA1 TRAVIS_PULL_REQUEST_SHA TRAVIS_COMMIT APPVEYOR_REPO_COMMIT
    BUILD_SOURCEVERSION BITBUCKET_COMMIT SEMAPHORE_GIT_SHA DRONE_COMMIT_SHA CIRRUS_CHANGE_IN_REPO BITRISE_GIT_COMMIT
    CODEBUILD_RESOLVED_SOURCE_VERSION CI_COMMIT_ID GIT_COMMIT"""
_BUILD_URL = """
    CI_JOB_URL BUILDKITE_BUILD_URL CIRCLE_BUILD_URL TRAVIS_BUILD_WEB_URL DRONE_BUILD_LINK BITRISE_BUILD_URL
    CODEBUILD_BUILD_URL BUILD_URL"""
_PULL_REQUEST = """
    CI_MERGE_REQUEST_IID CIRCLE_PULL_REQUEST TRAVIS_PULL_REQUEST APPVEYOR_PULL_REQUEST_NUMBER BUILDKITE_PULL_REQUEST
    SYSTEM_PULLREQUEST_PULLREQUESTID BITBUCKET_PR_ID SEMAPHORE_GIT_PR_NUMBER DRONE_PULL_REQUEST CIRRUS_PR
    BITRISE_PULL_REQUEST CHANGE_ID"""
# In the build of a tag these hold the tag's name.
_TAG_BUILD = {"CI_COMMIT_REF_NAME": "CI_COMMIT_TAG", "TRAVIS_BRANCH": "TRAVIS_TAG"}


def branch(directory: str | Path | None = None) -> str:
    """Return the branch of the build or of the checkout in ``directory`` (default: the working directory).

    Raises:
        UsageError: neither a CI variable nor git names one.
    """
    for name, value in _environment(_BRANCH):
        value = value.removeprefix("refs/heads/")
        if name == "GIT_BRANCH":  # Jenkins puts the remote's name in front
            value = value.removeprefix("origin/")
        # other refs are tags and pull requests' merges: no branch
        if value != "HEAD" and not value.startswith("refs/") and not os.environ.get(_TAG_BUILD.get(name, "")):
            return value
    # detached: the commit may still be the tip of exactly one remote branch
    tips = _git(directory, "for-each-ref", "--points-at=HEAD", "--format=%(refname:strip=3)", "refs/remotes").split()
    remote = {tip for tip in tips if tip != "HEAD"}
    found = _git(directory, "symbolic-ref", "--short", "-q", "HEAD") or (remote.pop() if len(remote) == 1 else "")
    return found or _missing("branch", directory)


def commit(directory: str | Path | None = None) -> str:
    """Return the full hash of the commit that is built or checked out in ``directory``; raises `UsageError` if none."""
    found = next((value for _, value in _environment(_COMMIT) if re.fullmatch("[0-9a-fA-F]{7,64}", value)), "")
    return found or _git(directory, "rev-parse", "--verify", "-q", "HEAD") or _missing("commit", directory)


def build_url() -> str | None:
    """Return the address of the CI build that runs us, or None outside of the services known here."""
    github = [value for _, value in _environment("GITHUB_SERVER_URL GITHUB_REPOSITORY GITHUB_RUN_ID")]
    if len(github) == 3:
        return "{}/{}/actions/runs/{}".format(*github)
    return next((value for _, value in _environment(_BUILD_URL)), None)


def pull_request() -> str | None:
    """Return the variable that says that this is the build of a pull request, or None."""
    if os.environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return "GITHUB_EVENT_NAME"
    return next((name for name, value in _environment(_PULL_REQUEST) if value.lower() != "false"), None)


def _environment(names: str) -> list[tuple[str, str]]:
    """Those of the variables that have a value."""
    return [(name, value) for name in names.split() if (value := os.environ.get(name, "").strip())]


def _git(directory: str | Path | None, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=directory, capture_output=True, encoding="utf-8", timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    except UnicodeDecodeError as error:
        raise UsageError(f"git's answer is not UTF-8: {error.object!r}; pass the value explicitly") from None
    return done.stdout.strip() if done.returncode == 0 else ""


def _missing(what: str, directory: str | Path | None) -> str:
    raise UsageError(
        f"no git {what} could be detected: no CI variable names one and {Path(directory or '.').resolve()} is not "
        f"a git checkout with a {what}; pass the {what} explicitly"
    )
