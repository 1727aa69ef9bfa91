"""The pipelines of examples/ci, run from an empty broker to a breaking change; docs/broker.md quotes what they print.

The broker is the stand-in. The READMEs docs/broker.md and examples/ci/README.md have no other blocks that could run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pact_broker import StandInBroker

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "ci"
PAGE = ROOT / "docs" / "broker.md"


class Repository:
    """A project under git, with its pipeline."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        self.path, self._environment = folder / name, environment
        shutil.copytree(EXAMPLE / name, self.path)
        self.git("init", "-q", "-b", "main")
        self.commit("the first version")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(["git", *identity, *arguments], cwd=self.path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def change(self, file: str, old: str, new: str) -> str:
        path = self.path / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        return self.commit(f"{old} becomes {new}")

    def run(self, script: str, **more: str) -> tuple[int, str]:
        done = subprocess.run(
            [f"./{script}"],
            cwd=self.path,
            env={**self._environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture
def environment(tmp_path: Path, broker: StandInBroker) -> dict[str, str]:
    """Python and the commands of this checkout, as if they were installed; the broker's login in the variables."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, command in {"pact-ffi": "-m pact_ffi", "python": ""}.items():
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        (tools / name).chmod(0o755)
    broker.login = "Bearer t0k"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {
        **kept,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PACT_BROKER_BASE_URL": broker.url,
        "PACT_BROKER_TOKEN": "t0k",
        "RETRIES": "0",
    }


def quoted(section: str) -> str:
    """What the page shows below a heading."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = re.search(r"^```text\n(.*?)^```", text, re.M | re.S)
    assert found, section
    return found[1]


def assert_quoted(section: str, printed: str, **names: str) -> None:
    for name, value in names.items():
        printed = printed.replace(value, name)
    lines = [line for line in quoted(section).splitlines() if line.strip() not in ("", "...")]
    for line in lines:
        assert line in printed, f"{section}: not printed: {line}\n{printed}"


@pytest.mark.skipif(sys.platform == "win32", reason="the pipelines are shell scripts")
def test_from_nothing_to_safe_and_then_a_breaking_change(tmp_path: Path, environment: dict[str, str]) -> None:
    with StandInBroker(login="Bearer t0k", environments=()) as broker:
        environment["PACT_BROKER_BASE_URL"] = broker.url
        shop, orders = (Repository(name, tmp_path, environment) for name in ("shop", "orders"))
        made = subprocess.run(
            ["pact-ffi", "create-environment", "--name", "production", "--production"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stdout == "create-environment: production: done\n"

        # The consumer comes first: nobody has verified its pact yet.
        first = shop.git("rev-parse", "HEAD")
        code, printed = shop.run("pipeline.sh")
        assert code == 1 and "Here goes" not in printed, printed
        assert_quoted("When it says no", printed, VERSION=first)

        # The provider verifies it, is deployed, and the consumer may follow.
        code, printed = orders.run("pipeline.sh")
        assert code == 0 and "Here goes" in printed
        version = orders.git("rev-parse", "HEAD")
        assert_quoted("The provider's pipeline", printed, VERSION=version)
        code, printed = shop.run("pipeline.sh")
        assert code == 0
        assert_quoted("The consumer's pipeline", printed, VERSION=first, PROVIDER=version)
        present = [(p.version.pacticipant, p.version.number) for p in broker.store.presences if p.current]
        assert present == [("orders", version), ("shop", first)]

        # A breaking change: caught by the verification, and by can-i-deploy.
        broken = orders.change("provider.py", '"status"', '"state"')
        code, printed = orders.run("pipeline.sh")
        assert code == 1 and "Here goes" not in printed, printed
        assert_quoted("A breaking change", printed)
        ask = ["pact-ffi", "can-i-deploy", "-a", "orders", "-e", broken, "--to-environment", "production"]
        asked = subprocess.run(ask, env=environment, capture_output=True, text=True, check=False)
        assert asked.returncode == 1 and "NOT safe to deploy." in asked.stdout
        assert f"shop {first} - orders {broken}: FAILED" in asked.stdout

        # A webhook brings one pact; in a pull request nothing is published.
        orders.change("provider.py", '"state"', '"status"')
        url, count = broker.pact_url(broker.store.pacts[-1]), len(broker.published)
        code, printed = orders.run("webhook.sh", PACT_URL=url)
        assert (code, len(broker.published)) == (0, count + 1), printed
        code, printed = orders.run("verify.sh", GITHUB_EVENT_NAME="pull_request")
        assert (code, len(broker.published)) == (0, count + 1), printed


@pytest.mark.parametrize("file", sorted(EXAMPLE.rglob("*.yml")), ids=lambda path: str(path.relative_to(EXAMPLE)))
def test_the_files_for_services_are_well_formed_and_call_what_there_is(file: Path) -> None:
    from pact_ffi.cli.main import _parser

    text = file.read_text()
    assert yaml.safe_load(text)
    folded = re.sub(r">\n\s+", "", text)
    for line in folded.splitlines():
        command = re.search(r"pact-ffi (?!pytest)([a-z].*)", line)
        if command and "pip install" not in line:
            words = re.sub(r"\s+(--retry)", r" \1", command[1]).replace('"', "").split()
            _parser().parse_args(words)
    for script in re.findall(r"\./(\w+\.sh)", text):
        assert any((EXAMPLE / name / script).is_file() for name in ("shop", "orders")), script
