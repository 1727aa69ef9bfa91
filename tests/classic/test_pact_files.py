"""When the classic pact writes its file, where, and what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from pact import Consumer, MessageConsumer, PactException, Provider
from pact.error import PactFileError, PactWarning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def made(folder: Path) -> Iterator[Any]:
    running: list[Any] = []

    def make(consumer: str = "UserServiceClient", provider: str = "UserService", **options: Any) -> Any:
        pact = Consumer(consumer).has_pact_with(Provider(provider), port=0, **options)
        running.append(pact)
        pact.start_service()
        return pact

    yield make
    for pact in running:
        pact._clear()
        pact.stop_service()


def verified(pact: Any, path: str, status: int = 200) -> None:
    pact.upon_receiving(f"a request for {path}").with_request("get", path).will_respond_with(status)
    with pact:
        requests.get(pact.uri + path)


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def descriptions(path: Path) -> list[str]:
    return [item["description"] for item in content(path)["interactions"]]


@pytest.mark.parametrize(
    ("consumer", "provider", "name"),
    [
        ("BillingService", "CustomerService", "billing-service-customer-service.json"),
        ("billing service", "customer_service", "billing-service-customer-service.json"),
        ("HTTPClient", "APIV2", "http-client-apiv2.json"),
        ("web", "api", "web-api.json"),
    ],
)
def test_the_name_is_kebab_case_below_pacts(folder: Path, made: Any, consumer: str, provider: str, name: str) -> None:
    verified(made(consumer, provider), "/a")
    assert [file.name for file in (folder / "pacts").iterdir()] == [name]
    found = content(folder / "pacts" / name)
    assert (found["consumer"]["name"], found["provider"]["name"]) == (consumer, provider)


def test_pact_dir_is_obeyed(folder: Path, made: Any) -> None:
    pact = made(pact_dir="else/where")
    verified(pact, "/a")
    assert pact.path == folder / "else" / "where" / "user-service-client-user-service.json"
    assert pact.path.exists()
    assert not (folder / "pacts").exists()


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{consumer}-{provider}.json", "UserServiceClient-UserService.json"),
        ("contract.json", "contract.json"),
    ],
)
def test_another_name_can_be_asked_for(folder: Path, made: Any, pattern: str, name: str) -> None:
    pact = made(file_name=pattern)
    verified(pact, "/a")
    assert [file.name for file in (folder / "pacts").iterdir()] == [name]


@pytest.mark.parametrize(
    "pattern", ["../x.json", "a/b.json", "..", "a\\b.json", "{other}.json", "{}", "{consumer", "\n"]
)
def test_a_name_that_leaves_the_folder_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="file_name"):
        Consumer("c").has_pact_with(Provider("p"), file_name=pattern)


def test_overwrite_holds_everything_that_was_verified_since_the_start(made: Any) -> None:
    pact = made()
    for path in ("/a", "/b", "/c"):
        verified(pact, path)
    assert descriptions(pact.path) == ["a request for /a", "a request for /b", "a request for /c"]


def test_overwrite_replaces_what_an_earlier_service_wrote(made: Any) -> None:
    verified(made(), "/old")
    pact = made()
    with pytest.warns(
        PactWarning, match="what this run wrote before is replaced: 'a request for /old'.*'merge' keeps it"
    ):
        verified(pact, "/new")
    verified(pact, "/newer")
    assert descriptions(pact.path) == ["a request for /new", "a request for /newer"]


@pytest.mark.filterwarnings("error::pact_ffi.PactWarning")
def test_overwrite_says_nothing_where_nothing_is_lost(made: Any) -> None:
    for _ in range(2):
        verified(made(), "/same")
    verified(made(file_write_mode="merge"), "/other")


def test_a_restarted_service_begins_anew(made: Any) -> None:
    pact = made()
    verified(pact, "/old")
    pact.stop_service()
    pact.start_service()
    verified(pact, "/new")
    assert descriptions(pact.path) == ["a request for /new"]


def test_overwrite_with_nothing_verified_writes_nothing(made: Any) -> None:
    verified(made(), "/old")
    pact = made()
    before = pact.path.read_bytes()
    pact.stop_service()
    assert pact.path.read_bytes() == before


def test_merge_keeps_what_was_there(made: Any) -> None:
    verified(made(), "/old")
    pact = made(file_write_mode="merge")
    verified(pact, "/new")
    assert descriptions(pact.path) == ["a request for /new", "a request for /old"]


def test_never_writes_nothing(folder: Path, made: Any) -> None:
    pact = made(file_write_mode="never")
    verified(pact, "/a")
    pact.stop_service()
    assert not pact.path.exists()


def test_what_is_not_verified_is_not_written(made: Any) -> None:
    pact = made()
    pact.upon_receiving("a").with_request("get", "/a").will_respond_with(200)
    with pytest.raises(AssertionError):
        with pact:
            pass
    assert not pact.path.exists()


def test_verified_blocks_stay_written_when_a_later_one_fails(made: Any) -> None:
    pact = made()
    verified(pact, "/a")
    pact.upon_receiving("b").with_request("get", "/b").will_respond_with(200)
    with pytest.raises(AssertionError):
        with pact:
            pass
    verified(pact, "/c")
    assert descriptions(pact.path) == ["a request for /a", "a request for /c"]


def test_the_same_interaction_in_two_tests_is_one(made: Any) -> None:
    pact = made()
    verified(pact, "/a")
    verified(pact, "/a")
    assert descriptions(pact.path) == ["a request for /a"]


def test_two_contents_under_one_identity_in_two_tests_are_a_conflict(made: Any) -> None:
    pact = made()
    verified(pact, "/a", 200)
    with pytest.raises(PactFileError, match="two different contents"):
        verified(pact, "/a", 404)


@pytest.mark.parametrize(
    ("version", "written"), [("2.0.0", "2.0.0"), ("3.0.0", "3.0.0"), ("4.0", "4.0"), ("4", "4.0"), ("1.0.0", "1.0.0")]
)
def test_an_explicit_specification_is_exact(made: Any, version: str, written: str) -> None:
    pact = made(specification_version=version)
    verified(pact, "/a")
    assert content(pact.path)["metadata"]["pactSpecification"]["version"] == written


def test_v4_is_the_default(made: Any) -> None:
    pact = made()
    verified(pact, "/a")
    assert content(pact.path)["metadata"]["pactSpecification"]["version"] == "4.0"


def test_stop_verifies_what_was_not_verified_yet(made: Any) -> None:
    pact = made()
    pact.upon_receiving("a").with_request("get", "/a").will_respond_with(200)
    requests.get(f"{pact.uri}/a")
    pact.stop_service()
    assert descriptions(pact.path) == ["a"]


def test_stop_raises_what_was_not_met_and_stops_all_the_same(made: Any) -> None:
    pact = made()
    pact.upon_receiving("a").with_request("get", "/a").will_respond_with(200)
    uri = pact.uri
    with pytest.raises(AssertionError, match="'a' was never called"):
        pact.stop_service()
    with pytest.raises(requests.ConnectionError):
        requests.get(uri, timeout=1)
    assert not pact.path.exists()


def test_interactions_that_could_not_be_served_are_not_written(made: Any) -> None:
    pact = made()
    pact.upon_receiving("a").with_request("get", "/a").will_respond_with(200)
    requests.get(f"{pact.uri}/a")
    with pytest.raises(ValueError, match="same request but different responses"):
        pact.upon_receiving("b").with_request("get", "/a").will_respond_with(404)
    pact.stop_service()
    assert descriptions(pact.path) == ["a"]


def test_what_was_refused_at_the_start_of_a_block_is_not_written(folder: Path) -> None:
    pact = Consumer("c").has_pact_with(Provider("p"), port=0)
    for name, status in (("a", 200), ("b", 404)):
        pact.upon_receiving(name).with_request("get", "/a").will_respond_with(status)
    with pytest.raises(ValueError, match="same request but different responses"):
        with pact:
            raise RuntimeError("entered")
    pact.stop_service()
    assert not pact.path.exists()


OLDER = [
    "userserviceclient-userservice.json",
    "UserServiceClient-UserService.json",
    "user_service_client-user_service.json",
]
PAIR = {"consumer": {"name": "UserServiceClient"}, "provider": {"name": "UserService"}}


def older(folder: Path, name: str) -> Path:
    document = {**PAIR, "interactions": [], "metadata": {"pactSpecification": {"version": "2.0.0"}}}
    request = {"description": "old", "request": {"method": "GET", "path": "/old"}, "response": {"status": 200}}
    document["interactions"] = [request]
    (folder / "pacts").mkdir(exist_ok=True)
    (folder / "pacts" / name).write_text(json.dumps(document))
    return folder / "pacts" / name


@pytest.mark.parametrize("name", OLDER)
@pytest.mark.parametrize(
    ("mode", "kept"), [("overwrite", ["a request for /a"]), ("merge", ["old", "a request for /a"])]
)
def test_a_file_of_the_pair_in_another_spelling_is_kept_up(
    folder: Path, made: Any, name: str, mode: str, kept: list[str]
) -> None:
    file = older(folder, name)
    pact = made(file_write_mode=mode)
    verified(pact, "/a")
    verified(pact, "/b")
    assert [found.name for found in (folder / "pacts").iterdir()] == [name]
    assert set(descriptions(file)) == {*kept, "a request for /a", "a request for /b"}
    assert pact.path == file


def test_two_files_of_one_pair_are_told(folder: Path, made: Any) -> None:
    older(folder, OLDER[0])
    older(folder, "user-service-client-user-service.json")
    with pytest.warns(PactWarning, match=f"several files of one pair.*{OLDER[0]} is not"):
        verified(made(), "/a")
    assert descriptions(folder / "pacts" / OLDER[0]) == ["old"]


def test_a_name_that_was_asked_for_is_written_beside_older_files(folder: Path, made: Any) -> None:
    file = older(folder, OLDER[0])
    verified(made(file_name="User-ServiceClient-UserService.json"), "/a")
    assert descriptions(file) == ["old"]
    assert descriptions(folder / "pacts" / "User-ServiceClient-UserService.json") == ["a request for /a"]


def test_a_project_chooses_name_folder_and_specification_once(
    folder: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACT_FFI_FILE_NAME", "{consumer}-{provider}.json")
    monkeypatch.setenv("PACT_FFI_DIRECTORY", "contracts")
    monkeypatch.setenv("PACT_FFI_SPECIFICATION", "2.0.0")
    verified(made(), "/a")
    file = folder / "contracts" / "UserServiceClient-UserService.json"
    assert content(file)["metadata"]["pactSpecification"]["version"] == "2.0.0"
    verified(made(pact_dir="own", specification_version="3.0.0", file_name="x.json"), "/a")
    assert content(folder / "own" / "x.json")["metadata"]["pactSpecification"]["version"] == "3.0.0"
    messages = MessageConsumer("c").has_pact_with(Provider("p"), version="3")
    messages.given("s").expects_to_receive("m").with_content({}).write_to_pact_file()
    assert content(folder / "contracts" / "c-p.json")["metadata"]["pactSpecification"]["version"] == "3.0.0"


def test_what_is_incomplete_when_the_service_stops_is_told(made: Any) -> None:
    for describe, missing in (
        (lambda pact: pact.given("a state"), "description, request, response"),
        (lambda pact: pact.upon_receiving("a"), "request, response"),
        (lambda pact: pact.upon_receiving("a").with_request("GET", "/"), "response"),
    ):
        pact = made()
        describe(pact)
        with pytest.raises(PactException, match=f"incomplete, missing field.*: {missing}$"):
            pact.stop_service()
        assert not pact.path.exists()
        pact.stop_service()


def test_what_is_described_when_the_service_has_stopped_is_told(made: Any) -> None:
    pact = made()
    pact.stop_service()
    pact.upon_receiving("too late").with_request("GET", "/").will_respond_with(200)
    for end in (pact.verify, pact.stop_service):
        with pytest.raises(PactException, match="does not run, so nothing checks these interactions: 'too late'"):
            end()
        pact.upon_receiving("too late").with_request("GET", "/").will_respond_with(200)
    pact.start_service()
    requests.get(pact.uri)
    pact.stop_service()
    assert descriptions(pact.path) == ["too late"]
