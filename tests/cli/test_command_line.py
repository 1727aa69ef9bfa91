from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pact_broker import StandInBroker
from platforms import needs_posix

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
    assert (done.returncode, done.stderr) == (0, "publishing 1 pact of Foo, version 1\n")
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
    assert "no broker URL: pass one (--broker-base-url), or set" in capsys.readouterr().err
    assert main(["verify", "--provider", "Bar", "--provider-url", "http://127.0.0.1:9"]) == 2
    assert "no pacts to verify: name files, folders or URLs, or a broker" in capsys.readouterr().err
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


GOOD = {"request": {"method": "GET", "path": "/environments"}, "response": {"status": 200}}
VERIFY = ["verify", "--provider", "Bar", "--provider-url"]


def offer(broker: StandInBroker, consumer: str = "Foo", status: int = 200, **item: object) -> None:
    interaction = {"description": "a", **GOOD, **item, "response": {"status": status}}
    sides = {"consumer": {"name": consumer}, "provider": {"name": "Bar"}}
    broker.offer({**sides, "interactions": [interaction]})


def test_verify_says_how_many_and_answers_by_exit_code(broker: StandInBroker, write_pact) -> None:
    good, bad = write_pact("Good"), write_pact("Bad")
    bad.write_text(bad.read_text().replace("200", "418"))
    at = [*VERIFY, broker.url]
    passed = command(*at, good)
    assert (passed.returncode, passed.stderr) == (0, "")
    assert passed.stdout == "Verification of provider 'Bar' passed: 1 interaction\n"
    failed = command(*at, good, bad)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "expected 418 but was 200" in failed.stderr and "Traceback" not in failed.stderr
    assert command(*at, good.parent / "missing.json").returncode == 2


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--workers", "2"], 0, "passed: 1 interaction"),
        (["--workers", "2", "--state-url", "http://127.0.0.1:1/states"], 2, "independent_states=True"),
        (["--workers", "0"], 2, "the number of workers must be a positive integer, not 0"),
        (["--workers", "two"], 2, "invalid int value: 'two'"),
    ],
)
def test_verify_with_several_workers(
    broker: StandInBroker, write_pact, options: list[str], code: int, said: str
) -> None:
    done = command(*VERIFY, broker.url, write_pact(), *options)
    assert done.returncode == code and said in done.stdout + done.stderr


def test_verify_asks_the_broker_for_what_it_was_told(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(broker)
    monkeypatch.setenv("PACT_BROKER_BASE_URL", broker.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "t0k")
    wide = ["--consumer-version-selector", '{"mainBranch": true}', "--consumer-version-tag", "", "--branch", "b"]
    wide += ["--enable-pending", "--include-wip-pacts-since", "2026-01-31", "--tag", "t", "--tag", ""]
    wide += ["--publish-version", "1", "--build-url", "http://ci/1", "--header", "X-Who: me", "--time-limit", "60"]
    assert main([*VERIFY, broker.url, *wide, "--request-timeout", "10", "--timeout", "20"]) == 0
    [asked] = broker.seen("POST", "for-verification")
    assert asked.headers["authorization"] == "Bearer t0k"
    assert asked.body == {
        "consumerVersionSelectors": [{"mainBranch": True}],
        "includePendingStatus": True,
        "includeWipPactsSince": "2026-01-31",
        "providerVersionBranch": "b",
        "providerVersionTags": ["t"],
    }
    assert broker.published[0]["buildUrl"] == "http://ci/1"
    assert broker.versions["Bar", "1"] == {"branch": "b", "tags": ["t"]}
    assert {request.headers.get("x-who") for request in broker.seen("GET", "/environments")} == {"me"}


def test_verify_shows_pending_failures_and_notices(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    offer(broker, status=418)
    at = [*VERIFY, broker.url, "-b", broker.url]
    assert main([*at, "--enable-pending", "--branch", "main"]) == 0
    shown = capsys.readouterr().out
    assert "Pending (does not fail the run): status: expected 418 but was 200\n  in Foo: a" in shown
    assert "still in pending state for any version of Bar from branch 'main'" in shown
    assert "no longer in pending" not in shown and "0 interactions, 1 pending" in shown
    assert main(at) == 1


def test_verify_does_not_publish_what_was_filtered(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    offer(broker)
    assert main([*VERIFY, broker.url, "-b", broker.url, "--publish-version", "1", "--description", "a"]) == 0
    assert broker.published == []
    assert "Note: no result was published: only description 'a' was verified" in capsys.readouterr().out


@pytest.mark.parametrize("variable", ["GITHUB_EVENT_NAME=pull_request", "CI_MERGE_REQUEST_IID=7", "CHANGE_ID=7"])
def test_verify_does_not_publish_in_a_pull_request(
    broker: StandInBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    offer(broker)
    monkeypatch.setenv(*variable.split("="))
    at = [*VERIFY, broker.url, "-b", broker.url, "--publish-version", "1"]
    assert main(at) == 0 and broker.published == []
    told = f"Nothing will be published: this is the build of a pull request ({variable.partition('=')[0]})"
    assert told in capsys.readouterr().out
    assert main([*at, "--publish"]) == 0 and len(broker.published) == 1
    monkeypatch.delenv(variable.partition("=")[0])
    assert main([*at, "--no-publish"]) == 0 and len(broker.published) == 1
    assert main(at) == 0 and len(broker.published) == 2
    assert main([*VERIFY, broker.url, "-b", broker.url, "--publish"]) == 2


def test_verify_without_pacts_may_be_right(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    at = [*VERIFY, broker.url, "-b", broker.url]
    assert main(at) == 1
    assert "the broker has no pact for provider 'Bar'" in capsys.readouterr().err
    assert main([*at, "--no-pacts-is-ok"]) == 0


def test_verify_takes_a_webhooks_url(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(broker)
    url = broker.pact_url(broker.store.pacts[0])
    monkeypatch.setenv("PACT_BROKER_TOKEN", "t0k")
    assert main([*VERIFY, broker.url, url, "--publish-version", "1"]) == 0
    assert main([*VERIFY, broker.url, url, "--broker-username", "me", "--broker-password", "pw"]) == 0
    asked = broker.seen("GET", "/pact-version/")
    assert [request.headers["authorization"] for request in asked] == ["Bearer t0k", "Basic bWU6cHc="]
    assert len(broker.published) == 1


def test_a_broker_in_trouble_is_2_and_told_as_it_happens(
    broker: StandInBroker, capsys: pytest.CaptureFixture[str], write_pact
) -> None:
    for arguments in (
        ["publish", str(write_pact()), "-a", "1"],
        [*VERIFY, broker.url],
        ["can-i-deploy", "-a", "Foo", "-e", "1"],
        ["record-deployment", "-a", "Foo", "-e", "1", "--environment", "test"],
        ["create-environment", "--name", "x"],
        ["describe-version", "-a", "Foo"],
    ):
        for path in ("/", "/matrix"):
            broker.answers[path] = (503, {"error": "maintenance"}, {"Retry-After": "0"})
        assert main([*arguments, "-b", broker.url, "--retries", "1"]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert "503 Service Unavailable; asking again in 0.25 s (1 of 1)" in lines[0]
        assert "503 Service Unavailable: maintenance" in lines[-1] and lines[-1].startswith("error: GET http")


def test_can_i_deploy_takes_the_official_options(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    broker.verified("Foo", "1", True)
    broker.verified("Foo", "2", False)
    broker.store.put_on_branch(broker.store.version("Foo", "2"), "main")
    Broker(broker.url).record_deployment("Bar", "7", "test")
    ask = ["can-i-deploy", "-b", broker.url]
    pair = ["--pacticipant", "Foo", "--version", "1", "--pacticipant", "Bar", "--version", "7"]
    assert main([*ask, *pair]) == 0
    assert main([*ask, "-e", "1", "-a", "Foo", "--to-environment", "test"]) == 0
    assert main([*ask, "-a", "Foo", "--branch", "main", "--to-environment", "test"]) == 1
    assert main([*ask, "-a", "Foo", "--main-branch", "--to-environment", "test"]) == 1
    assert main([*ask, "-a", "Foo", "-e", "2", "--to-environment", "test", "--ignore", "Bar"]) == 0
    assert main([*ask, "-a", "Foo", "-e", "2", "--to-environment", "test", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "Foo 2 - Bar 7: FAILED (ignored)" in shown and shown.endswith("dry run: the answer does not count.\n")
    assert main([*ask, "-a", "Foo", "-e", "2", "--to-environment", "test", "-o", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["summary"]["deployable"] is False and len(answer["matrix"]) == 1
    assert main([*ask, "--version", "1"]) == 2
    assert main([*ask, "-a", "Nope", "-e", "1"]) == 2
    assert main([*ask, "-a", "Nope", "-e", "1", "--dry-run"]) == 0


def test_environments_and_versions(broker: StandInBroker, capsys: pytest.CaptureFixture[str]) -> None:
    broker.store.put_on_branch(broker.store.made("Foo", "1"), "main")
    assert main(["create-environment", "-b", broker.url, "--name", "live", "--production"]) == 0
    assert main(["record-deployment", "-b", broker.url, "-a", "Foo", "-e", "1", "--environment", "live"]) == 0
    assert main(["describe-version", "-b", broker.url, "-a", "Foo"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "create-environment: live: done",
        "record-deployment: Foo 1 live: done",
        "pacticipant: Foo",
        "version:     1",
        "branches:    main",
        "tags:        -",
        "buildUrl:    -",
        "deployed:    live",
        "released:    -",
    ]
    assert broker.store.environment("live")["production"] is True
    assert main(["describe-version", "-b", broker.url, "-a", "Foo", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["deployed"] == ["live"]
    assert main(["record-deployment", "-b", broker.url, "-a", "Foo", "-e", "1", "--environment", "moon"]) == 2
    assert "no environment 'moon'; it knows live, production, test" in capsys.readouterr().err


def test_publish_as_the_official_command_is_called(broker: StandInBroker, write_pact) -> None:
    folder = write_pact().parent
    arguments = [f"{folder}/*.json", "--consumer-app-version", "1", "--branch", "main", "--tag", "", "-b", broker.url]
    assert main(["publish", *arguments]) == 0
    assert broker.versions["Foo", "1"] == {"branch": "main"}
    login = ["-u", "me", "-p", "pw"]
    assert main(["publish", str(folder), "-a", "2", "-b", broker.url, *login]) == 0
    assert broker.requests[-1].headers["authorization"] == "Basic bWU6cHc="


def test_a_terminal_that_cannot_show_something_does_not_change_the_answer(broker: StandInBroker) -> None:
    broker.verified("Föö", "1", True)
    ask = ["can-i-deploy", "-b", broker.url, "-a", "Föö", "-e", "1"]
    done = command(*ask, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0 and "F\\xf6\\xf6 1 - Bar 7: ok" in done.stdout
    broker.answers["/matrix"] = (200, {"summary": {"deployable": True, "reason": "a\x1b[2Jb"}}, {})
    assert "a\\x1b[2Jb" in command(*ask).stdout


@needs_posix
def test_nobody_reads_what_is_printed(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", False)
    ask = f"{sys.executable} -m pact_ffi can-i-deploy -b {broker.url} -a Foo -e 1"
    done = subprocess.run(["bash", "-c", f"{ask} >&-; echo $?"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")
