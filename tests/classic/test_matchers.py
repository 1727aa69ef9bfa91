"""Like, EachLike, Term and Format."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pact_ffi.classic import matchers
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


UNFIT = {
    "an object": lambda: Like(object()),
    "a set": lambda: Like({1}),
    "bytes": lambda: Like(b"x"),
    "a class": lambda: Like(dict),
    "minimum 0": lambda: EachLike(1, minimum=0),
    "minimum -1": lambda: EachLike(1, minimum=-1),
    "minimum as text": lambda: EachLike(1, minimum="2"),
    "minimum that is no whole number": lambda: EachLike(1, minimum=1.5),
    "no minimum": lambda: EachLike(1, minimum=None),
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_unsupported_types_and_minimums_are_refused_by_name(unfit: str) -> None:
    with pytest.raises(AssertionError) as caught:
        UNFIT[unfit]()
    assert isinstance(caught.value, InvalidInputError)
    assert "EachLike" in str(caught.value) or "SomethingLike" in str(caught.value)
    assert Like is SomethingLike


def test_refusals_stay_under_python_O() -> None:
    code = "from pact import EachLike, Like\n"
    for call in ("EachLike(1, minimum=0)", "Like({1})"):
        done = subprocess.run([sys.executable, "-O", "-c", code + call], capture_output=True, text=True)
        assert "InvalidMatcherError" in done.stderr, (call, done)
    package = Path(matchers.__file__).parents[1]
    statements = [
        (file.name, node.lineno)
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert statements == [], "python -O removes assert statements: raise an exception instead"


class Event(matchers.Matcher):
    """As users write it: `generate` returns content."""

    def __init__(self, content: object) -> None:
        self.content = content

    def generate(self) -> object:
        return self.content


OWN = {
    "a dict": ({"key": "1", "value": {"id": 7}}, {"key": "1", "value": {"id": 7}}),
    "a text": ("text", "text"),
    "a number": (7, 7),
    "None": (None, None),
    "a list": ([1, Like(2)], [1, 2]),
    "matchers inside": ({"id": Like(7), "tags": EachLike("a", minimum=2)}, {"id": 7, "tags": ["a", "a"]}),
    "a matcher": (Term("a+", "aa"), "aa"),
    "another of its kind": (Event({"in": Event([Event(1)])}), {"in": [1]}),
    "what generate() of ours returns": (EachLike({"id": Like(1)}).generate(), [{"id": 1}]),
    "the Ruby engine's like": ({"json_class": "Pact::SomethingLike", "contents": {"a": 1}}, {"a": 1}),
    "the Ruby engine's list": ({"a": {"json_class": "Pact::ArrayLike", "contents": 1, "min": 2}}, {"a": [1, 1]}),
    "the Ruby engine's regex": (
        {"json_class": "Pact::Term", "data": {"generate": "x", "matcher": {"json_class": "Regexp", "o": 0, "s": "x"}}},
        "x",
    ),
}


@pytest.mark.parametrize("own", OWN)
def test_a_users_own_matcher_stands_for_its_content(own: str) -> None:
    content, example = OWN[own]
    assert get_generated_values(Event(content)) == example
    assert get_generated_values({"below": [Event(content)]}) == {"below": [example]}


def test_a_users_own_matcher_keeps_the_rules_inside_it() -> None:
    term = {
        "json_class": "Pact::Term",
        "data": {"generate": "x", "matcher": {"json_class": "Regexp", "o": 0, "s": "x"}},
    }
    for content in (Term("x", "x"), Event(Term("x", "x")), term):
        assert from_term(Event(content)) == from_term(Term("x", "x"))


def test_an_overridden_generate_is_asked() -> None:
    class Twice(Like):  # type: ignore[misc, valid-type]
        def generate(self) -> object:
            return {"twice": self.matcher}

    assert get_generated_values(Twice(1)) == {"twice": 1}


def test_the_base_of_matchers() -> None:
    for matcher in (Like(1), EachLike(1), Term("a", "a"), Event(1)):
        assert isinstance(matcher, matchers.Matcher)
    with pytest.raises(NotImplementedError, match="generate"):
        matchers.Matcher().generate()
    with pytest.raises(InvalidInputError, match="Event"):
        Event(1).to_matching_rule()


def test_examples_and_integration_json() -> None:
    value = {"a": EachLike({"b": Like(Term("x", "xy"))}, minimum=2), "c": [1, None]}
    assert get_generated_values(value) == {"a": [{"b": "xy"}, {"b": "xy"}], "c": [1, None]}
    assert from_term(Like(1)) == {"pact:matcher:type": "type", "value": 1}
    for convert in (from_term, get_generated_values):
        with pytest.raises(ValueError, match="Unknown type"):
            convert({1, 2})


_DATES = ["2000-02-01", "20000201", "2014-W50-7", "2014W507", "2014-365", "2000-02"]
_MOMENTS = ["2016-12-15T20:16:01", "2016-05-24T15:54:14Z", "1994-11-05T08:15:30-05:00", "2016-12-15T20:16:01+0100"]
_PARTS = [
    "2010-05-01T01:14:31.876",
    "2016-05-24T15:54:14.00000Z",
    "2002-01-31T23:00:00.1234-02:00",
    "1991-02-20T06:35:26.079043+00:00",
]
FORMATS = {
    "ip_address": (["0.0.0.0", "255.255.255.255"], ["256.1.1.1", "1.2.3", "a.1.1.1"]),
    "ipv6_address": (
        ["::", "::1", "1::", "fe80::1:2", "2001:db8:0:0:0:0:0:1", "::ffff:192.0.2.128", "::ffff:c000:201"]
        + ["0:0:0:0:0:ffff:192.0.2.128", "64:ff9b::192.0.2.33"],
        ["1:2", "1::2::3", ":::", "g::", "::ffff:192.0.2.256", "192.0.2.1", "1:192.0.2.1"],
    ),
    "hexadecimal": (["3F", "0"], ["xyz", ""]),
    "uuid": (["fc763eba-0905-41c5-a27f-3934ab26786c"], ["fc763eba"]),
    "date": (_DATES, ["2000-13-01", "12:30", "", "2000-02-01T12:30:00", "20"]),
    "time": (["T12:30:00", "12:30:00", "12:30", "T22:44:30.652Z", "T24:00"], ["25:00", "noon", ""]),
    "timestamp": (
        [*_DATES, *_MOMENTS, *_PARTS, "2000-02-01 12:30:00.5Z", "20000201T123000", "2000-02-01T12:30"],
        ["2000-13-01", "12:30", "", "2000-02-01T"],
    ),
    "iso_datetime": ([*_MOMENTS, *_PARTS], ["2024-01-01", "2024-01-01 00:00:00", "2024-01-01T00:00"]),
    "iso_datetime_ms": (_PARTS, [*_MOMENTS, "2024-01-01"]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats_accept_their_kind(name: str) -> None:
    good, bad = FORMATS[name]
    regex = Format.Regexes[name].value
    assert [text for text in [*good, getattr(Format(), name).value] if not check_regex(regex, text)] == []
    assert [text for text in bad if check_regex(regex, text)] == []


def test_formats_have_the_older_names() -> None:
    older = "ip_address hexadecimal ipv6_address uuid timestamp date time_regex iso_8601_datetime iso_8601_datetime_ms"
    assert set(older.split()) <= set(Format.Regexes.__members__)
    assert Format().integer_or_identifier().value == Format().identifier.value == 1
    assert Format().iso_8601_datetime().matcher == Format.Regexes.iso_8601_datetime.value
    assert Format().iso_8601_datetime(with_ms=True).matcher == Format.Regexes.iso_8601_datetime_ms.value
    assert from_term(Format().iso_8601_datetime(with_ms=False)) == from_term(Format().iso_datetime)
