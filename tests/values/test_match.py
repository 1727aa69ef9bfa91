"""What the matcher functions accept, and what they refuse at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from pact_ffi import generate, match
from pact_ffi.core.matching import check_regex
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.dates import to_java
from pact_ffi.values.encoding import to_integration_json

ANY: Any = match  # for calls that a type checker would stop


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: match.int(5, min=6), "5 is not within min=6"),
        (lambda: match.int(min=6, max=5), "min 6 is greater than max 5"),
        (lambda: match.int(max=2**31), "max must be an integer from"),
        (lambda: ANY.int("x"), "'x' does not satisfy its matcher integer"),
        (lambda: match.int(True), "True does not satisfy its matcher integer"),
        (lambda: match.number(min=1, precision=2), "one or the other"),
        (lambda: match.str("abc", size=2), "3 characters, size says 2"),
        (lambda: ANY.str(5), "must be text"),
        (lambda: ANY.bool("x"), "does not satisfy its matcher boolean"),
        (lambda: match.regex("a1"), "keyword 'regex'"),
        (
            lambda: match.regex("a12", regex=r"a\d"),
            r"'a12' does not satisfy its matcher regex: Expected 'a12' to match 'a\\d' as a whole",
        ),
        (lambda: match.regex("x", regex="["), "not valid"),
        (lambda: ANY.regex("x", regex=rb"x"), "text"),
        (lambda: ANY.regex("x", regex=["x"]), "text"),
        (lambda: ANY.regex("x", regex={"x": 1}), "text"),
        (lambda: match.regex("x", regex=re.compile("x", re.ASCII)), "flags"),
        (lambda: match.regex(regex=r"(?!a)."), "no example could be derived"),
        (lambda: match.uuid("x"), "does not satisfy"),
        (lambda: match.uuid(format="short"), "unknown UUID format 'short'"),
        (lambda: match.date("2024-13-01"), "does not satisfy its matcher date"),
        (lambda: match.date("2024-01-02", "%d/%m/%Y"), "does not satisfy its matcher date"),
        (lambda: match.datetime(format="%c"), "%c in the format '%c' has no counterpart"),
        (lambda: match.date("2024", "%Y", disable_conversion=True), "strftime"),
        (lambda: ANY.date(5), "must be text or of Python's datetime"),
        (lambda: match.like(5, min=1), "count the items of a list"),
        (lambda: match.like([1, 2], max=1), "has 2 items"),
        (lambda: match.like([], min=1), "has 0 items"),
        (lambda: match.each_like(1, min=-1), "min must be an integer from 0"),
        (lambda: match.each_like(1, min=3, max=2), "min 3 is greater than max 2"),
        (lambda: match.array_containing([]), "at least one"),
        (lambda: match.each_key_matches({"b1": 1}, rules=match.regex("a1", regex=r"a\d")), "'b1'"),
        (lambda: ANY.each_value_matches([1], rules=match.int(1)), "must be a dict"),
        (lambda: match.each_value_matches({}, rules=[]), "rules must be"),
        (lambda: generate.hex(0), "digits must be an integer from 1 to 65535"),
        (lambda: generate.str(70000), "size must be"),
        (lambda: generate.provider_state(""), "expression"),
        (lambda: generate.regex("["), "not valid"),
        (lambda: generate.mock_server_url("x", "y"), "does not match"),
    ],
)
def test_what_the_core_would_swallow_is_refused_by_name(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()


@pytest.mark.parametrize(
    ("format", "pattern"),
    [
        ("%Y-%m-%dT%H:%M:%S.%f%z", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ"),
        ("%d/%m/%y %I:%M %p", "dd/MM/yy hh:mm a"),
        ("%A, %d %B %Y", "EEEE, dd MMMM yyyy"),
        ("%Hh o'clock 100%%", "HH'h o''clock 100%'"),
        ("%G-W%V-%u", "YYYY'-W'ww-e"),
        ("%F", "yyyy-MM-dd"),
        ("%Y年", "yyyy'年'"),
    ],
)
def test_strftime_formats_become_the_patterns_of_the_core(format: str, pattern: str) -> None:
    assert to_java(format) == pattern
    match.datetime(dt.datetime(2024, 2, 29, 23, 59, 58, 7, dt.timezone.utc), format)
    match.datetime(format=format)


def test_a_time_zone_colon_and_fractions_are_recognised_from_the_example() -> None:
    for example in ("2024-01-01T10:00:00", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.5+01:00"):
        match.datetime(example)
    match.time("10:00:00.123456")


@pytest.mark.parametrize(
    "regex",
    [r"\d{3}-[A-Z]{2}", r"^\S+@\w+\.(com|org)$", "[^abc0-9]x", "(?P<n>a|b)(?P=n)", r"[^\w]", r"a?b+c*", "x{2,}"],
)
def test_an_example_is_derived_from_a_regex_and_stays_the_same(regex: str) -> None:
    rule = match.regex(regex=regex).to_integration_json()
    assert check_regex(rule["regex"], rule["value"])
    assert rule["value"] == match.regex(regex=regex).to_integration_json()["value"]


def test_compiled_patterns_keep_their_flags() -> None:
    match.regex("A\nB", regex=re.compile("a.b", re.IGNORECASE | re.DOTALL))
    match.regex("a\nb", regex="(?s)a.b")
    match.regex("(i", regex="[]a(?i)]+")  # no flags: a class of characters


class _Text(str):
    """Text that is not quite `str`."""


JUDGED_ANEW: dict[str, tuple[str, str, dict[str, Any]]] = {
    "another example": ("regex", "b", {"regex": "a"}),
    "another regex": ("regex", "a", {"regex": "b"}),
    "another rule": ("semver", "a", {}),
    "no text as regex": ("regex", "a", {"regex": 5}),
    "text of a subclass": ("regex", _Text("b"), {"regex": _Text("a")}),
    "no regex": ("regex", "a", {}),
    "a format that it lacks": ("date", "2024-01-31", {"format": "yyyy"}),
    "an unhashable format": ("date", "2024-01-31", {"format": ["yyyy-MM-dd"]}),
}


@pytest.mark.parametrize(("name", "example", "fields"), JUDGED_ANEW.values(), ids=list(JUDGED_ANEW))
def test_what_was_judged_says_nothing_of_another_example_or_rule(
    name: str, example: str, fields: dict[str, Any]
) -> None:
    for _ in range(2):  # nor is a refusal forgotten
        assert match.Matcher("regex", "a", regex="a").value == "a"
        assert match.Matcher("date", "2024-01-31", format="yyyy-MM-dd").value == "2024-01-31"
        with pytest.raises(InvalidInputError):
            match.Matcher(name, example, **fields)


@pytest.mark.parametrize(
    "make",
    [
        lambda: match.semver("\ud800"),
        lambda: match.date("\ud800"),
        lambda: match.datetime("\ud800"),
        lambda: match.regex("\ud800", regex="x"),
        lambda: match.regex("x", regex="\ud800"),
        lambda: match.bool({"pact:generator:type": []}),
        lambda: to_integration_json({"a": {"pact:generator:type": {"a": 1}}}),
    ],
)
def test_what_no_text_can_be_and_generators_without_a_name_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError):
        make()
