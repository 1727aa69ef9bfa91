"""Matchers and generators at work: which requests a mock server takes, what it answers."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from pact import Pact, generate, match, xml
from pact.match.matcher import AbstractMatcher

# matcher, values that it takes, values that it refuses
BODIES: list[tuple[str, Any, list[Any], list[Any]]] = [
    ("like text", match.like("x"), ["", "y"], [1, None, ["x"]]),
    ("like number", match.like(1), [2, -5], ["1", None, True]),
    ("like object", match.like({"a": 1}), [{"a": 2}], [{}, {"a": "x"}, []]),
    ("type", match.type("x"), ["y"], [1]),
    ("like limits", match.like([1], min=1, max=3), [[1], [1, 2, 3]], [[], [1, 2, 3, 4]]),
    ("each_like", match.each_like({"id": 1}, min=1), [[{"id": 5}], [{"id": 5}, {"id": 6}]], [[], [{"id": "x"}], {}]),
    ("each_like 2", match.each_like(1, min=2), [[1, 2]], [[1]]),
    ("int", match.int(1), [0, -7, 10**12], [1.5, "1", None, True]),
    ("integer", match.integer(1), [2], ["x"]),
    ("decimal", match.decimal(1.5), [0.1, -2.75], [1, "1.5"]),
    ("float", match.float(1.5), [0.1], [1]),
    ("number", match.number(1), [1, 2.5], ["1", None]),
    ("str", match.str("x"), ["", "anything"], [1, None]),
    ("string", match.string("x"), ["y"], [1]),
    ("bool", match.bool(True), [True, False], ["true!", 1, None]),
    ("boolean", match.boolean(False), [True], [0]),
    ("regex", match.regex("a1", regex=r"[a-z]\d"), ["z9"], ["a1x", "A1", "", 5]),
    ("uuid", match.uuid(), [str(uuid.uuid4())], ["x", uuid.uuid4().hex]),
    ("uuid simple", match.uuid(format="simple"), [uuid.uuid4().hex], [str(uuid.uuid4())]),
    ("date", match.date("2024-02-29"), ["1999-12-31"], ["2024-13-01", "29.02.2024", 5]),
    ("date format", match.date("29.02.2024", "%d.%m.%Y"), ["31.12.1999"], ["1999-12-31"]),
    ("time", match.time("12:34:56"), ["00:00:00"], ["25:00:00", "12:34"]),
    ("datetime", match.datetime("2024-02-29T12:34:56"), ["1999-12-31T00:00:00"], ["1999-12-31", "x"]),
    ("timestamp", match.timestamp("2024-02-29T12:34:56.123456", "%Y-%m-%dT%H:%M:%S.%f"),
     ["1999-12-31T00:00:00.000001"], ["1999-12-31T00:00:00"]),
    ("raw format", match.date("2024.02", "yyyy.MM", disable_conversion=True), ["1999.12"], ["1999-12"]),
    ("includes", match.includes("ell"), ["hello", "ell"], ["help", ""]),
    ("null", match.null(), [None], [0, "", {}]),
    ("none", match.none(), [None], ["x"]),
    ("array_containing", match.array_containing([match.int(1), "x"]), [["x", 5], [None, 7, "x"]], [[5], ["x"], []]),
    ("each_key_matches", match.each_key_matches({"k1": 1}, rules=match.regex("k1", regex=r"k\d")), [{"k2": 1, "k3": 1}],
     [{"x": 1}]),
    ("each_value_matches", match.each_value_matches({"a": 1}, rules=match.int(1)), [{"b": 2, "c": 3}], [{"b": "x"}]),
    ("keys and values", match.each_key_matches(match.each_value_matches({"k1": 1}, rules=match.int(1)),
     rules=match.regex("k1", regex=r"k\d")), [{"k7": 5}], [{"k7": "x"}, {"x": 5}]),
    ("not_empty", match.not_empty("x"), ["y"], [""]),
    ("semver", match.semver("1.2.3"), ["10.0.1"], ["1.2", "x"]),
]  # fmt: skip


@pytest.mark.parametrize(("matcher", "good", "bad"), [pytest.param(*case[1:], id=case[0]) for case in BODIES])
def test_what_a_matcher_takes_and_refuses(pact: Pact, send, matcher: Any, good: list[Any], bad: list[Any]) -> None:
    assert isinstance(matcher, AbstractMatcher)
    pact.upon_receiving("something").with_request("POST", "/").with_body({"value": matcher}).will_respond_with(200)
    with pact.serve(raises=False, verbose=False) as server:
        assert {json.dumps(value): send(server, "POST", "/", body={"value": value}).status for value in good} == {
            json.dumps(value): 200 for value in good
        }
        assert {json.dumps(value): send(server, "POST", "/", body={"value": value}).status for value in bad} == {
            json.dumps(value): 500 for value in bad
        }


def test_a_matcher_may_be_the_whole_body(pact: Pact, send) -> None:
    pact.upon_receiving("something").with_request("POST", "/").with_body(match.each_like(match.int(1), min=1))
    with pact.serve() as server:
        assert send(server, "POST", "/", body=[5, 6]).status == 200


GENERATED: list[tuple[str, Any, str]] = [
    ("int", generate.int(min=3, max=5), r"[345]"),
    ("integer", generate.integer(min=-2, max=-1), r"-[12]"),
    ("decimal", generate.decimal(4), r"\d*\.?\d+"),
    ("hex", generate.hex(6), r'"[0-9a-fA-F]{6}"'),
    ("hexadecimal", generate.hexadecimal(4), r'"[0-9a-fA-F]{4}"'),
    ("str", generate.str(7), r'"\w{7}"'),
    ("string", generate.string(3), r'"\w{3}"'),
    ("regex", generate.regex(r"[a-c]{3}\d"), r'"[abc]{3}\d"'),
    ("date", generate.date("%Y/%m"), r'"\d{4}/\d\d"'),
    ("time", generate.time("%H:%M"), r'"\d\d:\d\d"'),
    ("datetime", generate.datetime("%Y-%m-%d %H:%M:%S"), r'"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"'),
    ("timestamp", generate.timestamp(), r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*"'),
    ("uuid", generate.uuid(), r'"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"'),
    ("uuid simple", generate.uuid("simple"), r'"[0-9a-f]{32}"'),
    ("uuid upper", generate.uuid("upper-case"), r'"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"'),
    ("uuid urn", generate.uuid("urn"), r'"urn:uuid:[0-9a-f-]{36}"'),
    ("bool", generate.bool(), "true|false"),
    ("boolean", generate.boolean(), "true|false"),
    ("match.int", match.int(min=3, max=5), "[345]"),
    ("match.str", match.str(size=4), r'"\w{4}"'),
    ("match.uuid", match.uuid(), r'"[0-9a-f-]{36}"'),
    ("match.date", match.date(), r'"\d{4}-\d\d-\d\d"'),
    ("like", match.like(5, generator=generate.int(min=1, max=2)), "[12]"),
    ("match.regex", match.regex(regex=r"x\d{3}"), r'"x\d{3}"'),
]


@pytest.mark.parametrize(("value", "expected"), [pytest.param(*case[1:], id=case[0]) for case in GENERATED])
def test_what_a_generator_makes(pact: Pact, send, value: Any, expected: str) -> None:
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200).with_body({"value": value})
    with pact.serve() as server:
        for _ in range(3):
            assert re.fullmatch(expected, json.dumps(send(server).json()["value"]))


def test_a_mock_server_url_is_that_of_the_server(pact: Pact, send) -> None:
    example = "http://localhost:1234/orders/1"
    value = match.like(example, generator=generate.mock_server_url(r".*(/orders/\d+)$", example))
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200).with_body({"url": value})
    with pact.serve("127.0.0.1") as server:
        assert re.fullmatch(rf"http://[^/]+:{server.port}/orders/1", send(server).json()["url"])


def test_a_provider_state_value_is_its_example_here(pact: Pact, send, only) -> None:
    value = match.like("42", generator=generate.provider_state("${id}"))
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200).with_body({"id": value})
    with pact.serve() as server:
        assert send(server).json() == {"id": "42"}
    assert only(pact)["response"]["generators"]["body"]["$.id"] == {"type": "ProviderState", "expression": "${id}"}


def test_generated_headers(pact: Pact, send) -> None:
    pact.upon_receiving("something").with_request("GET", "/").will_respond_with(200).with_header(
        "X-Id", generate.uuid()
    )
    with pact.serve() as server:
        uuid.UUID(send(server).header("X-Id"))


def test_a_content_type_matcher_for_binary_data(pact: Pact, send) -> None:
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
    interaction = pact.upon_receiving("an image").with_request("POST", "/").with_binary_body(gif, "image/gif")
    interaction.with_matching_rules({"body": {"$": match.content_type("image/gif")}})
    with pact.serve(raises=False) as server:
        assert send(server, "POST", "/", {"Content-Type": "image/gif"}, gif + b"more").status == 200
        assert send(server, "POST", "/", {"Content-Type": "image/gif"}, b"plain text").status == 500


# XML


def test_xml_with_matchers(pact: Pact, send) -> None:
    root = xml.element(
        "users",
        xml.element("user", xml.element("name", match.like("Bob")), attrs={"id": match.regex("1", regex=r"\d+")}).each(
            min=1
        ),
    )
    pact.upon_receiving("users").with_request("POST", "/").with_body(xml.body(root), "application/xml")
    with pact.serve(raises=False) as server:
        kind = {"Content-Type": "application/xml"}
        text = (
            '<?xml version="1.0"?><users><user id="7"><name>Al</name></user><user id="8"><name>Bo</name></user></users>'
        )
        assert send(server, "POST", "/", kind, text).status == 200
        assert send(server, "POST", "/", kind, text.replace('"7"', '"x"')).status == 500
        assert send(server, "POST", "/", kind, "<users></users>").status == 500


def test_xml_as_a_response(pact: Pact, send) -> None:
    root = xml.element("a", xml.element("b", "text"), xml.element("c").each(min=2, examples=3), attrs={"x": "1"})
    pact.upon_receiving("xml").with_request("GET", "/").will_respond_with(200).with_body(
        xml.body(root), "application/xml"
    )
    with pact.serve() as server:
        answer = send(server)
    assert answer.header("Content-Type") == "application/xml"
    assert answer.text.count("<c") == 3
    assert "<b>text</b>" in answer.text
    assert re.search("<a x=.1.>", answer.text)


def test_what_xml_builders_return() -> None:
    element = xml.element("a", "text", attrs={"x": "1"})
    assert isinstance(element, xml.XmlElement)
    assert element.each(min=1, max=2) is element
    body = xml.body(xml.element("a", xml.element("b")))
    assert set(body) == {"root"}
    assert set(body["root"]) == {"name", "children", "attributes"}


@pytest.mark.parametrize(
    "call",
    [
        lambda: xml.element(""),
        lambda: xml.element("a b"),
        lambda: xml.element("a", attrs={"x y": "1"}),
        lambda: xml.element("a").each(min=-1),
        lambda: xml.element("a").each(min=0),
        lambda: xml.element("a").each(min=3, max=2),
        lambda: xml.element("a").each(min=2, examples=1),
        lambda: xml.element("a").each(max=2, examples=3),
        lambda: xml.body(xml.element("a").each(examples=2)),
        lambda: xml.body("a"),  # type: ignore[arg-type]
        lambda: xml.body(xml.element("a", None)),
        lambda: xml.body(xml.element("a", "\x01")),
    ],
)
def test_impossible_xml_is_refused(call) -> None:
    with pytest.raises(ValueError):
        call()
