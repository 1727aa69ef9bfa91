import pytest

from pact_ffi.core import matching
from pact_ffi.errors import InvalidInputError


@pytest.mark.parametrize(
    ("regex", "example", "expected"),
    [
        (r"\d+", "12", True),
        (r"\d", "12", False),
        ("a'b\\\\", "a'b\\", True),
        ("é\\t", "é\t", True),
        ("", "", True),
        ("a|ab", "ab", True),
    ],
)
def test_a_regex_is_matched_against_the_whole_text(regex: str, example: str, expected: bool) -> None:
    assert matching.check_regex(regex, example) is expected


@pytest.mark.parametrize("regex", ["(", "[", "a{2,1", "*"])
def test_answers_or_refuses_odd_regexes_without_harm(regex: str) -> None:
    try:
        assert matching.check_regex(regex, "x") in (True, False)
    except InvalidInputError as error:
        assert regex in str(error)


def test_an_invalid_regex_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match=r"'\(a' is not valid: .*parenthesis"):
        matching.check_regex("(a", "a")


def test_a_catastrophic_regex_is_refused_and_the_process_lives() -> None:
    with pytest.raises(InvalidInputError, match=r"\(a\+\)\+\$.*retry-limit"):
        matching.check_regex("(a+)+$", "a" * 40 + "!")


def test_a_nul_in_a_regex_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="NUL"):
        matching.check_regex("a\0b", "a")


def test_a_date_is_checked_against_its_format() -> None:
    assert matching.check_datetime("yyyy-MM-dd", "2024-02-29") is None
    problem = matching.check_datetime("yyyy-MM-dd", "yesterday")
    assert problem is not None and "yesterday" in problem


def test_a_date_is_generated_in_its_format() -> None:
    assert matching.check_datetime("yyyy-MM-dd", matching.generate_datetime("yyyy-MM-dd")) is None


@pytest.mark.parametrize("format", ["QQQQQQQ", "'", ""])
def test_an_invalid_date_format_is_refused(format: str) -> None:
    with pytest.raises(InvalidInputError, match="is not valid"):
        matching.generate_datetime(format)


@pytest.mark.parametrize("regex", [r"\d{3}-[a-z]+", r"(ab|cd){2,4}", r"\w+@example\.com", r"[A-F0-9]{8}"])
def test_a_generated_text_matches_its_regex(regex: str) -> None:
    assert matching.check_regex(regex, matching.generate_regex(regex))


@pytest.mark.parametrize("regex", [r"\x00", r"[\x00-\x7f]", r"\x{0}", r"[^\x80-\xff]", r"[[:ascii:]]", r"[[:cntrl:]]"])
def test_a_regex_that_may_generate_a_nul_is_refused(regex: str) -> None:
    with pytest.raises(InvalidInputError, match="NUL"):
        matching.generate_regex(regex)


@pytest.mark.parametrize(
    "regex", ["a{1,999999999}", "((a{1,1000}){1,1000}){1,1000}", "([ab]{999}){9999}", "a{99999999}"]
)
def test_a_regex_that_may_generate_endless_text_is_refused(regex: str) -> None:
    with pytest.raises(InvalidInputError, match="longer than"):
        matching.generate_regex(regex)


@pytest.mark.parametrize("regex", [".", "^a$", "(?=a)", "("])
def test_a_regex_that_the_core_cannot_generate_from_is_refused(regex: str) -> None:
    with pytest.raises(InvalidInputError, match="no value can be generated"):
        matching.generate_regex(regex)
