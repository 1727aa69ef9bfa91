"""What the core reads too leniently is closed by a second rule beside the first, wherever a value may stand.

Each provider here sends one value, right or wrong. Whether the core passes it is asked of the core: nothing is matched
in Python. `tests/peers` asks the verifiers of pact-js and pact-python the same.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, Verifier, match, xml
from pact_ffi.core import matching
from pact_ffi.errors import PactWarning

TYPE = {"match": "type"}
# name: matcher, the rule beside it, values that are right, values that the first rule alone would take
LENIENT: dict[str, tuple[Any, dict[str, str], list[Any], list[Any]]] = {
    "letters": (match.regex("ann", regex="[a-z]+"), TYPE, ["bob", "null"], [None, True]),
    "anything": (match.regex("x", regex=".*"), TYPE, ["", "y"], [None, False, 5, [], {}]),
    "digits": (match.regex("12", regex=r"\d+"), TYPE, ["7"], [7]),
    "an amount": (match.regex("9.50", regex=r"\d+\.\d{1,2}"), TYPE, ["1.25"], [1.25]),
    "a word": (match.regex("true", regex="true|false"), TYPE, ["false"], [True]),
    "a number's text": (match.regex(12, regex=r"\d+"), TYPE, [7], ["7"]),
    "include": (match.includes("u"), TYPE, ["mu"], [None, True]),
    "include a digit": (match.includes("1"), TYPE, ["21"], [12, [1]]),
    "boolean": (match.bool(True), TYPE, [False, True], ["true", "false"]),
    "a date": (match.date("2024-02-29"), {"match": "regex", "regex": r"\d{4}-\d{2}-\d{2}"}, ["1999-12-31"],
               ["99-12-31", "2024-2-9"]),
    "a German date": (match.date("29.02.2024", "%d.%m.%Y"), {"match": "regex", "regex": r"\d{2}\.\d{2}\.\d{4}"},
                      ["31.12.1999"], ["1.1.2024", "31.12.99"]),
    "a time": (match.time("12:34:56"), {"match": "regex", "regex": r"\d{2}:\d{2}:\d{2}"}, ["00:00:00"], ["1:2:3"]),
    "a moment": (match.datetime("2024-02-29T12:34:56Z", "%Y-%m-%dT%H:%M:%S%:z"),
                 {"match": "regex", "regex": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.+"},
                 ["1999-12-31T00:00:00+01:00", "1999-12-31T00:00:00Z"], ["1999-1-1T0:0:0Z"]),
    "a fraction": (match.datetime("2024-02-29T12:34:56.123", "%Y-%m-%dT%H:%M:%S.%f"),
                   {"match": "regex", "regex": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+"},
                   ["2024-02-29T12:34:56.123456", "2024-02-29T12:34:56.5"], ["2024-2-9T12:34:56.123456"]),
}  # fmt: skip
# What is exact by itself keeps one rule, so that its pact files do not change.
EXACT = [
    match.regex("A-1", regex=r"[A-Z]-\d"), match.uuid(), match.includes("ell"), match.like("x"), match.int(1),
    match.decimal(1.5), match.number(1), match.str("x"), match.semver("1.2.3"), match.not_empty("x"), match.null(),
]  # fmt: skip


def rules_of(pact: Pact, folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)
        pact.write_file(folder, overwrite=True)
    document = json.loads((folder / f"{pact.consumer}-{pact.provider}.json").read_text("utf-8"))
    (item,) = document.get("interactions") or document["messages"]
    return item.get("response", item).get("matchingRules")


def responding(body: Any = None, *, headers: Any = None, kind: str | None = None, version: str = "V4") -> Pact:
    pact = Pact("shop", "stock").with_specification(version)
    response = pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200, headers=headers)
    if body is not None:
        response.with_body(body, kind)
    return pact


def passes(folder: Path, answer: str | bytes, kind: str = "application/json", **headers: str) -> bool:
    """Whether the core lets a provider pass that gives ``answer``."""

    def app(_: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", kind), *((name.replace("_", "-"), text) for name, text in headers.items())])
        return [answer if isinstance(answer, bytes) else answer.encode()]

    verifier = Verifier("stock").app(app).add_source(folder)
    try:
        verifier.verify()
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("name", LENIENT)
def test_the_core_alone_takes_what_is_wrong(name: str) -> None:
    matcher, _, right, wrong = LENIENT[name]
    rule = json.dumps(matcher.to_matching_rule())
    assert [matching.judge_json(rule, json.dumps(value)) for value in (*right, *wrong)] == [None] * len(right + wrong)


PLACES: dict[str, tuple[Any, Any]] = {  # a body around the matcher, and one around a value that a provider sends
    "a member": (lambda matcher: {"a": matcher}, lambda example, value: {"a": value}),
    "the root": (lambda matcher: matcher, lambda example, value: value),
    "an item": (lambda matcher: match.each_like(matcher), lambda example, value: [example, value]),
    "a member of an item": (
        lambda matcher: match.each_like({"a": matcher}),
        lambda example, value: [{"a": example}, {"a": value}],
    ),
    "a member of any name": (
        lambda matcher: match.each_value_matches({"a": matcher.value}, rules=matcher),
        lambda example, value: {"a": example, "b": value},
    ),
    "one of several": (lambda matcher: match.array_containing([matcher]), lambda example, value: [[], value]),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", LENIENT)
def test_a_json_body_is_read_as_it_is_meant(name: str, place: str, tmp_path: Path) -> None:
    matcher, _, right, wrong = LENIENT[name]
    body, sent = PLACES[place]
    rules_of(responding(body(matcher)), tmp_path)
    for value in (*right, *wrong):
        answer = json.dumps(sent(matcher.value, value))
        assert passes(tmp_path, answer) is (value in right), answer


@pytest.mark.parametrize("place", ["header", "xml text", "xml attribute"])
@pytest.mark.parametrize("name", [name for name in LENIENT if LENIENT[name][1] is not TYPE])
def test_dates_are_read_as_they_are_meant_in_text_too(name: str, place: str, tmp_path: Path) -> None:
    matcher, second, right, wrong = LENIENT[name]
    if place == "header":
        pact = responding(headers={"X-Day": matcher})
    else:
        inner = xml.element("d", matcher) if place == "xml text" else xml.element("d", attrs={"at": matcher})
        pact = responding(xml.body(xml.element("r", inner)), kind="application/xml")
    assert second in next(iter(next(iter(rules_of(pact, tmp_path).values())).values()))["matchers"]
    for value in (*right, *wrong):
        document = f"<?xml version='1.0'?><r><d>{value}</d></r>"
        document = document if place == "xml text" else f"<?xml version='1.0'?><r><d at='{value}'/></r>"
        assert passes(tmp_path, document, "application/xml", X_Day=value) is (value in right), value


@pytest.mark.parametrize("place", ["contents", "metadata"])
@pytest.mark.parametrize("version", ["V3", "V4"])
@pytest.mark.parametrize("name", LENIENT)
def test_messages_are_read_as_they_are_meant(name: str, version: str, place: str, tmp_path: Path) -> None:
    matcher, _, right, wrong = LENIENT[name]
    pact = Pact("shop", "stock").with_specification(version)
    message = pact.upon_receiving("something", "Async").with_body({"a": matcher} if place == "contents" else {"a": 1})
    if place == "metadata":
        message.with_metadata({"k": matcher})
    rules_of(pact, tmp_path)
    for value in (*right, *wrong):
        contents = json.dumps({"a": value if place == "contents" else 1}).encode()
        answer = {"contents": contents, "metadata": {"k": value}, "content_type": "application/json"}
        verifier = Verifier("stock").message_handler(lambda *_: answer).add_source(tmp_path)  # noqa: B023
        if value in right:
            verifier.verify()
        else:
            with pytest.raises(AssertionError):
                verifier.verify()


@pytest.mark.parametrize("version", ["V3", "V4"])
@pytest.mark.parametrize("name", LENIENT)
def test_the_second_rule_is_in_the_file_of_version_3_and_4(name: str, version: str, tmp_path: Path) -> None:
    matcher, second, _, _ = LENIENT[name]
    rules = {"combine": "AND", "matchers": [matcher.to_matching_rule(), second]}
    assert rules_of(responding({"a": matcher}, version=version), tmp_path) == {"body": {"$.a": rules}}


@pytest.mark.parametrize("name", [name for name in LENIENT if LENIENT[name][0].name == "regex"])
def test_version_2_has_one_rule_for_each_place(name: str, tmp_path: Path) -> None:
    matcher = LENIENT[name][0]
    assert rules_of(responding({"a": matcher}, version="V2"), tmp_path) == {"$.body.a": matcher.to_matching_rule()}


@pytest.mark.parametrize("matcher", EXACT, ids=repr)
def test_what_is_exact_by_itself_keeps_one_rule(matcher: Any, tmp_path: Path) -> None:
    rules = {"combine": "AND", "matchers": [matcher.to_matching_rule()]}
    assert rules_of(responding({"a": matcher}), tmp_path) == {"body": {"$.a": rules}}


def test_rules_that_were_chosen_by_hand_stay_as_they_are(tmp_path: Path) -> None:
    chosen = {"pact:matcher:type": [{"pact:matcher:type": "regex", "regex": ".*"}], "value": "x"}
    rules = {"combine": "AND", "matchers": [{"match": "regex", "regex": ".*"}]}
    assert rules_of(responding({"a": chosen}), tmp_path) == {"body": {"$.a": rules}}
    mixed = match.each_value_matches({"a": "x", "b": 5}, rules=match.regex("x", regex=r"\w+"))
    (each,) = rules_of(responding(mixed), tmp_path)["body"]["$"]["matchers"]
    assert each["rules"] == [{"match": "regex", "regex": r"\w+"}]


@pytest.mark.parametrize("name", LENIENT)
def test_rules_apart_get_the_same_second_rule(name: str, tmp_path: Path) -> None:
    matcher, second, right, wrong = LENIENT[name]
    pact = responding({"a": matcher.value})
    pact.interactions()[0].with_matching_rules({"body": {"$.a": matcher}})
    rules = {"combine": "AND", "matchers": [matcher.to_matching_rule(), second]}
    assert rules_of(pact, tmp_path) == {"body": {"$.a": rules}}
    for value in (*right, *wrong):
        assert passes(tmp_path, json.dumps({"a": value})) is (value in right), value


@pytest.mark.parametrize("category", ["body", "$.body.a"])
@pytest.mark.parametrize("key", ["match", "pact:matcher:type"])
def test_rules_apart_may_be_spelled_as_in_integration_json(key: str, category: str, tmp_path: Path) -> None:
    pact = responding({"a": 5})
    rule = {key: "integer"}
    pact.interactions()[0].with_matching_rules({category: {"$.a": rule} if category == "body" else rule})
    rules = {"combine": "AND", "matchers": [{"match": "integer"}]}
    assert rules_of(pact, tmp_path) == {"body": {"$.a": rules}}


def test_rules_apart_of_text_and_of_alternatives_stay_as_they_are(tmp_path: Path) -> None:
    pact = responding("true", kind="text/plain")
    rule = {"match": "regex", "regex": ".*"}
    pact.interactions()[0].with_matching_rules({"body": {"$": rule}})
    assert rules_of(pact, tmp_path)["body"]["$"]["matchers"] == [rule]
    pact = responding({"a": "x"})
    either = {"combine": "OR", "matchers": [rule, {"match": "null"}]}
    pact.interactions()[0].with_matching_rules({"body": {"$.a": either}})
    assert rules_of(pact, tmp_path) == {"body": {"$.a": either}}


def test_an_example_apart_that_the_second_rule_refuses_is_refused(tmp_path: Path) -> None:
    pact = responding({"a": "20-2-1"})
    pact.interactions()[0].with_matching_rules({"body": {"$.a": {"match": "date", "format": "yyyy-MM-dd"}}})
    if matching.matches_bodies():
        with pytest.raises(ValueError, match=r"the body \$\.a.*'20-2-1'"):
            rules_of(pact, tmp_path)


OPEN: dict[str, tuple[Pact, str | bytes, str, dict[str, str]]] = {
    "a regex in version 2": (
        responding({"a": match.regex("x", regex="[a-z]+")}, version="V2"),
        '{"a": null}',
        "application/json",
        {},
    ),
    "a number of the same type": (responding({"a": match.like(1)}), '{"a": 1.5}', "application/json", {}),
    "a whole number of the same type": (responding({"a": match.like(1.5)}), '{"a": 1}', "application/json", {}),
    "a decimal in a header": (responding(headers={"X-Price": match.decimal(1.5)}), "", "text/plain", {"X_Price": "1"}),
    "fewer digits of a second": (
        responding({"a": match.time("12:34:56.123456", "%H:%M:%S.%f")}),
        '{"a": "12:34:56.5"}',
        "application/json",
        {},
    ),
    "0 is not empty": (responding({"a": match.not_empty("x")}), '{"a": 0}', "application/json", {}),
    "false is not empty": (responding({"a": match.not_empty("x")}), '{"a": false}', "application/json", {}),
    "no value of any name": (
        responding({"a": match.each_value_matches({"k": 1}, rules=match.int(1))}),
        '{"a": {}}',
        "application/json",
        {},
    ),
    "no name at all": (
        responding({"a": match.each_key_matches({"k": 1}, rules=match.regex("k", regex="[a-z]"))}),
        '{"a": {}}',
        "application/json",
        {},
    ),
    "XML elements that repeat": (
        responding(xml.body(xml.element("r", xml.element("i", "1").each(examples=2))), kind="application/xml"),
        "<?xml version='1.0'?><r><i>1</i></r>",
        "application/xml",
        {},
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_stays_open_is_what_the_documentation_says(name: str, tmp_path: Path) -> None:
    pact, answer, kind, headers = OPEN[name]
    rules_of(pact, tmp_path)
    assert passes(tmp_path, answer, kind, **headers)


def test_a_rule_of_its_parent_cannot_count_elements(tmp_path: Path) -> None:
    """It counts the blanks between them, too: a right document would be refused, and one of too few would pass."""
    pact = responding("<r><i>1</i><i>1</i></r>", kind="application/xml")
    limits = {"match": "type", "min": 2, "max": 3}
    pact.interactions()[0].with_matching_rules({"body": {"$.r": limits, "$.r.i": {"match": "type"}}})
    rules_of(pact, tmp_path)
    assert passes(tmp_path, "<r><i>1</i><i>1</i></r>", "application/xml")
    assert not passes(tmp_path, "<r><i>1</i></r>", "application/xml")
    assert not passes(tmp_path, "<r> <i>1</i> <i>1</i> <i>1</i> </r>", "application/xml")
    assert passes(tmp_path, "<r> <i>1</i> </r>", "application/xml")
