"""Classic matchers in a pact: what the file holds and what the mock service takes."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import requests

from pact import Consumer, EachLike, Format, Like, Provider, SomethingLike, Term
from pact.matchers import from_term, get_generated_values

ATTRIBUTES = (
    "identifier integer decimal ip_address hexadecimal ipv6_address uuid timestamp date time iso_datetime"
    " iso_datetime_ms"
).split()


def status(tmp_path: Path, matcher: Any, value: Any) -> int:
    """What the mock service answers to ``value`` where ``matcher`` is expected."""
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=str(tmp_path))
    pact.start_service()
    try:
        pact.upon_receiving("a").with_request("post", "/", body={"value": matcher}).will_respond_with(200)
        return requests.post(pact.uri, json={"value": value}).status_code
    finally:
        pact._clear()
        pact.stop_service()


@pytest.mark.parametrize(
    ("matcher", "value", "matches"),
    [
        (Like(1), 2, True),
        (Like(1), "2", False),
        (Like({"a": 1}), {"a": 5}, True),
        (Like({"a": Term("x+", "x")}), {"a": "y"}, False),
        (EachLike(1), [1, 2, 3], True),
        (EachLike(1), [], False),
        (EachLike(1, minimum=2), [1], False),
        (EachLike({"a": Like("x")}, minimum=2), [{"a": "y"}, {"a": "z"}], True),
        (Term(r"\d+", "1"), "a1b", True),
        (Term(r"^\d+$", "1"), "a1b", False),
        (Term(r"^a|b$", "a"), "xb", True),
        (Term("green|red", "red"), "blue", False),
        (Format().uuid, "fc763eba-0905-41c5-a27f-3934ab26786c", True),
        (Format().uuid, "fc763eba", False),
        (Format().ip_address, "10.0.0.255", True),
        (Format().ip_address, "10.0.0.256", False),
        (Format().iso_datetime, "2024-01-01T00:00:00Z", True),
        (Format().iso_datetime, "2024-01-01T00:00:00+01:00", True),
        (Format().iso_datetime, "2024-01-01T00:00:00+0100", True),
        (Format().iso_datetime, "2024-01-01T00:00:00.123Z", True),
        (Format().iso_datetime, "2024-01-01", False),
    ],
    ids=repr,
)
def test_what_a_matcher_takes(tmp_path: Path, matcher: Any, value: Any, matches: bool) -> None:
    assert (status(tmp_path, matcher, value) == 200) is matches


def test_something_like_is_like() -> None:
    assert SomethingLike is Like


@pytest.mark.parametrize("value", [{1}, b"x", object()])
def test_like_of_unsupported_types_is_an_assertion(value: object) -> None:
    with pytest.raises(AssertionError):
        Like(value)


def test_each_like_of_less_than_one_is_an_assertion() -> None:
    with pytest.raises(AssertionError, match="(?i)minimum must be greater than or equal to 1"):
        EachLike(1, minimum=0)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_format_attributes(tmp_path: Path, name: str) -> None:
    matcher = getattr(Format(), name)
    assert status(tmp_path, matcher, get_generated_values(matcher)) == 200


def test_format_regexes_are_an_enum() -> None:
    assert issubclass(Format.Regexes, Enum)
    assert all(isinstance(each.value, str) for each in Format.Regexes)


def test_get_generated_values() -> None:
    body = {"a": Like(1), "b": EachLike({"c": Term("x+", "xx")}, minimum=2), "d": [None, True, 1.5]}
    assert get_generated_values(body) == {"a": 1, "b": [{"c": "xx"}, {"c": "xx"}], "d": [None, True, 1.5]}
    with pytest.raises(ValueError, match="Unknown type"):
        get_generated_values({1, 2})


def test_from_term() -> None:
    found = from_term({"a": Like(1), "b": [Term("x", "x")]})
    assert json.loads(json.dumps(found))["a"]["value"] == 1
    with pytest.raises(ValueError, match="Unknown type"):
        from_term({1, 2})
