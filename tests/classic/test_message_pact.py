"""MessageConsumer and MessagePact of the classic API."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pact import EachLike, Like, MessageConsumer, MessagePact, Provider, Term
from pact.pact import PactException


@pytest.fixture
def made(tmp_path: Path) -> Any:
    def make(**options: Any) -> Any:
        return MessageConsumer("DocumentClient").has_pact_with(
            Provider("DocumentService"), pact_dir=str(tmp_path), **options
        )

    return make


def content(folder: Path) -> dict[str, Any]:
    (file,) = folder.glob("*.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def messages(folder: Path) -> dict[str, Any]:
    found = content(folder)
    return {item["description"]: item for item in found.get("interactions", found.get("messages", []))}


def test_a_consumer_keeps_what_it_is_made_with() -> None:
    consumer = MessageConsumer("c", tags=["t"], version="1", branch="b", build_url="u")
    assert (consumer.name, consumer.tags, consumer.version) == ("c", ["t"], "1")
    assert (consumer.branch, consumer.build_url, consumer.auto_detect_version_properties) == ("b", "u", False)
    assert consumer.service_cls is MessagePact


def test_has_pact_with(tmp_path: Path) -> None:
    pact = MessageConsumer("c").has_pact_with(
        Provider("p"), False, "http://b", "u", "pw", "t", str(tmp_path), "3.0.0", "overwrite"
    )
    assert isinstance(pact, MessagePact)
    assert (pact.broker_base_url, pact.broker_username, pact.broker_password, pact.broker_token) == (
        "http://b", "u", "pw", "t",
    )  # fmt: skip
    assert (pact.publish_to_broker, pact.pact_dir, pact.version, pact.file_write_mode) == (
        False, str(tmp_path), "3.0.0", "overwrite",
    )  # fmt: skip
    assert MessageConsumer("c").has_pact_with(Provider("p")).file_write_mode == "merge"


def test_what_is_no_provider_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^provider must be an instance of the Provider class\.$"):
        MessageConsumer("c").has_pact_with("p")  # type: ignore[arg-type]


def test_builders_return_the_pact(made: Any) -> None:
    pact = made()
    assert pact.given("a state") is pact
    assert pact.expects_to_receive("a message") is pact
    assert pact.with_content({"a": 1}) is pact
    assert pact.with_metadata({"b": "c"}) is pact
    with pact as entered:
        assert entered is pact


@pytest.mark.parametrize("ending", ["", "with pact: pass", "pact.write_to_pact_file()", "pact.with_content(object())"])
def test_messages_that_nobody_wrote_are_told_when_the_process_ends(ending: str, tmp_path: Path) -> None:
    code = f"""
from pact import MessageConsumer, Provider
pact = MessageConsumer("c").has_pact_with(Provider("p"))
pact.given("s").expects_to_receive("m").with_content({{"a": 1}})
try:
    {ending or "pass"}
except ValueError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    told = (
        "c -> p: these messages were described but not written, as no `with` block ended well: 'm [s]'" in done.stderr
    )
    assert (told, done.returncode != 0) == (not ending, not ending)


def test_leaving_the_block_writes_the_file(made: Any, tmp_path: Path) -> None:
    pact = made()
    (
        pact.given("a document", {"id": 1})
        .given("a user")
        .expects_to_receive("a document was created")
        .with_content({"event": Term("created|updated", "created"), "id": Like(1), "tags": EachLike("x")})
        .with_metadata({"Content-Type": "application/json", "topic": "docs"})
    )
    with pact:
        pass
    (file,) = tmp_path.iterdir()
    assert file.name == "document-client-document-service.json"
    (item,) = messages(tmp_path).values()
    assert item["contents"]["content"] == {"event": "created", "id": 1, "tags": ["x"]}
    assert item["metadata"]["topic"] == "docs"
    assert item["providerStates"] == [{"name": "a document", "params": {"id": 1}}, {"name": "a user"}]
    rules = item["matchingRules"]["body"]
    assert rules["$.id"]["matchers"] == [{"match": "type"}]
    assert rules["$.event"]["matchers"][0]["match"] == "regex"


def test_states_may_follow_the_description(made: Any, tmp_path: Path) -> None:
    pact = made().expects_to_receive("a").given("late").with_content("x")
    with pact:
        pass
    assert messages(tmp_path)["a"]["providerStates"] == [{"name": "late"}]


def test_all_messages_of_the_pact_are_written(made: Any, tmp_path: Path) -> None:
    pact = made()
    for name in ("one", "two"):
        pact.given(f"state {name}").expects_to_receive(name).with_content({"n": name}).with_metadata({"k": name})
    with pact:
        pass
    pact.expects_to_receive("three").with_content({"n": "three"})
    with pact:
        pass
    found = messages(tmp_path)
    assert set(found) == {"one", "two", "three"}
    assert found["two"]["providerStates"] == [{"name": "state two"}]
    assert "providerStates" not in found["three"]


def test_merge_is_the_default_and_overwrite_replaces(made: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        with made().expects_to_receive(name).with_content("x"):
            pass
    assert set(messages(tmp_path)) == {"one", "two"}
    pact = made(file_write_mode="overwrite")
    for name in ("three", "four"):
        pact.expects_to_receive(name).with_content("x")
        with pact:
            pass
    assert set(messages(tmp_path)) == {"three", "four"}


def test_a_users_exception_passes_and_nothing_is_written(made: Any, tmp_path: Path) -> None:
    pact = made().expects_to_receive("a").with_content("x")
    with pytest.raises(KeyError, match="mine"):
        with pact:
            raise KeyError("mine")
    assert list(tmp_path.iterdir()) == []
    with pact.expects_to_receive("b").with_content("x"):
        pass
    assert set(messages(tmp_path)) == {"b"}


def test_contents_or_metadata_of_no_message_are_refused(made: Any) -> None:
    with pytest.raises(PactException, match="expects_to_receive"):
        made().with_content({"a": 1})
    with pytest.raises(PactException, match="expects_to_receive"):
        made().given("a").with_metadata({"a": 1})


def test_an_explicit_version_is_exact(made: Any, tmp_path: Path) -> None:
    with made(version="3.0.0").expects_to_receive("a").with_content({"x": 1}):
        pass
    found = content(tmp_path)
    assert found["metadata"]["pactSpecification"]["version"] == "3.0.0"
    assert found["messages"][0]["contents"] == {"x": 1}


def test_a_version_without_messages_is_refused(made: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="V3"):
        with made(version="2.0.0").expects_to_receive("a").with_content("x"):
            pass


def test_the_never_mode_writes_nothing(made: Any, tmp_path: Path) -> None:
    with made(file_write_mode="never").expects_to_receive("a").with_content("x"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_messages_without_contents(made: Any, tmp_path: Path) -> None:
    with made().expects_to_receive("a").with_metadata({"k": "v"}):
        pass
    assert messages(tmp_path)["a"]["metadata"] == {"k": "v"}
