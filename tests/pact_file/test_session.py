"""A session of one's own: pact files are written once, when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pact import Consumer, MessageConsumer, Pact, Provider, Verifier
from pact.error import PactConflictError, PactFileError, UsageError, VerificationError
from pact_ffi import Broker, Session

ROOT = Path(__file__).parents[2]


def one(description: str, status: int = 200, version: str = "V4") -> Pact:
    pact = Pact("consumer", "provider").with_specification(version)
    pact.upon_receiving(description).with_request("GET", f"/{description}").will_respond_with(status)
    return pact


def told(folder: Path) -> list[str]:
    file = folder / "consumer-provider.json"
    return [each["description"] for each in json.loads(file.read_text())["interactions"]] if file.exists() else []


def test_files_are_written_when_the_session_ends(tmp_path: Path) -> None:
    one("old").write_file(tmp_path)
    with Session():
        for name in "cab":
            one(name).write_file(tmp_path)
        assert told(tmp_path) == ["old"]
    assert told(tmp_path) == ["a", "b", "c", "old"]
    one("d").write_file(tmp_path)
    assert told(tmp_path) == ["a", "b", "c", "d", "old"]


def test_overwriting_replaces_what_is_held_and_what_is_there(tmp_path: Path) -> None:
    one("old").write_file(tmp_path)
    with Session():
        one("a").write_file(tmp_path)
        one("b").write_file(tmp_path, overwrite=True)
        one("c").write_file(tmp_path)
    assert told(tmp_path) == ["b", "c"]


def test_the_directory_is_that_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Session():
        one("a").write_file()
        monkeypatch.chdir("/")
    assert told(tmp_path) == ["a"]


def test_both_classic_apis_write_at_its_end_too(tmp_path: Path) -> None:
    import urllib.request

    with Session():
        pact = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=str(tmp_path))
        pact.start_service()
        pact.given("s").upon_receiving("r").with_request("GET", "/").will_respond_with(200)
        with pact:
            urllib.request.urlopen(pact.uri).read()  # noqa: S310
        pact.stop_service()
        messages = MessageConsumer("c").has_pact_with(Provider("m"), pact_dir=str(tmp_path))
        with messages.expects_to_receive("m").with_content({"a": 1}):
            pass
        assert list(tmp_path.iterdir()) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c-m.json", "c-p.json"]


def test_a_contradiction_is_refused_where_it_is_written(tmp_path: Path) -> None:
    with Session():
        one("a", 200).write_file(tmp_path)
        with pytest.raises(PactConflictError, match="'a'"):
            one("a", 404).write_file(tmp_path)
    assert told(tmp_path) == ["a"]


def test_an_exception_leaves_what_was_written_before_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Session():
        one("a").write_file(tmp_path)
        raise KeyboardInterrupt
    assert told(tmp_path) == ["a"]


def test_an_exception_is_not_replaced_by_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    def interrupted() -> None:
        with Session():
            one("a").write_file(tmp_path)
            (tmp_path / "consumer-provider.json").write_text("nonsense")
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine") as caught:
        interrupted()
    if sys.version_info >= (3, 11):
        (note,) = caught.value.__notes__
        assert note.startswith("When the session ended, not all pact files could be written:\n")


def test_every_file_is_tried_and_every_failure_told(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "consumer-provider.json").write_text("nonsense")
    with pytest.raises(PactFileError) as failure, Session():
        for name in ("one", "good", "two"):
            one("a").write_file(tmp_path / name)
    assert str(tmp_path / "one") in str(failure.value)
    assert str(tmp_path / "two") in str(failure.value)
    assert told(tmp_path / "good") == ["a"]


def test_versions_are_merged_as_without_a_session(tmp_path: Path) -> None:
    with Session():
        one("a", version="V3").write_file(tmp_path)
        one("b", version="V4").write_file(tmp_path)
    assert told(tmp_path) == ["a", "b"]
    with pytest.raises(PactFileError, match="specification V4"), Session():
        one("c", version="V3").write_file(tmp_path)


def test_who_reads_pacts_finds_what_was_written(tmp_path: Path) -> None:
    with Session():
        one("a").write_file(tmp_path)
        with pytest.raises(VerificationError, match="1 of 1 interaction"):
            Verifier("provider").add_transport(url="http://127.0.0.1:9").add_source(tmp_path).verify()
        one("b").write_file(tmp_path)
        with pytest.raises(Exception, match="127.0.0.1:9"):
            Broker("http://127.0.0.1:9").publish(tmp_path, version="1")
        assert told(tmp_path) == ["a", "b"]


def test_threads_share_it(tmp_path: Path) -> None:
    with Session():
        threads = [threading.Thread(target=lambda n=n: one(f"r{n:02}").write_file(tmp_path)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told(tmp_path) == [f"r{n:02}" for n in range(20)]


def test_the_example_for_unittest_works(tmp_path: Path) -> None:
    example = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8").partition("With `unittest`:")[2].split("```")[1]
    code = (
        example.removeprefix("python\n")
        + f"""
import unittest, urllib.request
from pact import Pact

class Contracts(unittest.TestCase):
    def test_it(self):
        pact = Pact("consumer", "provider")
        pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
        with pact.serve() as server:
            urllib.request.urlopen(str(server.url)).read()
        pact.write_file({str(tmp_path)!r})
        assert not list(__import__("pathlib").Path({str(tmp_path)!r}).glob("consumer*"))
"""
    )
    (tmp_path / "test_it.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "unittest", "test_it"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert told(tmp_path) == ["r"]


def test_there_is_one_at_a_time() -> None:
    with Session():
        with pytest.raises(UsageError, match="one at a time"), Session():
            pass
        assert Session() is not None
    with Session():
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_writes_at_once(tmp_path: Path) -> None:
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.pact_file.test_session import one, told, Path, Session
folder = Path({str(tmp_path)!r})
with Session():
    one("a").write_file(folder)
    child = os.fork()
    if child == 0:
        one("b").write_file(folder)
        os._exit(told(folder) != ["b"])
    assert os.waitpid(child, 0)[1] == 0
assert told(folder) == ["a", "b"], told(folder)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
