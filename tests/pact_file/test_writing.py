"""Pact files on disk: merged, overwritten, refused; never half written."""

from __future__ import annotations

import itertools
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from platforms import needs_posix

from pact import Pact
from pact.error import PactConflictError, PactFileError
from pact_ffi import PactWarning
from pact_ffi.pact_file.reading import find_pact
from pact_ffi.pact_file.terms import file_name, identity

ROOT = Path(__file__).resolve().parents[2]


def one(description: str, status: int = 200, version: str = "V4", state: str | None = None) -> Pact:
    pact = Pact("consumer", "provider").with_specification(version)
    interaction = pact.upon_receiving(description).with_request("GET", f"/{description}").will_respond_with(status)
    if state:
        interaction.given(state)
    return pact


def content(folder: Path) -> dict:
    return json.loads((folder / "consumer-provider.json").read_text(encoding="utf-8"))


def descriptions(folder: Path) -> list[str]:
    return sorted(item["description"] for item in content(folder)["interactions"])


@pytest.mark.parametrize("kind", [str, Path])
def test_the_name_of_the_file_and_missing_folders(tmp_path: Path, kind: type) -> None:
    one("a").write_file(kind(tmp_path / "new" / "folder"))
    assert [file.name for file in (tmp_path / "new" / "folder").iterdir()] == ["consumer-provider.json"]


def test_the_current_directory_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one("a").write_file()
    assert descriptions(tmp_path) == ["a"]


def test_writing_merges(tmp_path: Path) -> None:
    one("a").write_file(tmp_path)
    one("b").write_file(tmp_path)
    assert descriptions(tmp_path) == ["a", "b"]


def test_overwrite_replaces(tmp_path: Path) -> None:
    one("a").write_file(tmp_path)
    one("b").write_file(tmp_path, overwrite=True)
    assert descriptions(tmp_path) == ["b"]


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    pact = one("a")
    pact.write_file(tmp_path)
    before = (tmp_path / "consumer-provider.json").read_bytes()
    pact.write_file(tmp_path)
    one("a").write_file(tmp_path)
    assert (tmp_path / "consumer-provider.json").read_bytes() == before


def test_the_order_of_writing_does_not_matter(tmp_path: Path) -> None:
    for folder, order in (("x", "abc"), ("y", "cab")):
        for name in order:
            one(name).write_file(tmp_path / folder)
    files = [(tmp_path / folder / "consumer-provider.json").read_bytes() for folder in "xy"]
    assert files[0] == files[1]


def test_one_description_with_two_states_is_two_interactions(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    for state in ("exists", "is missing"):
        pact.upon_receiving("a user").given(state).with_request("GET", f"/{state[:2]}").will_respond_with(200)
    pact.write_file(tmp_path)
    assert [item["providerStates"][0]["name"] for item in content(tmp_path)["interactions"]] == ["exists", "is missing"]


def test_two_contents_under_one_identity_in_one_pact_are_a_conflict(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    for path in ("/one", "/two"):
        pact.upon_receiving("a user").given("exists").with_request("GET", path).will_respond_with(200)
    with pytest.raises(PactConflictError, match="'a user'") as caught:
        pact.write_file(tmp_path)
    assert "/one" in str(caught.value)
    assert "/two" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_same_interaction_twice_in_one_pact_is_one(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    for _ in range(2):
        pact.upon_receiving("a user").with_request("GET", "/").will_respond_with(200)
    pact.write_file(tmp_path)
    assert descriptions(tmp_path) == ["a user"]


def test_a_conflict_with_the_file_shows_both_and_leaves_the_file(tmp_path: Path) -> None:
    one("a", 200).write_file(tmp_path)
    before = (tmp_path / "consumer-provider.json").read_bytes()
    with pytest.raises(PactConflictError) as caught:
        one("a", 404).write_file(tmp_path)
    text = str(caught.value)
    assert "HTTP interaction 'a'" in text
    assert '"status": 200' in text
    assert '"status": 404' in text
    assert str(tmp_path / "consumer-provider.json") in text
    assert isinstance(caught.value, OSError)
    assert (tmp_path / "consumer-provider.json").read_bytes() == before


@pytest.fixture
def new_run(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make what was written so far an earlier run's."""
    return lambda: monkeypatch.setattr("pact_ffi.pact_file.file._seen", {})


@pytest.mark.parametrize("when", [1_000_000_000, 4_000_000_000])
def test_what_an_earlier_run_wrote_is_replaced_whatever_the_clocks_say(
    tmp_path: Path, new_run: Callable[[], None], when: int
) -> None:
    for description in "abc":
        one(description, 200).write_file(tmp_path)
    new_run()
    os.utime(tmp_path / "consumer-provider.json", (when, when))
    one("a", 200).write_file(tmp_path)
    with pytest.warns(PactWarning, match="interaction 'b' .*") as caught:
        one("b", 404).write_file(tmp_path)
    assert "is from an earlier run, so the new one replaces it" in str(caught[0].message)
    with pytest.warns(PactWarning, match="interaction 'c' "):
        one("c", 404).write_file(tmp_path)
    assert [item["response"]["status"] for item in content(tmp_path)["interactions"]] == [200, 404, 404]


def test_what_this_run_wrote_contradicts_whatever_the_clocks_say(tmp_path: Path, new_run: Callable[[], None]) -> None:
    for description in "ab":
        one(description, 200).write_file(tmp_path)
    new_run()
    one("a", 200).write_file(tmp_path)
    with pytest.warns(PactWarning):
        one("b", 404).write_file(tmp_path)
    os.utime(tmp_path / "consumer-provider.json", (1_000_000_000, 1_000_000_000))
    for description in "ab":
        with pytest.raises(PactConflictError, match=f"interaction '{description}' "):
            one(description, 500).write_file(tmp_path)


def test_what_another_process_wrote_meanwhile_contradicts(tmp_path: Path, new_run: Callable[[], None]) -> None:
    one("a", 200).write_file(tmp_path)
    code = "import sys; sys.path[:0] = ['.', 'tests']; from tests.pact_file.test_writing import one; "
    code += "one('b', 200).write_file(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)
    with pytest.raises(PactConflictError, match="interaction 'b' "):
        one("b", 404).write_file(tmp_path)


def test_an_older_version_of_an_earlier_run_is_replaced_too(tmp_path: Path, new_run: Callable[[], None]) -> None:
    one("a", 200, "V2").write_file(tmp_path)
    one("b", 200, "V2").write_file(tmp_path)
    new_run()
    with pytest.warns(PactWarning, match="interaction 'a' "):
        one("a", 404, "V4").write_file(tmp_path)
    assert [item["response"]["status"] for item in content(tmp_path)["interactions"]] == [404, 200]


def test_an_interaction_may_be_told_again_in_an_interactive_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "ps1", "In [1]: ", raising=False)
    one("a", 200).write_file(tmp_path)
    with pytest.warns(PactWarning, match="interactive session"):
        one("a", 404).write_file(tmp_path)
    assert content(tmp_path)["interactions"][0]["response"]["status"] == 404


def body(value: Any) -> Pact:
    pact = Pact("consumer", "provider")
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200).with_body(value)
    return pact


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations([1, True, 1.0, "1", None, ""], 2)))
def test_values_that_python_calls_equal_are_different_contracts(tmp_path: Path, first: Any, second: Any) -> None:
    body({"n": [first]}).write_file(tmp_path)
    with pytest.raises(PactConflictError):
        body({"n": [second]}).write_file(tmp_path)


def test_objects_in_another_order_are_one_contract(tmp_path: Path) -> None:
    body({"a": 1, "b": 2}).write_file(tmp_path)
    file = tmp_path / "consumer-provider.json"
    document = content(tmp_path)
    [item] = document["interactions"]
    item["response"]["body"]["content"] = {"b": 2, "a": 1}
    file.write_text(json.dumps(document))
    body({"a": 1, "b": 2}).write_file(tmp_path)
    assert len(content(tmp_path)["interactions"]) == 1


STATES = [
    {"providerState": "s"},
    {"providerStates": [{"name": "s"}]},
    {"providerStates": [{"name": "s", "params": {}}]},
    {"providerStates": [{"params": None, "name": "s"}]},
]


@pytest.mark.parametrize("states", STATES)
def test_provider_states_are_the_same_in_each_spelling(states: dict[str, Any]) -> None:
    assert identity({"description": "d", **states}, "HTTP") == identity({"description": "d", **STATES[1]}, "HTTP")
    other = {"description": "d", "providerStates": [{"name": "s", "params": {"n": 1}}]}
    assert identity(other, "HTTP") != identity({"description": "d", **states}, "HTTP")


def test_what_others_added_to_the_file_is_kept(tmp_path: Path) -> None:
    def written(namespace: str, **entries: str) -> None:
        one(namespace).with_metadata("team", entries).write_file(tmp_path)

    written("a", owner="me")
    file = tmp_path / "consumer-provider.json"
    document = {**content(tmp_path), "createdAt": "2026-01-02", "_links": {"self": {"href": "/"}}}
    document["consumer"]["team"] = "red"
    document["metadata"]["others"] = {"x": [1, None]}
    file.write_text(json.dumps(document))
    written("b", contact="you")
    now = content(tmp_path)
    assert (now["createdAt"], now["_links"]) == ("2026-01-02", {"self": {"href": "/"}})
    assert now["consumer"] == {"name": "consumer", "team": "red"}
    assert now["metadata"]["others"] == {"x": [1, None]}
    assert now["metadata"]["team"] == {"owner": "me", "contact": "you"}
    assert descriptions(tmp_path) == ["a", "b"]


def test_a_file_that_is_held_open_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals, replace = iter([True, True, False]), Path.replace

    def held(self: Path, target: Path) -> Path:
        if next(refusals):
            raise PermissionError(13, "The process cannot access the file")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("pact_ffi.pact_file.file._PATIENCE", 5.0)
    one("a").write_file(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["consumer-provider.json"]


def test_a_file_that_stays_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PactFileError, match="provider.json cannot be written: The process cannot access the file"):
        one("a").write_file(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_pact_is_handed_out_where_the_platform_is_said_to_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    """A folder named ``/dev/shm`` may be there, too; Windows has no `os.statvfs`."""
    monkeypatch.setattr("pact_ffi.core.pact.sys.platform", platform)
    monkeypatch.delattr(os, "statvfs", raising=False)
    assert '"consumer"' in one("a").text()


@pytest.mark.parametrize(
    ("consumer", "name"),
    [("orders:v2", "orders_v2-x.json"), ("a?b", "a_b-x.json"), ("CON.a", "_CON.a-x.json"), ("CON", "CON-x.json")],
)
def test_names_that_windows_does_not_have_are_escaped_there_and_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, consumer: str, name: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert file_name(consumer, "x") == f"{consumer}-x.json"
    monkeypatch.setattr(sys, "platform", "win32")
    assert file_name(consumer, "x") == name
    (tmp_path / name).touch()
    assert find_pact(tmp_path / f"{consumer}-x.json").name == name


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "5",
        "{}",
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}}',
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}, "interactions": "x"}',
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}, "interactions": [5]}',
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}, "interactions": [{}]}',
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}, "interactions": [',
        '{"consumer": "consumer", "provider": {"name": "provider"}, "interactions": []}',
        '{"consumer": {"name": 5}, "provider": {"name": "provider"}, "interactions": []}',
        '{"interactions": []} trailing',
        '{"consumer": {"name": "consumer"}, "provider": {"name": "provider"}, "interactions": [], "x": NaN}',
        '{"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [{"description": 1e999}]}',
        "\x00\x01",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=lambda text: text[:60],
)
def test_what_is_no_pact_file_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "consumer-provider.json"
    file.write_text(text)
    with pytest.raises(PactFileError, match=r"consumer-provider\.json"):
        one("a").write_file(tmp_path)
    assert file.read_text() == text
    assert [each.name for each in tmp_path.iterdir()] == ["consumer-provider.json"]


def test_bytes_that_are_no_text_are_left_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "consumer-provider.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PactFileError):
        one("a").write_file(tmp_path)
    assert file.read_bytes() == b"\xff\xfe\x00"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_pact_of_others_is_left_as_it_is(tmp_path: Path, overwrite: bool) -> None:
    file = tmp_path / "consumer-provider.json"
    text = '{"consumer": {"name": "other"}, "provider": {"name": "provider"}, "interactions": []}'
    file.write_text(text)
    with pytest.raises(PactFileError, match="'other' and 'provider'"):
        one("a").write_file(tmp_path, overwrite=overwrite)
    assert file.read_text() == text


@pytest.mark.parametrize("text", ["", "\n  \n"])
def test_an_empty_file_is_a_new_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "consumer-provider.json").write_text(text)
    one("a").write_file(tmp_path)
    assert descriptions(tmp_path) == ["a"]


def test_a_file_that_another_tool_wrote_is_merged(tmp_path: Path) -> None:
    text = (
        '\ufeff{"consumer":{"name":"consumer"},"provider":{"name":"provider"},"interactions":['
        '{"description":"Ünï \\"q\\"","providerState":"s",'
        '"request":{"method":"GET","path":"/x"},"response":{"status":200}}],'
        '"metadata":{"pactSpecification":{"version":"2.0.0"}}}'
    )
    (tmp_path / "consumer-provider.json").write_text(text, encoding="utf-8")
    one("a", version="V2").write_file(tmp_path)
    assert descriptions(tmp_path) == ["a", 'Ünï "q"']


def test_an_older_file_is_lifted_to_the_version_of_the_writer(tmp_path: Path) -> None:
    one("old", version="V3", state="s").write_file(tmp_path)
    one("new").write_file(tmp_path)
    found = content(tmp_path)
    assert found["metadata"]["pactSpecification"]["version"] == "4.0"
    assert [item["description"] for item in found["interactions"]] == ["new", "old"]
    assert {item["type"] for item in found["interactions"]} == {"Synchronous/HTTP"}


def test_messages_of_an_older_file_are_lifted_too(tmp_path: Path) -> None:
    old = Pact("consumer", "provider").with_specification("V3")
    old.upon_receiving("old message", "Async").with_body({"a": 1})
    old.write_file(tmp_path)
    one("new").write_file(tmp_path)
    assert {item["description"]: item["type"] for item in content(tmp_path)["interactions"]} == {
        "new": "Synchronous/HTTP",
        "old message": "Asynchronous/Messages",
    }


def test_a_newer_file_is_never_lowered(tmp_path: Path) -> None:
    pact = one("new")
    next(iter(pact.interactions())).set_key("k").set_pending(pending=True)
    pact.write_file(tmp_path)
    before = (tmp_path / "consumer-provider.json").read_bytes()
    with pytest.raises(PactFileError, match="V4.*V3"):
        one("old", version="V3").write_file(tmp_path)
    assert (tmp_path / "consumer-provider.json").read_bytes() == before
    one("old", version="V3").write_file(tmp_path, overwrite=True)
    assert content(tmp_path)["metadata"]["pactSpecification"]["version"] == "3.0.0"


def test_http_and_messages_do_not_meet_in_a_v3_file(tmp_path: Path) -> None:
    one("a", version="V3").write_file(tmp_path)
    message = Pact("consumer", "provider").with_specification("V3")
    message.upon_receiving("m", "Async").with_body("x")
    with pytest.raises(PactFileError, match="only V4 keeps both"):
        message.write_file(tmp_path)


@needs_posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "consumer-provider.json").symlink_to(tmp_path / "real" / "pact.json")
    one("a").write_file(tmp_path / "links")
    one("b").write_file(tmp_path / "links")
    assert (tmp_path / "links" / "consumer-provider.json").is_symlink()
    assert len(json.loads((tmp_path / "real" / "pact.json").read_text())["interactions"]) == 2


@needs_posix
def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    one("a").write_file(tmp_path)
    file = tmp_path / "consumer-provider.json"
    file.chmod(0o640)
    one("b").write_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PactFileError, match="file"):
        one("a").write_file(tmp_path / "file")


def test_a_pact_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "consumer-provider.json").mkdir()
    with pytest.raises(PactFileError, match=r"consumer-provider\.json"):
        one("a").write_file(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one("a").write_file(tmp_path)
    before = (tmp_path / "consumer-provider.json").read_bytes()

    opened = Path.open

    def refuse(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if "x" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)  # root may write everywhere
        with pytest.raises(PactFileError, match="Permission denied"):
            one("b").write_file(tmp_path, overwrite=False)
    assert (tmp_path / "consumer-provider.json").read_bytes() == before


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    for name in "abc":
        one(name).write_file(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["consumer-provider.json"]


def test_files_are_utf_8_with_text_as_it_is(tmp_path: Path) -> None:
    pact = Pact("consumer", "provider")
    pact.upon_receiving("grüße 😀").with_request("POST", "/").with_body({"ä": "ö"})
    pact.write_file(tmp_path)
    text = (tmp_path / "consumer-provider.json").read_text(encoding="utf-8")
    assert "grüße 😀" in text
    assert text.endswith("}\n")
