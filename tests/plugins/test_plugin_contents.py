"""Contents that a plugin makes, compares and generates."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from pact import Pact
from pact_ffi.consumer.server import PactServer
from pact_ffi.errors import MismatchesError, PactVerificationError, PluginError, UsageError
from pact_ffi.reporting.mismatches import BodyMismatch, BodyTypeMismatch, RequestMismatch

from .conftest import LABELS, PluginFolder

PERSON = {"name": "Ada", "id": {"example": "7", "regex": r"\d+"}}
NUMBER = {"number": {"example": "1", "random": [100, 200]}}

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def pact() -> Pact:
    return Pact("consumer", "provider").using_plugin("labels")


@pytest.fixture
def http(pact: Pact) -> Pact:
    interaction = pact.upon_receiving("a person").with_request("POST", "/people")
    interaction.with_plugin_contents(PERSON, LABELS)
    interaction.will_respond_with(201).with_plugin_contents(NUMBER, LABELS)
    return pact


def post(server: PactServer, body: bytes, content_type: str = LABELS) -> tuple[int, str | None, bytes]:
    request = urllib.request.Request(f"{server.url}/people", body, {"Content-Type": content_type}, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def written(pact: Pact, folder: Path) -> dict[str, Any]:
    pact.write_file(folder)
    found: dict[str, Any] = json.loads((folder / f"{pact.consumer}-{pact.provider}.json").read_text())
    return found


def test_the_mock_server_matches_and_generates_through_the_plugin(http: Pact, plugins: PluginFolder) -> None:
    with http.serve() as server:
        status, content_type, body = post(server, b"name=Ada;id=123")
    assert (status, content_type) == (201, LABELS)
    assert body.startswith(b"number=") and 100 <= int(body[7:]) <= 200
    assert plugins.calls("CompareContents") and plugins.calls("GenerateContent")


def test_what_the_plugin_finds_different_is_shown(http: Pact) -> None:
    with pytest.raises(MismatchesError) as caught, http.serve() as server:
        assert post(server, b"name=Bob;id=x")[0] == 500
    (mismatch,) = caught.value.mismatches
    assert isinstance(mismatch, RequestMismatch)
    assert [each.path for each in mismatch.mismatches if isinstance(each, BodyMismatch)] == ["$.id", "$.name"]
    assert str(caught.value).splitlines()[-7:] == [
        "POST /people differs from interaction 'a person' in 2 places:",
        r"  body $.id: label 'id' is 'x', which does not match '\\d+'",
        "    - expected: 7",
        "    + received: x",
        "  body $.name: label 'name' is 'Bob' instead of 'Ada'",
        "    - expected: Ada",
        "    + received: Bob",
    ]


def test_what_the_plugin_cannot_read_is_a_mismatch(http: Pact) -> None:
    with pytest.raises(MismatchesError, match="'nonsense' is no line of labels"), http.serve() as server:
        assert post(server, b"nonsense")[0] == 500


def test_another_content_type_is_a_mismatch(http: Pact) -> None:
    with pytest.raises(MismatchesError) as caught, http.serve() as server:
        assert post(server, b"name=Ada;id=7", "text/plain")[0] == 500
    (mismatch,) = caught.value.mismatches
    assert isinstance(mismatch, RequestMismatch)
    assert any(isinstance(each, BodyTypeMismatch) for each in mismatch.mismatches)


def test_the_file_says_what_the_plugin_needs_later(http: Pact, tmp_path: Path) -> None:
    file = written(http, tmp_path)
    labels = {"name": "labels", "version": "1.10.0", "configuration": {"separator": ";"}}
    assert file["metadata"]["plugins"] == [labels]
    (interaction,) = file["interactions"]
    assert interaction["pluginConfiguration"] == {"labels": {"labels": ["number"]}}  # the core keeps the last part's
    assert interaction["request"]["body"]["contentType"] == LABELS
    assert interaction["request"]["matchingRules"]["body"]["$.id"]["matchers"] == [{"match": "regex", "regex": r"\d+"}]
    generator = {"type": "RandomInt", "min": 100, "max": 200}
    assert interaction["response"]["generators"]["body"]["$.number"] == generator


def test_a_second_pact_in_the_file_does_not_repeat_the_plugin(http: Pact, tmp_path: Path) -> None:
    written(http, tmp_path)
    other = Pact("consumer", "provider").using_plugin("labels")
    other.upon_receiving("another").with_request("POST", "/").with_plugin_contents({"a": "b"}, LABELS)
    file = written(other, tmp_path)
    assert len(file["interactions"]) == 2
    assert [each["name"] for each in file["metadata"]["plugins"]] == ["labels"]


def test_a_pact_goes_on_after_it_was_served_and_written(http: Pact, tmp_path: Path) -> None:
    with http.serve() as server:
        post(server, b"name=Ada;id=1")
    http.upon_receiving("more").with_request("POST", "/more").with_plugin_contents({"a": "b"}, LABELS)
    assert len(written(http, tmp_path)["interactions"]) == 2


def test_contents_may_be_json_text(pact: Pact, tmp_path: Path) -> None:
    pact.upon_receiving("text").with_request("POST", "/").with_plugin_contents(json.dumps(PERSON), LABELS)
    (interaction,) = written(pact, tmp_path)["interactions"]
    assert interaction["pluginConfiguration"] == {"labels": {"labels": ["id", "name"]}}


def test_an_asynchronous_message_reaches_its_handler(pact: Pact, tmp_path: Path) -> None:
    pact.upon_receiving("news", "Async").with_plugin_contents(PERSON, LABELS).with_metadata(topic="people")
    seen: list[Any] = []
    pact.verify(lambda body, metadata: seen.append((body, metadata)), "Async")
    ((body, metadata),) = seen
    assert sorted(body.split(b";")) == [b"id=7", b"name=Ada"]
    assert metadata["topic"] == "people"
    (message,) = written(pact, tmp_path)["interactions"]
    assert message["contents"]["contentType"] == LABELS
    assert message["matchingRules"]["body"]["$.id"]["matchers"][0]["match"] == "regex"


def test_a_message_of_a_plugin_with_generators_comes_with_its_example(pact: Pact) -> None:
    pact.upon_receiving("news", "Async").with_plugin_contents(NUMBER, LABELS)
    seen: list[Any] = []
    pact.verify(lambda body, metadata: seen.append(body), "Async")
    assert seen == [b"number=1"]


def test_a_synchronous_message_has_both_sides_from_one_call(pact: Pact, tmp_path: Path) -> None:
    contents = {"request": {"name": "Ada"}, "response": [{"number": "1"}, {"number": "2"}]}
    pact.upon_receiving("question", "Sync").with_plugin_contents(contents, LABELS)
    seen: list[Any] = []
    pact.verify(lambda body, metadata: seen.append(body), "Sync")
    assert seen == [b"name=Ada"]
    (message,) = written(pact, tmp_path)["interactions"]
    assert message["request"]["contents"]["contentType"] == LABELS
    assert len(message["response"]) == 2


def test_a_handler_that_fails_is_reported_as_ever(pact: Pact) -> None:
    def handler(body: Any, metadata: Any) -> None:
        raise KeyError("age")

    pact.upon_receiving("news", "Async").with_plugin_contents(PERSON, LABELS)
    with pytest.raises(PactVerificationError, match="news"):
        pact.verify(handler, "Async")


@pytest.mark.parametrize(
    ("kind", "content_type"), [("HTTP", "text/plain"), ("Async", "application/json"), ("Sync", "application/x-unknown")]
)
def test_contents_that_no_plugin_in_use_knows_are_refused(pact: Pact, kind: Any, content_type: str) -> None:
    pact.upon_receiving("labels", kind).with_plugin_contents({"request": {"name": "Ada"}}, content_type)
    with pytest.raises(PluginError, match=f"plugin contents of type '{content_type}': no plugin in use"):
        pact.write_file()


def test_contents_that_the_plugin_says_no_part_for_are_refused(pact: Pact) -> None:
    pact.upon_receiving("first", "Sync").with_plugin_contents({"request": {"a": "b"}}, LABELS)
    pact.upon_receiving("second", "Sync").with_plugin_contents({"name": "Ada"}, LABELS)
    with pytest.raises(PluginError, match="no plugin in use made anything of them"):
        pact.write_file()


def test_plugin_contents_without_a_plugin_are_refused_though_another_pact_uses_one(pact: Pact) -> None:
    other = Pact("consumer", "other provider")
    other.upon_receiving("a person").with_request("POST", "/").with_plugin_contents(PERSON, LABELS)
    with pytest.raises(UsageError, match=r"interaction 'a person' has plugin contents.*using_plugin"):
        other.write_file()


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ({"name": 5}, r"label 'name' is 5\.0; it has to be a text"),
        ("no JSON", "not a valid JSON"),
        ("[1]", "not a valid"),
    ],
)
def test_what_the_plugin_or_the_core_refuses_is_said(pact: Pact, contents: Any, reason: str) -> None:
    pact.upon_receiving("labels").with_request("POST", "/").with_plugin_contents(contents, LABELS)
    with pytest.raises(PluginError, match=f"plugin contents of type '{LABELS}': .*{reason}"):
        pact.write_file()


@pytest.mark.parametrize("content_type", ["", "nonsense"])
def test_what_is_no_content_type_is_refused(pact: Pact, content_type: str) -> None:
    with pytest.raises((PluginError, ValueError), match="valid content type|no content type"):
        pact.upon_receiving("labels").with_request("POST", "/").with_plugin_contents({"a": "b"}, content_type)
        pact.write_file()
