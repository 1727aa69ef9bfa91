from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from pact_broker import StandInBroker

from pact_ffi.broker.client import Broker
from pact_ffi.cli.main import main
from pact_ffi.core import library

ROOT = Path(__file__).parents[2]


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pact_ffi", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_publish_in_a_pipeline(broker: StandInBroker, write_pact) -> None:
    broker.login = "Bearer t0k"
    env = {"PACT_BROKER_BASE_URL": broker.url, "PACT_BROKER_TOKEN": "t0k"}
    done = command("publish", write_pact().parent, "--version", "1", "--branch", "main", "--tag", "a", "-t", "b", **env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        "Created Foo version 1 with branch main and tags a, b",
        "Pact successfully published for Foo version 1 and provider Bar.",
    ]
    assert broker.versions["Foo", "1"] == {"branch": "main", "tags": ["a", "b"]}
    changed = command("publish", write_pact(description="b"), "--version", "1", **env)
    assert changed.returncode == 1
    assert "409 Conflict: Cannot change the content of the pact" in changed.stderr
    refused = command("publish", write_pact(), "--version", "2", **{**env, "PACT_BROKER_TOKEN": "n0pe"})
    assert refused.returncode == 2
    assert "401 Unauthorized: the credentials were refused" in refused.stderr
    assert "n0pe" not in refused.stderr and "Traceback" not in refused.stderr


def test_can_i_deploy_answers_by_exit_code(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    for version, success in {"1": True, "2": False, "3": None}.items():
        broker.verified("Foo", version, success)
    Broker(broker.url).record_deployment("Bar", "7", "test")
    ask = ["can-i-deploy", "--broker-base-url", broker.url, "--pacticipant", "Foo", "--to-environment", "test"]
    assert [main([*ask, "--version", version]) for version in ("1", "2", "3")] == [0, 1, 1]
    assert main([*ask, "--latest"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "Foo 1 - Bar 7: ok",
        "Safe to deploy.",
        "All required verification results are published and successful",
    ]
    assert lines[3:5] == ["Foo 2 - Bar 7: FAILED", "NOT safe to deploy."]
    assert lines[6] == "Foo 3 - Bar (no version): not verified"


def test_deployments_are_recorded(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    broker.store.made("Foo", "1")
    at = ["--broker-base-url", broker.url, "--pacticipant", "Foo", "--environment", "test"]
    assert main(["record-deployment", *at, "--version", "1", "--application-instance", "eu"]) == 0
    assert main(["record-undeployment", *at, "--application-instance", "eu"]) == 0
    assert main(["record-release", *at, "--version", "1"]) == 0
    assert main(["record-support-ended", *at, "--version", "1"]) == 0
    assert [(entry.kind, entry.current) for entry in broker.store.presences] == [
        ("deployed-versions", False),
        ("released-versions", False),
    ]
    assert capsys.readouterr().out.splitlines()[0] == "record-deployment: Foo 1 test eu: done"
    assert main(["record-release", *at, "--version", "9"]) == 2


def test_wrong_usage_is_2_and_help_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["publish"], [], ["nonsense"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
    assert main(["can-i-deploy", "--pacticipant", "Foo", "--version", "1"]) == 2
    assert "error: no broker URL: pass one or set PACT_BROKER_BASE_URL" in capsys.readouterr().err
    for name in ("publish", "can-i-deploy", "record-deployment", "record-release", "verify", "info"):
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
    assert "Exit codes: 0 yes or done; 1 broken contract" in command("--help", COLUMNS="200").stdout


def test_info_names_core_plugins_and_neighbours(tmp_path: Path) -> None:
    (tmp_path / "csv-1.0").mkdir()
    (tmp_path / "csv-1.0" / "pact-plugin.json").write_text(json.dumps({"name": "csv", "version": "1.0.0"}))
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "pact-plugin.json").write_text("{")
    site = tmp_path / "site" / "pact_python-4.2.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: pact-python\nVersion: 4.2.0\n")
    done = command("info", PACT_PLUGIN_DIR=str(tmp_path), PYTHONPATH=str(site.parent))
    assert (done.returncode, done.stderr) == (0, "")
    facts = dict(line.split(":", 1) for line in done.stdout.splitlines())
    facts = {name: value.strip() for name, value in facts.items()}
    assert facts["core"] == library.version()
    assert facts["core path"] == str(library.path())
    assert facts["core sha256"] == hashlib.sha256(Path(library.path()).read_bytes()).hexdigest()
    assert facts["core origin"] == library.origin()
    assert facts["specifications"] == "V1, V1.1, V2, V3, V4"
    assert facts["plugins"] == "csv 1.0.0, odd (unreadable manifest)"
    assert facts["conflict"].startswith("pact-python 4.2.0 is installed, too")


def test_info_says_when_the_core_cannot_be_loaded(tmp_path: Path) -> None:
    done = command("info", PACT_FFI_LIBRARY=str(tmp_path / "nothing.so"))
    assert done.returncode == 2
    assert "core:           unusable: " in done.stdout and "nothing.so" in done.stdout


class _Recorder:
    """Stands where the verifier is, and writes down in which words it is called."""

    def __init__(self, calls: list[tuple[object, ...]]) -> None:
        self._calls = calls

    def __getattr__(self, name: str) -> Callable[..., _Recorder]:
        def call(*arguments: object, **named: object) -> _Recorder:
            self._calls.append((name, *arguments, *((named,) if named else ())))
            return self

        return call


def test_verify_says_to_the_verifier_what_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []
    module = ModuleType("pact_ffi.provider.verifier")
    module.Verifier = lambda name: _Recorder(calls)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "t0k")
    base = ["verify", "--provider", "Bar", "--provider-url", "http://localhost:80"]
    assert main([*base, "a.json", "https://broker/pact?x=1", "--header", "A: b:c", "--state-url", "http://s"]) == 0
    assert calls == [
        ("add_transport", {"url": "http://localhost:80"}),
        ("add_source", "a.json"),
        ("webhook_source", "https://broker/pact?x=1"),
        ("state_handler", "http://s", {"body": True}),
        ("add_custom_header", "A", "b:c"),
        ("verify",),
    ]
    calls.clear()
    wide = ["--consumer-version-selector", "{}", "--branch", "b", "--enable-pending", "--publish-version", "1"]
    assert main([*base, *wide, "--broker-username", "me", "--tag", "t", "--consumer", "Foo", "--description", "d"]) == 0
    assert calls[1:] == [
        ("broker_source", None, {"username": "me", "password": None, "token": None, "selector": True}),
        ("consumer_versions", "{}"),
        ("provider_branch", "b"),
        ("include_pending",),
        ("build",),
        ("set_publish_options", "1", None, "b", ["t"]),
        ("filter", "d", {"state": None, "no_state": False}),
        ("filter_consumers", "Foo"),
        ("verify",),
    ]
    assert main([*base, "--header", "nonsense"]) == 2


def test_verify_answers_by_exit_code(broker: StandInBroker, write_pact) -> None:
    good, bad = write_pact("Good"), write_pact("Bad")
    bad.write_text(bad.read_text().replace("200", "418"))
    at = ["verify", "--provider", "Bar", "--provider-url", broker.url]
    passed = command(*at, good)
    assert (passed.returncode, passed.stdout, passed.stderr) == (0, "Bar: all pacts verified\n", "")
    failed = command(*at, good, bad)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "expected 418 but was 200" in failed.stderr and "Traceback" not in failed.stderr
    assert command(*at, good.parent / "missing.json").returncode == 2
