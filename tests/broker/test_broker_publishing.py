from __future__ import annotations

from pathlib import Path

import pytest
from pact_broker import StandInBroker

from pact_ffi.broker.client import Broker
from pact_ffi.errors import BrokerError, InvalidInputError, PactFileError


def test_a_folder_goes_in_one_request_per_consumer(broker: StandInBroker, write_pact) -> None:
    folder = write_pact("Foo", "Bar").parent
    write_pact("Foo", "Baz")
    write_pact("Other", "Bar")
    notices = Broker(broker.url).publish(folder, version="1", branch="main", tags=["a", "b"], build_url="http://ci/1")
    posts = broker.seen("POST")
    assert [(post.path, post.body["pacticipantName"], len(post.body["contracts"])) for post in posts] == [
        ("/contracts/publish", "Foo", 2),
        ("/contracts/publish", "Other", 1),
    ]
    assert sorted(broker.pacts) == [("Foo", "Bar", "1"), ("Foo", "Baz", "1"), ("Other", "Bar", "1")]
    assert broker.versions["Foo", "1"] == {"branch": "main", "tags": ["a", "b"], "buildUrl": "http://ci/1"}
    assert "Pact successfully published for Foo version 1 and provider Bar." in [str(notice) for notice in notices]
    assert {notice.kind for notice in notices} == {"debug", "success", "prompt"}


def test_one_consumer_can_be_chosen(broker: StandInBroker, write_pact) -> None:
    folder = write_pact("Foo").parent
    write_pact("Other")
    Broker(broker.url).publish(folder, version="1", consumer="Other")
    assert list(broker.pacts) == [("Other", "Bar", "1")]
    with pytest.raises(PactFileError, match="no pact of consumer 'Nobody' to publish"):
        Broker(broker.url).publish(folder, version="1", consumer="Nobody")


def test_names_are_encoded_for_old_brokers(write_pact) -> None:
    with StandInBroker(old=True) as broker:
        notices = Broker(broker.url).publish(
            write_pact("Foo / é", "Bar?"), version="1/2", tags="a/b", branch="main", build_url="http://ci/1"
        )
        assert broker.seen("PUT")[0].path == "/pacticipants/Foo%20%2F%20%C3%A9/versions/1%2F2/tags/a%2Fb"
        assert list(broker.pacts) == [("Foo / é", "Bar?", "1/2")]
        assert [str(notice) for notice in notices if notice.kind == "warning"] == [
            "this broker is too old to record the branch main",
            "this broker is too old to record the buildUrl http://ci/1",
        ]


def test_a_changed_pact_is_a_readable_conflict(broker: StandInBroker, write_pact) -> None:
    client = Broker(broker.url)
    client.publish(write_pact(), version="1")
    with pytest.raises(BrokerError) as caught:
        client.publish(write_pact(description="b"), version="1")
    assert str(caught.value).startswith(
        f"pacts of Foo 1 were not published: POST {broker.url}/contracts/publish: 409 Conflict: "
        "Cannot change the content of the pact for Foo version 1 and provider Bar,"
    )
    assert caught.value.status == 409


def test_merging_says_what_the_broker_needs_for_it(broker: StandInBroker, write_pact) -> None:
    client = Broker(broker.url)
    client.publish(write_pact(), version="1")
    with pytest.raises(BrokerError, match="to merge, the broker needs .* allow_dangerous_contract_modification$"):
        client.publish(write_pact(description="b"), version="1", merge=True)
    broker.allow_changes = True
    client.publish(write_pact(description="b"), version="1", merge=True)
    assert [item["description"] for item in broker.pacts["Foo", "Bar", "1"]["interactions"]] == ["a", "b"]


def test_patterns_are_expanded_and_empty_tags_left_out(broker: StandInBroker, write_pact) -> None:
    folder = write_pact().parent
    write_pact("Other")
    Broker(broker.url).publish(f"{folder}/Fo*.json", version="1", tags=["", "a", " "])
    assert broker.versions["Foo", "1"] == {"tags": ["a"]} and len(broker.pacts) == 1
    with pytest.raises(PactFileError, match="no file matches .*nothing"):
        Broker(broker.url).publish(f"{folder}/nothing*", version="1")


def test_what_the_broker_finds_invalid_is_named(broker: StandInBroker, write_pact) -> None:
    with pytest.raises(BrokerError, match="422 .*: pacticipantVersionNumber: cannot contain control characters$"):
        Broker(broker.url).publish(write_pact(), version="1\n2")


def test_bad_files_are_refused_before_anything_is_sent(broker: StandInBroker, write_pact, tmp_path: Path) -> None:
    good, client = write_pact(), Broker(broker.url)
    for content, complaint in (
        ("{", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[]", "must be an object"),
        ('{"consumer": {"name": "x"}, "interactions": []}', "provider is missing"),
    ):
        bad = tmp_path / "bad.json"
        bad.write_text(content)
        with pytest.raises(PactFileError, match=f"bad.json.*{complaint}"):
            client.publish(good, bad, version="1")
    with pytest.raises(PactFileError, match="missing.json: No such file"):
        client.publish(good, tmp_path / "missing.json", version="1")
    assert broker.requests == []


def test_nothing_found_is_an_error(broker: StandInBroker, tmp_path: Path) -> None:
    with pytest.raises(PactFileError, match="no pact file in folder"):
        Broker(broker.url).publish(tmp_path, version="1")
    with pytest.raises(PactFileError, match="no file or folder was given"):
        Broker(broker.url).publish(version="1")


def test_other_json_in_a_folder_is_left_out(broker: StandInBroker, write_pact) -> None:
    folder = write_pact().parent
    (folder / "settings.json").write_text('{"a": 1}')
    Broker(broker.url).publish(folder, version="1")
    assert list(broker.pacts) == [("Foo", "Bar", "1")]


def test_two_files_of_one_pact_are_refused(broker: StandInBroker, write_pact) -> None:
    with pytest.raises(PactFileError, match="are both the pact of Foo and Bar"):
        Broker(broker.url).publish(write_pact(), write_pact(folder="more"), version="1")
    Broker(broker.url).publish(write_pact(), write_pact().parent, version="1")
    assert len(broker.seen("POST")[0].body["contracts"]) == 1


def test_a_version_is_needed(broker: StandInBroker, write_pact) -> None:
    with pytest.raises(InvalidInputError, match="needs the consumer's version"):
        Broker(broker.url).publish(write_pact())


def test_version_branch_and_build_are_detected(
    broker: StandInBroker, write_pact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDKITE_BRANCH", "feat/x")
    monkeypatch.setenv("BUILDKITE_COMMIT", "ab" * 20)
    monkeypatch.setenv("BUILDKITE_BUILD_URL", "https://ci/9")
    Broker(broker.url).publish(write_pact(), detect=True, tag_with_branch=True)
    assert broker.versions["Foo", "ab" * 20] == {"branch": "feat/x", "tags": ["feat/x"], "buildUrl": "https://ci/9"}


def test_a_pact_can_be_fetched_by_url(broker: StandInBroker, write_pact) -> None:
    client = Broker(broker.url)
    client.publish(write_pact(), version="1")
    url = f"{broker.url}/pacts/provider/Bar/consumer/Foo/version/1"
    assert client.fetch(url)["consumer"] == {"name": "Foo"}
    with pytest.raises(BrokerError, match="404 Not Found: The requested document was not found on this server"):
        client.fetch(url + "2")
