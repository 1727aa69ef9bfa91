"""Options as people give them: text from environment variables, folders that are not there, unwritable logs."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from pact import Broker, Consumer, MessageConsumer, Pact, Provider
from pact._util import find_free_port

TAKEN = {
    "port": (
        [(" 1234 ", 1234), ("0", 0), (0, 0), (65535, 65535), (None, 1234)],
        ["", "http", "-1", -1, 65536, True, 1.5],
    ),
    "ssl": (
        [("true", True), ("TRUE", True), ("1", True), ("on", True), ("yes", True), (True, True)]
        + [("false", False), ("0", False), ("off", False), ("no", False), ("", False), (None, False)],
        ["maybe", 2, "y n"],
    ),
    "cors": ([("true", True), ("False", False)], ["x"]),
    "publish_to_broker": ([("1", True), ("0", False)], ["https://broker.example"]),
    "pact_dir": ([(Path("/x/y"), os.path.abspath("/x/y")), ("/x/z", os.path.abspath("/x/z"))], []),
    "log_dir": ([(Path("/x"), str(Path("/x"))), (None, None)], []),
    "file_write_mode": ([("merge", "merge"), (None, "overwrite")], ["", "append", 1]),
    "specification_version": ([("2.0.0", "2.0.0"), ("V4", "V4"), (None, None)], ["9", "x"]),
    "host_name": ([("127.0.0.1", "127.0.0.1"), (None, "localhost")], []),
}


@pytest.mark.parametrize("name", TAKEN)
def test_an_option_takes_what_environment_variables_hold(name: str) -> None:
    good, bad = TAKEN[name]
    for value, meant in good:
        pact = Consumer("c").has_pact_with(Provider("p"), **{name: value})
        assert (getattr(pact, name), type(getattr(pact, name))) == (meant, type(meant))
    for value in bad:
        with pytest.raises(ValueError, match=name.partition("_version")[0]):
            Consumer("c").has_pact_with(Provider("p"), **{name: value})


def test_flags_of_a_consumer_take_text() -> None:
    for kind in (Consumer, MessageConsumer):
        made = kind("c", tag_with_git_branch="false", auto_detect_version_properties="1")
        assert (made.tag_with_git_branch, made.auto_detect_version_properties) == (False, True)


@pytest.mark.parametrize("wrong", ["HEADERS", "MANDATORY_FIELDS", "path", "hostname"])
def test_what_is_no_option_is_refused_by_name(wrong: str) -> None:
    for consumer in (Consumer("c"), MessageConsumer("c")):
        with pytest.raises(TypeError, match=wrong):
            consumer.has_pact_with(Provider("p"), **{wrong: "x"})


def test_options_may_stand_in_order() -> None:
    pact = Pact(Consumer("c"), Provider("p"), "127.0.0.1", "4321")
    assert (pact.host_name, pact.port, pact.uri) == ("127.0.0.1", 4321, "http://127.0.0.1:4321")


def served(pact: Any) -> None:
    pact.start_service()
    pact.given("7 exists").upon_receiving("item 7").with_request(
        "POST", "/items/7", body={"a": 1, "password": "hidden-word"}, headers={"Authorization": "Bearer hidden-token"}
    ).will_respond_with(200, body={"id": 7})
    with pact:
        headers = {"Authorization": "Bearer hidden-token"}
        requests.post(f"{pact.uri}/items/7", json={"a": 1, "password": "hidden-word"}, headers=headers)


def is_a_file(folder: Path) -> Path:
    (folder / "logs").write_text("")
    return folder / "logs"


def below_a_file(folder: Path) -> Path:
    return is_a_file(folder) / "deeper"


def log_is_a_folder(folder: Path) -> Path:
    (folder / "logs" / "pact-mock-service.log").mkdir(parents=True)
    return folder / "logs"


BAD_FOLDERS = {
    "a file": is_a_file,
    "below a file": below_a_file,
    "the log is a folder": log_is_a_folder,
    "a name with NUL": lambda folder: f"{folder}/a\0b",
    "too long": lambda folder: folder / ("x" * 300),
    "read only": lambda folder: Path("/proc/self/logs"),
}


@pytest.mark.parametrize("bad", BAD_FOLDERS)
def test_a_log_that_cannot_be_written_costs_nothing(
    bad: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pact = Consumer("c").has_pact_with(
        Provider("p"), port=0, pact_dir=tmp_path / "pacts", log_dir=BAD_FOLDERS[bad](tmp_path), publish_to_broker=True
    )
    published = []
    monkeypatch.setattr(pact, "publish", lambda *args, **kwargs: published.append(args))
    served(pact)
    pact.stop_service()
    assert pact.path.exists() and published == [("c", "0.0.0")]
    assert len([record for record in caplog.records if "no log in" in record.getMessage()]) == 1


@pytest.mark.parametrize("folder", ["logs", "deep/er", "."])
def test_the_log_says_what_was_expected_and_what_came(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, log_dir=folder)
    served(pact)
    pact.given("x").upon_receiving("other").with_request("GET", "/other").will_respond_with(204)
    with pytest.raises(AssertionError), pact:
        requests.get(f"{pact.uri}/unexpected")
    pact.stop_service()
    lines = (tmp_path / folder / "pact-mock-service.log").read_text().splitlines()
    text = "\n".join(lines)
    for part in (
        "listening at http://localhost:",
        'expects: item 7 [7 exists]: POST /items/7 {"a": 1, "password": "***"',
        '-> 200 {"id": 7}',
        "met: item 7 [7 exists]",
        "expects: other [x]: GET /other",
        "GET /unexpected",
        "stopped",
    ):
        assert part in text
    assert "hidden" not in text


def test_without_log_dir_there_is_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pact = Consumer("c").has_pact_with(Provider("p"), port=0)
    served(pact)
    pact.stop_service()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"] == ["c-p.json"]


def test_a_port_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_PORT", str(find_free_port()))
    pact = Consumer("c").has_pact_with(Provider("p"), port=os.getenv("MOCK_PORT", 1234), pact_dir=tmp_path)
    served(pact)
    assert pact.uri == f"http://localhost:{os.environ['MOCK_PORT']}"
    pact.stop_service()


def test_exit_handlers_of_others_run_when_a_contract_was_not_met(tmp_path: Path) -> None:
    code = """
import atexit
atexit.register(lambda: print("registered before"))
from pact import Consumer, Provider
pact = Consumer("c").has_pact_with(Provider("p"), port=0)
pact.start_service()
pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
atexit.register(lambda: print("registered after"))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode not in (0, None)
    assert done.stdout.splitlines() == ["registered after", "registered before"]
    assert "The contract was not met:\nc -> p: " in done.stderr


def test_a_classic_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pact_ffi.broker.client import Broker as Client

    calls: list[Any] = []
    monkeypatch.setattr(Client, "publish", lambda self, *args, **kwargs: calls.append((args, kwargs)))
    monkeypatch.setenv("PACT_BROKER_BASE_URL", "http://127.0.0.1:1")
    Broker().publish("c", "1.0", pact_dir=str(tmp_path), consumer_tags=["a"], branch="main", build_url="http://b")
    Broker("http://127.0.0.1:1", "u", "p").publish("c", "1.0")
    (folder,), options = calls[0]
    assert (folder, options["consumer"], options["version"], options["tags"]) == (str(tmp_path), "c", "1.0", ["a"])
    assert (options["branch"], options["build_url"], options["detect"]) == ("main", "http://b", False)
    assert calls[1][0] == (".",)
    assert isinstance(Consumer("c").has_pact_with(Provider("p")), Broker)


def test_messages_can_be_written_before_the_block_ends(tmp_path: Path) -> None:
    pact = MessageConsumer("c").has_pact_with(Provider("p"), pact_dir=tmp_path)
    pact.given("s").expects_to_receive("m").with_content({"a": 1}).with_metadata({})
    pact.write_to_pact_file()
    assert json.loads(pact.path.read_text())["interactions"][0]["description"] == "m"


def test_nothing_is_logged_to_the_screen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("pact")
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=tmp_path, log_dir=tmp_path)
    served(pact)
    pact.stop_service()
    assert capfd.readouterr() == ("", "")
