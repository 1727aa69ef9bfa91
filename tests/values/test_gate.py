"""The gate: every matcher in every place, with an example that satisfies it and one that contradicts it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pact import MessageConsumer, Provider
from pact_ffi import Pact, match, xml
from pact_ffi.core import library, matching
from pact_ffi.core.pact import Part
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import encoding
from pact_ffi.values.matcher import Matcher

FORM, XML = "application/x-www-form-urlencoded", "application/xml"
WHOLE_BODIES = library.has("pactffi_sync_message_match_response_contents")


class Case(NamedTuple):
    """A rule as pact files spell it, and examples."""

    rule: dict[str, Any]
    right: Any
    wrong: Any
    text: bool = True  # works in headers, queries and the like

    @property
    def name(self) -> str:
        return str(self.rule["match"])

    def matcher(self, example: Any) -> dict[str, Any]:
        """Integration JSON."""
        fields = {key: item for key, item in self.rule.items() if key != "match"}
        return {"pact:matcher:type": self.name, **fields, "value": example}


CASES = [
    Case({"match": "regex", "regex": r"\d+"}, "12", "x"),
    Case({"match": "integer"}, 7, "x"),
    Case({"match": "integer"}, 7, 1.5),
    Case({"match": "decimal"}, 1.5, "x"),
    Case({"match": "real"}, 1.5, "x"),
    Case({"match": "number"}, 7, "x"),
    Case({"match": "boolean"}, True, "x"),
    Case({"match": "semver"}, "1.2.3", "x"),
    Case({"match": "notEmpty"}, "x", ""),
    Case({"match": "date", "format": "yyyy-MM-dd"}, "2024-01-31", "x"),
    Case({"match": "time", "format": "HH:mm"}, "10:20", "x"),
    Case({"match": "datetime", "format": "yyyy-MM-dd HH:mm"}, "2024-01-31 10:20", "x"),
    Case({"match": "timestamp", "format": "yyyy-MM-dd HH:mm"}, "2024-01-31 10:20", "2024"),
    Case({"match": "null"}, None, 5, text=False),
    Case({"match": "type", "min": 2}, [1, 2], [1], text=False),
    Case({"match": "type", "max": 1}, [1], [1, 2], text=False),
    Case({"match": "eachKey", "rules": [{"match": "regex", "regex": "k"}]}, {"k": 1}, {"x": 1}, text=False),
    Case({"match": "eachValue", "rules": [{"match": "integer"}]}, {"k": 1}, {"k": "x"}, text=False),
]
BODIES_APART = ("rules of a JSON body apart", "rules of JSON text apart", "rules of a message apart")
V4_ONLY = ("semver", "notEmpty", "eachKey", "eachValue")
NUMBERS_AS_TEXT = [("integer", "7"), ("decimal", "1.5"), ("number", "7"), ("boolean", "true")]


def http(describe: Callable[[Any], object]) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        pact = Pact("consumer", "provider")
        interaction = pact.upon_receiving("something").with_request("GET", "/")
        describe(interaction)
        interaction.will_respond_with(200)
        return Path(pact.write_file(folder) or next(folder.glob("*.json"))).read_text(encoding="utf-8")

    return run


def message(describe: Callable[[Any], object]) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        pact = Pact("consumer", "provider")
        interaction = pact.upon_receiving("something", "Async")
        describe(interaction)
        return Path(pact.write_file(folder) or next(folder.glob("*.json"))).read_text(encoding="utf-8")

    return run


def classic(content: Any) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        pact = MessageConsumer("consumer").has_pact_with(Provider("provider"), pact_dir=str(folder))
        pact.given("a state").expects_to_receive("something").with_content(content).with_metadata({})
        with pact:
            pass
        return next(folder.glob("*.json")).read_text(encoding="utf-8")

    return run


def beside(category: str, key: str, rule: dict[str, Any], part: Part = "Request") -> Callable[[Any], Any]:
    rules = {category: {"matchers": [rule]} if not key else {key: {"matchers": [rule]}}}
    return lambda interaction: interaction.with_matching_rules(rules, part)


def plain_text(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example)


Place = Callable[[Case, Any], Callable[[Path], str]]
IN_JSON: dict[str, Place] = {
    "JSON body": lambda case, example: http(lambda i: i.with_body({"a": case.matcher(example)})),
    "a list in a JSON body": lambda case, example: http(lambda i: i.with_body([[case.matcher(example)]])),
    "root of a response": lambda case, example: http(
        lambda i: i.will_respond_with(200).with_body(case.matcher(example))
    ),
    "message": lambda case, example: message(lambda i: i.with_body({"a": case.matcher(example)})),
    "metadata": lambda case, example: message(lambda i: i.with_body({}).with_metadata({"a": case.matcher(example)})),
    "classic message": lambda case, example: classic({"a": case.matcher(example)}),
    "Matcher": lambda case, example: http(
        lambda i: i.with_body(
            {"a": Matcher(case.name, example, **{key: item for key, item in case.rule.items() if key != "match"})}
        )
    ),
    "rules of a JSON body apart": lambda case, example: http(
        lambda i: beside("body", "$.a", case.rule)(i.with_body({"a": example}))
    ),
    "rules of JSON text apart": lambda case, example: http(
        lambda i: beside("body", "$.a", case.rule)(i.with_body(json.dumps({"a": example}), "application/json"))
    ),
    "rules of a message apart": lambda case, example: message(
        lambda i: beside("body", "$.a", case.rule)(i.with_body({"a": example}))
    ),
    "rules of metadata apart": lambda case, example: message(
        lambda i: beside("metadata", "a", case.rule)(i.with_body({}).with_metadata({"a": example}))
    ),
}
IN_TEXT: dict[str, Place] = {
    "header": lambda case, example: http(lambda i: i.with_header("X-A", case.matcher(example))),
    "response header": lambda case, example: http(
        lambda i: i.will_respond_with(200).with_header("X-A", case.matcher(example))
    ),
    "query parameter": lambda case, example: http(lambda i: i.with_query_parameter("a", case.matcher(example))),
    "rules of a header apart": lambda case, example: http(
        lambda i: beside("header", "x-a", case.rule)(i.with_header("X-A", plain_text(example)))
    ),
    "rules of a query parameter apart": lambda case, example: http(
        lambda i: beside("query", "a", case.rule)(i.with_query_parameter("a", plain_text(example)))
    ),
    "form": lambda case, example: http(lambda i: i.with_body({"a": case.matcher(example)}, FORM)),
    "attribute in XML": lambda case, example: http(
        lambda i: i.with_body(xml.body(xml.element("a", attrs={"b": case.matcher(example)})), XML)
    ),
    "text in XML": lambda case, example: http(
        lambda i: i.with_body(xml.body(xml.element("a", case.matcher(example))), XML)
    ),
}
NEEDS_WHOLE_BODIES: dict[str, Place] = {
    "rules of a form apart": lambda case, example: http(
        lambda i: beside("body", "$.a", case.rule)(i.with_body(f"a={plain_text(example)}", FORM))
    ),
    "rules of XML apart": lambda case, example: http(
        lambda i: beside("body", "$.a['@b']", case.rule)(i.with_body(f"<a b='{plain_text(example)}'/>", XML))
    ),
    "rules of plain text apart": lambda case, example: http(
        lambda i: beside("body", "$", case.rule)(i.with_body(plain_text(example), "text/plain"))
    ),
}


def table() -> list[Any]:
    rows = []
    places = {**IN_JSON, **IN_TEXT, **(NEEDS_WHOLE_BODIES if WHOLE_BODIES else {})}
    for where, place in places.items():
        for number, case in enumerate(CASES):
            if where not in IN_JSON and not case.text:
                continue
            if where == "classic message" and case.name in V4_ONLY:
                continue
            if where == "root of a response" and case.name == "null":
                continue  # pact files read it back as an empty body, so it is refused
            if where == "form" and case.name == "boolean":
                continue  # the core drops it, so it is refused
            if where == "rules of plain text apart" and case.name != "regex":
                continue  # the core compares plain text by regexes alone
            if not WHOLE_BODIES and where in BODIES_APART:
                continue
            rows.append(pytest.param(case, place, id=f"{where}-{case.name}{number}"))
    return rows


@pytest.mark.parametrize(("case", "place"), table())
def test_an_example_satisfies_its_rule_in_its_place_or_is_refused(case: Case, place: Place, tmp_path: Path) -> None:
    written = {"real": "decimal", "timestamp": "datetime"}.get(case.name, case.name)
    assert f'"match": "{written}"' in place(case, case.right)(tmp_path)
    with pytest.raises(InvalidInputError):
        place(case, case.wrong)(tmp_path)


@pytest.mark.parametrize(("name", "example"), NUMBERS_AS_TEXT)
@pytest.mark.parametrize("where", IN_TEXT)
def test_a_number_may_be_text_where_http_carries_text(where: str, name: str, example: str, tmp_path: Path) -> None:
    assert f'"match": "{name}"' in IN_TEXT[where](Case({"match": name}, example, None), example)(tmp_path)


@pytest.mark.parametrize(("name", "example"), NUMBERS_AS_TEXT)
@pytest.mark.parametrize("where", [where for where in IN_JSON if WHOLE_BODIES or "apart" not in where])
def test_the_text_of_a_number_is_not_a_number_in_json(where: str, name: str, example: str, tmp_path: Path) -> None:
    if name == "boolean" and where in BODIES_APART:
        return  # the core takes the text "true" for a boolean
    with pytest.raises(InvalidInputError):
        IN_JSON[where](Case({"match": name}, None, example), example)(tmp_path)


@pytest.mark.parametrize(
    "name", ["null", "eachKey", "eachValue", "arrayContains", "contentType", "values", "statusCode"]
)
@pytest.mark.parametrize("where", IN_TEXT)
def test_matchers_that_match_anything_in_a_text_are_refused_there(where: str, name: str, tmp_path: Path) -> None:
    rule = {"match": name, "rules": [{"match": "type"}], "variants": [1]}
    with pytest.raises(InvalidInputError):
        IN_TEXT[where](Case(rule, "x", "x"), "x")(tmp_path)


REFUSED: dict[str, Callable[[], object]] = {
    "semver": lambda: match.semver("x"),
    "not_empty": lambda: match.not_empty(""),
    "not_empty of a list": lambda: match.not_empty([]),
    "not_empty of a dict": lambda: match.not_empty({}),
    "each_value_matches": lambda: match.each_value_matches({"k": "x"}, rules=match.int(1)),
    "each_key_matches": lambda: match.each_key_matches({"k": "x"}, rules=match.regex("x", regex="x")),
    "null with an example": lambda: Matcher("null", 5),
    "int of text": lambda: match.int("7"),  # type: ignore[arg-type]
    "decimal of text": lambda: match.decimal("1.5"),  # type: ignore[arg-type]
    "number of text": lambda: match.number("1"),  # type: ignore[arg-type]
    "bool of text": lambda: match.bool("true"),  # type: ignore[arg-type]
    "int of a decimal": lambda: match.int(1.5),  # type: ignore[arg-type]
    "regex": lambda: match.regex("x", regex=r"\d"),
    "date": lambda: match.date("2024-13-01"),
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in REFUSED.items()])
def test_a_matcher_is_refused_where_it_is_made(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match="does not satisfy"):
        make()


@pytest.mark.parametrize("status", ["clientError", "redirect", [201]])
def test_a_status_satisfies_its_rule(status: object, tmp_path: Path) -> None:
    rule = {"match": "statusCode", "status": status}
    with pytest.raises(InvalidInputError, match="the status: the example 200 does not satisfy its matcher statusCode"):
        http(lambda i: i.will_respond_with({"pact:matcher:type": "statusCode", "status": status, "value": 200}))(
            tmp_path
        )
    with pytest.raises(InvalidInputError, match="status: the example 200 does not satisfy its matcher statusCode"):
        http(lambda i: beside("status", "", rule, "Response")(i.will_respond_with(200)))(tmp_path)
    with pytest.raises(InvalidInputError, match="works for the status only"):
        http(lambda i: i.with_body({"pact:matcher:type": "statusCode", "status": status, "value": 200}))(tmp_path)


@pytest.mark.parametrize("rule", [{"match": "regex", "regex": r"/\d"}, {"match": "semver"}, {"match": "integer"}])
def test_a_path_satisfies_its_rule(rule: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="does not satisfy"):
        http(lambda i: i.with_request("GET", {**Case(rule, None, None).matcher("/x")}))(tmp_path)
    with pytest.raises(InvalidInputError, match="path: the example '/' does not satisfy"):
        http(beside("path", "", rule))(tmp_path)


@pytest.mark.skipif(not WHOLE_BODIES, reason="this core cannot match a whole body")
def test_what_a_rule_says_of_its_neighbours_is_judged() -> None:
    with pytest.raises(
        InvalidInputError, match=r"\$\.a\[1\]: the example does not satisfy its own matching rule: Expected 'x'"
    ):
        http(lambda i: i.with_body({"a": match.like([match.int(1), "x"])}))(Path())


def test_of_rules_joined_by_or_one_must_fit(tmp_path: Path) -> None:
    either = {"combine": "OR", "matchers": [{"match": "integer"}, {"match": "regex", "regex": "x|y"}]}
    assert "OR" in http(lambda i: i.with_header("A", "x").with_matching_rules({"header": {"A": either}}))(tmp_path)
    with pytest.raises(InvalidInputError, match="header A: the example 'z' does not satisfy its matcher integer"):
        http(lambda i: i.with_header("A", "z").with_matching_rules({"header": {"A": either}}))(tmp_path)


def test_rules_in_the_spelling_of_version_2_are_judged(tmp_path: Path) -> None:
    rule = {"match": "regex", "regex": r"\d+"}
    for path in ("$.header.A", "$.headers.A", "$.header['A']", "$.query.q", "$.path", "$.body.a", "$.body['a']"):
        if "body" in path and not WHOLE_BODIES:
            continue
        with pytest.raises(InvalidInputError, match="does not satisfy"):
            http(
                lambda i: (
                    i.with_header("A", "x")
                    .with_query_parameter("q", "x")
                    .with_body({"a": "x"})
                    .with_matching_rules({path: rule})  # noqa: B023
                )
            )(tmp_path)


def test_what_was_judged_once_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def body() -> dict[str, Any]:
        return {
            "id": match.int(5),
            "name": match.regex("Ann", regex="[A-Z][a-z]+"),
            "at": match.date("2024-01-31"),
            "version": match.semver("1.2.3"),
            "tags": match.each_like("x"),
            "prices": match.each_value_matches({"a": 1}, rules=match.int(1)),
        }

    first = encoding.dumps(body())
    asked: list[str] = []
    for function in ("judge_json", "judge_text", "judge_body", "check_regex", "check_datetime"):
        monkeypatch.setattr(matching, function, lambda *args: asked.append(str(args)))
    assert encoding.dumps(body()) == first
    assert asked == []


def test_numbers_and_booleans_are_judged_without_the_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "judge_json", lambda *_: pytest.fail("the core was asked"))
    encoding.dumps([match.int(123456), match.decimal(12.75), match.number(98765), match.bool(False), match.like("new")])
