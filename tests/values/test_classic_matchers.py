"""Like, EachLike, Term and Format."""

from __future__ import annotations

import pytest

from pact_ffi.classic.matchers import EachLike, Format, Like, SomethingLike, Term, from_term, get_generated_values
from pact_ffi.core.matching import check_regex
from pact_ffi.errors import InvalidInputError


@pytest.mark.parametrize(
    ("regex", "found", "missed"),
    [
        (r"\d+", ["abc123", "1", "a\n1\nb"], ["abc"]),
        ("^a", ["abc"], ["ba"]),
        (r"\d$", ["ab1"], ["1b"]),
        ("a|b$", ["xab", "xb", "ac"], ["bx"]),
        ("^(a|b)$", ["a", "b"], ["ab", "c"]),
        (r"a\$", ["xa$y"], ["a"]),
        ("(?i)abc", ["xABCx"], ["ab"]),
        ("(?P<n>x)(?P=n)", ["axxb"], ["axb"]),
    ],
)
def test_a_term_is_found_anywhere_in_the_text(regex: str, found: list[str], missed: list[str]) -> None:
    for text in found:
        Term(regex, text)
    rule = Term(regex, found[0]).to_matching_rule()["regex"]
    for text in missed:
        assert not check_regex(rule, text)
        with pytest.raises(InvalidInputError):
            Term(regex, text)


def test_unsupported_types_and_minimums_fail_an_assertion() -> None:
    with pytest.raises(AssertionError):
        Like(object())
    with pytest.raises(AssertionError):
        EachLike(1, minimum=0)
    assert Like is SomethingLike


def test_examples_and_integration_json() -> None:
    value = {"a": EachLike({"b": Like(Term("x", "xy"))}, minimum=2), "c": [1, None]}
    assert get_generated_values(value) == {"a": [{"b": "xy"}, {"b": "xy"}], "c": [1, None]}
    assert from_term(Like(1)) == {"pact:matcher:type": "type", "value": 1}
    for convert in (from_term, get_generated_values):
        with pytest.raises(ValueError, match="Unknown type"):
            convert({1, 2})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ip_address", ["0.0.0.0", "255.255.255.255"], ["256.1.1.1", "1.2.3", "a.1.1.1"]),
        ("ipv6_address", ["::", "::1", "1::", "fe80::1:2", "2001:db8:0:0:0:0:0:1"], ["1:2", "1::2::3", ":::", "g::"]),
        ("hexadecimal", ["3F", "0"], ["xyz", ""]),
        ("uuid", ["fc763eba-0905-41c5-a27f-3934ab26786c"], ["fc763eba"]),
        ("date", ["2000-02-01"], ["2000-13-01"]),
        ("time", ["T12:30:00", "12:30"], ["25:00", "noon"]),
        ("timestamp", ["2000-02-01T12:30:00", "2000-02-01 12:30:00.5Z"], ["2000-02-01"]),
        (
            "iso_datetime",
            [
                "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00+01:00",
                "2024-01-01T00:00:00+0100",
                "2024-01-01T00:00:00.12Z",
            ],
            ["2024-01-01T00:00:00", "2024-01-01"],
        ),
        ("iso_datetime_ms", ["2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.123+0100"], ["2024-01-01T00:00:00Z"]),
    ],
)
def test_formats_accept_their_kind(name: str, good: list[str], bad: list[str]) -> None:
    regex = Format.Regexes[name].value
    assert all(check_regex(regex, text) for text in [*good, getattr(Format(), name).generate])
    assert not any(check_regex(regex, text) for text in bad)
