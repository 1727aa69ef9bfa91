"""The pact of the modern API: names, versions, metadata, its interactions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pact import Pact
from pact.pact import AsyncMessageInteraction, HttpInteraction, SyncMessageInteraction
from pact_ffi import PactSpecification


def test_names_are_kept() -> None:
    pact = Pact("my consumer", "my provider")
    assert pact.consumer == "my consumer"
    assert pact.provider == "my provider"


def test_str_is_consumer_arrow_provider(pact: Pact) -> None:
    assert str(pact) == "consumer -> provider"


def test_repr_says_what_it_is(pact: Pact) -> None:
    assert repr(pact).startswith("<Pact:")
    assert repr(pact).endswith(">")


@pytest.mark.parametrize(
    ("names", "message"),
    [(("", "provider"), "Consumer name cannot be empty"), (("consumer", ""), "Provider name cannot be empty")],
)
def test_empty_names_are_refused(names: tuple[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Pact(*names)


@pytest.mark.parametrize("name", ["../../c", "a/b", "a\\b", "a\0b", "a\nb", "x" * 300, "  ", "\ud800"])
@pytest.mark.parametrize("side", [0, 1])
def test_names_that_would_leave_the_directory_or_break_it_are_refused(name: str, side: int) -> None:
    names = ["fine", "fine"]
    names[side] = name
    with pytest.raises(ValueError, match="name"):
        Pact(*names)


@pytest.mark.parametrize("name", ["Ünï cödé", "日本", "a.b", "it's", "a & b (c)", "%20", "-"])
def test_unusual_names_are_written_as_they_are(name: str, tmp_path: Path) -> None:
    pact = Pact(name, "p")
    pact.upon_receiving("a request").with_request("GET", "/").will_respond_with(200)
    pact.write_file(tmp_path)
    file = json.loads((tmp_path / f"{name}-p.json").read_text(encoding="utf-8"))
    assert file["consumer"] == {"name": name}


def test_default_specification_is_v4(pact: Pact) -> None:
    assert pact.specification == PactSpecification.V4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1", PactSpecification.V1),
        ("1.1", PactSpecification.V1_1),
        ("2", PactSpecification.V2),
        ("3", PactSpecification.V3),
        ("4", PactSpecification.V4),
        ("V1", PactSpecification.V1),
        ("V1.1", PactSpecification.V1_1),
        ("V2", PactSpecification.V2),
        ("V3", PactSpecification.V3),
        ("V4", PactSpecification.V4),
        ("v3", PactSpecification.V3),
        ("3.0.0", PactSpecification.V3),
        ("4.0", PactSpecification.V4),
        (PactSpecification.V2, PactSpecification.V2),
    ],
)
def test_with_specification_takes_names_and_members(
    pact: Pact, given: str | PactSpecification, expected: PactSpecification
) -> None:
    assert pact.with_specification(given) is pact
    assert pact.specification == expected


@pytest.mark.parametrize("version", ["5", "V0", "", "latest", "4.1", PactSpecification.UNKNOWN])
def test_unknown_versions_are_refused(pact: Pact, version: str | PactSpecification) -> None:
    with pytest.raises(ValueError, match="version"):
        pact.with_specification(version)


@pytest.mark.parametrize("version", [4, None, 99, True, 4.0])
def test_versions_of_other_types_are_refused(pact: Pact, version: object) -> None:
    with pytest.raises((ValueError, TypeError), match="version"):
        pact.with_specification(version)  # type: ignore[arg-type]


def test_specifications_are_comparable() -> None:
    assert PactSpecification.V1 < PactSpecification.V1_1 < PactSpecification.V2 < PactSpecification.V3
    assert PactSpecification.V4 >= PactSpecification.V3
    assert PactSpecification.V4 > PactSpecification.V3 >= PactSpecification.V3
    assert PactSpecification.V2 <= PactSpecification.V2
    assert str(PactSpecification.V1_1) == "V1.1"


def test_with_metadata_adds_to_the_file(pact: Pact, written) -> None:
    pact.upon_receiving("a request").with_request("GET", "/").will_respond_with(200)
    assert pact.with_metadata("team", {"name": "blue", "room": "3"}) is pact
    pact.with_metadata("team", {"lead": "Ü"})
    assert written(pact)["metadata"]["team"] == {"name": "blue", "room": "3", "lead": "Ü"}


def test_metadata_that_is_no_text_is_refused(pact: Pact) -> None:
    with pytest.raises(ValueError, match="metadata"):
        pact.with_metadata("team", {"size": 3})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("HTTP", HttpInteraction), ("Async", AsyncMessageInteraction), ("Sync", SyncMessageInteraction)],
)
def test_upon_receiving_begins_the_kind_that_was_asked_for(pact: Pact, kind: str, expected: type) -> None:
    assert type(pact.upon_receiving("something", kind)) is expected  # type: ignore[call-overload]


def test_upon_receiving_is_http_by_default(pact: Pact) -> None:
    assert type(pact.upon_receiving("something")) is HttpInteraction


@pytest.mark.parametrize("kind", ["http", "", "Other", None, ["HTTP"]])
def test_unknown_kinds_are_refused(pact: Pact, kind: object) -> None:
    with pytest.raises(ValueError, match="^Invalid interaction type: "):
        pact.upon_receiving("something", kind)  # type: ignore[call-overload]


def test_interactions_are_listed_by_kind_in_the_order_in_which_they_were_begun(pact: Pact) -> None:
    first, message, second = (
        pact.upon_receiving("first"),
        pact.upon_receiving("message", "Async"),
        pact.upon_receiving("second"),
    )
    exchange = pact.upon_receiving("exchange", "Sync")
    assert list(pact.interactions()) == [first, second] == list(pact.interactions("HTTP"))
    assert list(pact.interactions("Async")) == [message]
    assert list(pact.interactions("Sync")) == [exchange]
    assert list(pact.interactions("All")) == [first, message, second, exchange]


def test_interactions_can_be_listed_again(pact: Pact) -> None:
    pact.upon_receiving("first")
    assert len(list(pact.interactions())) == len(list(pact.interactions())) == 1


def test_unknown_kinds_of_interactions_are_refused(pact: Pact) -> None:
    with pytest.raises(ValueError, match="Unknown interaction type: 'http'"):
        pact.interactions("http")  # type: ignore[arg-type]


def test_provider_states_of_a_message_are_listed_with_parameters_as_text(pact: Pact) -> None:
    pact.upon_receiving("a message", "Async").given("a user", id=1, name="Bob").given("no admin")
    (item,) = pact.interactions("Async")
    states = list(item.provider_states())
    assert [state.name for state in states] == ["a user", "no admin"]
    assert sorted(states[0].parameters()) == [("id", "1"), ("name", "Bob")]
    assert list(states[1].parameters()) == []


@pytest.mark.parametrize("description", [None, 3, "a\0b", "\ud800"])
def test_descriptions_that_the_core_cannot_take_are_refused(pact: Pact, description: object) -> None:
    with pytest.raises(ValueError, match="description"):
        pact.upon_receiving(description)  # type: ignore[call-overload]


def test_a_pact_without_interactions_is_not_written(pact: Pact, tmp_path: Path) -> None:
    pact.write_file(tmp_path)
    assert list(tmp_path.iterdir()) == []
