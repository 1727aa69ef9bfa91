"""Guards: what users write, as the core shall get it, or a refusal in their terms."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_ffi import generate, match, xml
from pact_ffi.core.library import lib
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import contents, http, texts
from pact_ffi.values.rules_apart import generators_json, rules_json
from pact_ffi.values.versions import needed_by

FORM = "application/x-www-form-urlencoded"
DEEP: dict[str, Any] = {"name": "a"}
for _ in range(5000):
    DEEP = {"name": "a", "children": [DEEP]}


@pytest.mark.parametrize(
    ("given_path", "sent"),
    [("/a b", "/a%20b"), ("/é", "/%C3%A9"), ("/a%20b", "/a%20b"), ("/100%", "/100%25"), ("/a:b@c+d", "/a:b@c+d")],
)
def test_paths_are_encoded_as_clients_send_them(given_path: str, sent: str) -> None:
    assert http.path(given_path) == sent


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: texts.party("", "Consumer"), "Consumer name cannot be empty"),
        (lambda: texts.party("../x", "Provider"), "Provider name '../x'"),
        (lambda: texts.party("a\0b", "Consumer"), "NUL"),
        (lambda: texts.party("x" * 121, "Consumer"), "longer than"),
        (lambda: http.method("GE T\r\n"), "invalid HTTP method"),
        (lambda: http.path("a"), "must start with '/'"),
        (lambda: http.path("/a?b=1"), "with_query_parameter"),
        (lambda: http.path("/a#b"), "fragments"),
        (lambda: http.header_name("X A"), "invalid header name 'X A'"),
        (lambda: http.header("a\r\nb", "X"), "line break"),
        (lambda: http.header(match.like("é"), "X", request=True), "not ASCII"),
        (lambda: http.status(True), "must be 101 or 200 to 599, not True"),
        (lambda: http.status(100), "must be 101 or 200 to 599, not 100"),
        (lambda: http.status(600), "must be 101 or 200 to 599, not 600"),
        (lambda: http.status(1000), "must be 101 or 200 to 599, not 1000"),
        (lambda: http.content_type("bogus"), "invalid content type"),
        (lambda: http.content_type("text/plain; charset"), "invalid content type"),
        (lambda: contents.metadata("a b", match.int(1)), "metadata key 'a b'"),
        (lambda: contents.metadata("key", b"k1"), "metadata 'key' must be text or JSON, not b'k1'; decode it"),
        (lambda: contents.body({"a": True}, FORM), "form field 'a': the value must be text or a number, not True"),
        (lambda: contents.body([1], FORM), "text or a dict"),
        (lambda: contents.body({"root": {}}, "application/xml"), "neither"),
        (lambda: contents.body({"root": DEEP}, "application/xml"), "neither"),
        (lambda: contents.body("<a>" * 2000 + "</a>" * 2000, "application/xml"), "nested deeper than 1000"),
        (lambda: contents.body("[" * 200 + "]" * 200, "application/json"), "nested deeper"),
        (lambda: rules_json({"bogus": {}}), "unknown category 'bogus'"),
        (lambda: rules_json({"body": {"a": match.int(1)}}), "must start with '\\$'"),
        (lambda: rules_json({"body": {"$": {"combine": "XOR", "matchers": [{"match": "type"}]}}}), "AND or OR"),
        (lambda: rules_json({"body": {"$": "type"}}), "list of 'matchers'"),
        (lambda: rules_json({"header": {"X": {"match": "regex"}}}), "a regex must be text"),
        (lambda: rules_json({"body": {"$": {"match": "date", "format": "%Y"}}}), "strftime"),
        (lambda: rules_json({"status": {"match": "statusCode", "status": "fine"}}), "'status' must be one of"),
        (lambda: rules_json("nonsense"), "not valid JSON"),
        (lambda: rules_json({"body": {("$", "a"): {"match": "type"}}}), "not valid JSON: keys must be"),
        (lambda: rules_json({"body": {"$.a": {"match": "type", "x": float("nan")}}}), "not valid JSON: Out of range"),
        (lambda: generators_json({"body": {"$.a": {"type": "Uuid", "x": {1}}}}), "not set"),
        (lambda: generators_json({"body": {"$": {"type": "Bogus"}}}), "unknown generator 'Bogus'"),
        (lambda: generators_json({"bogus": {"a": {"type": "Uuid"}}}), "unknown category"),
        (lambda: xml.element("a b"), "invalid name of an XML element or attribute: 'a b'"),
        (lambda: xml.element("a").each(min=3, max=2), "min 3 is greater than max 2"),
        (lambda: xml.element("a").each(min=3, examples=2), "2 examples"),
        (lambda: xml.body(xml.element("a").each(examples=2)), "must be one element, not 2"),
        (lambda: xml.body(xml.element("a", "\x01")), "character that XML does not allow"),
        (lambda: xml.body(xml.element("a", attrs={"b": None})), "the attribute 'b'"),
    ],
)
def test_bad_input_is_refused_in_the_users_terms(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()


def test_a_matcher_in_raw_form_is_a_text_of_an_xml_element() -> None:
    raw = {"pact:matcher:type": "integer", "value": 1}
    assert xml.body(xml.element("a", raw)) == xml.body(xml.element("a", match.int(1)))


def test_a_content_type_may_be_a_member_of_an_enum() -> None:
    assert contents.body({}, Enum("Kind", {"JSON": "application/json"}, type=str)["JSON"]) == ("{}", "application/json")


def test_an_xml_body_with_matchers_reaches_the_pact_file(written: Callable[..., dict[str, Any]]) -> None:
    item = xml.element("item", match.int(1), attrs={"id": match.regex("x1", regex=r"x\d")}).each(min=2)
    document = xml.body(
        xml.element("ns:list", item, xml.element("n", generate.int()), "text", attrs={"xmlns:ns": "urn:x"})
    )
    assert needed_by(document)[0] is PactSpecification.V3
    request = written(document, "body", "text/xml")
    assert request["body"]["content"].endswith(
        "<ns:list xmlns:ns='urn:x'><item id='x1'>1</item><item id='x1'>1</item><n>0</n>text</ns:list>"
    )
    assert set(request["matchingRules"]["body"]) >= {"$.ns:list.item", "$.ns:list.item['@id']"}
    assert list(request["generators"]["body"].values()) == [{"type": "RandomInt", "min": 0, "max": 10}]


BODIES = st.sampled_from(["1=2&b=3", "nullx", '{"root":{}}', "[", '{"a"', "<a>", '"', "true", " {}x"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=10
)
KINDS = st.sampled_from([FORM, "application/xml", "application/json", "text/plain", None, "application/vnd.x+xml"])


@settings(max_examples=300, deadline=None)
@given(BODIES, KINDS)
def test_no_text_body_of_any_type_ends_the_process(body: str, kind: str | None) -> None:
    try:
        payload, chosen = contents.body(body, kind)
    except InvalidInputError:
        return
    assert chosen is not None
    pact = lib.pactffi_new_pact(b"consumer", b"provider")
    interaction = lib.pactffi_new_interaction(pact, b"an interaction")
    if isinstance(payload, bytes):
        assert lib.pactffi_with_binary_body(interaction, 0, chosen.encode(), payload, len(payload))
    else:
        assert lib.pactffi_with_body(interaction, 0, chosen.encode(), payload.encode())
    lib.pactffi_free_pact_handle(pact)
