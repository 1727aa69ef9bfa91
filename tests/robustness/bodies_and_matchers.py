"""Bodies, contents of messages, metadata, matchers and generators."""

from __future__ import annotations

import datetime
import json
from typing import Any

from cases import http, item, new, refused, served, works, written

from pact import Pact, generate, match, xml

FORM = "application/x-www-form-urlencoded"


def _body(body: Any, kind: str | None = None) -> Any:
    pact, story = new()
    story.with_body(body, kind)
    return pact


def _served_text(text: str, kind: str) -> None:
    pact = _body(text, kind)
    assert served(pact).body == text.encode()
    written(pact)


@works
def form_body_that_begins_like_a_number() -> None:
    _served_text("1=2&b=3", FORM)


@works
def form_body_that_begins_like_true() -> None:
    _served_text("true=1", FORM)


@works
def form_body_that_begins_like_an_object() -> None:
    _served_text("{a=1", FORM)


@works
def form_body_in_a_request() -> None:
    pact = Pact("c", "p")
    http(pact).with_body("1=2&b=3", FORM).will_respond_with(200)
    served(pact, "GET", "/", {"Content-Type": FORM}, "1=2&b=3")


@refused("form field 'a'", "None")
def form_body_with_none() -> object:
    return _body({"a": None}, FORM)


@refused("XML")
def xml_body_of_an_empty_root() -> object:
    return _body('{"root":{}}', "application/xml")


@refused("XML")
def xml_body_that_is_json_text() -> object:
    return _body('{"a": 1}', "application/xml")


@refused("XML", "nested")
def xml_body_nested_5000_deep() -> object:
    return _body("<a>" * 5000 + "</a>" * 5000, "application/xml")


@refused("XML")
def xml_body_that_is_broken() -> object:
    return _body("<a><b></a>", "application/xml")


@refused("'b c'", "attribute")
def xml_element_with_impossible_attributes() -> object:
    return _body(xml.body(xml.element("a", attrs={"b c": "1"})), "application/xml")


@refused("nan")
def body_with_nan() -> object:
    return _body({"a": float("nan")})


@refused("inf")
def body_with_infinity() -> object:
    return _body([float("inf")])


@refused("64 bits")
def body_with_a_huge_integer() -> object:
    return _body({"a": 2**70})


@refused("deep")
def body_nested_200_deep() -> object:
    deep: Any = 1
    for _ in range(200):
        deep = {"a": deep}
    return _body(deep)


@refused("deep")
def body_nested_100000_deep() -> object:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    return _body(deep)


@works
def body_nested_as_deep_as_the_core_can_read() -> None:
    deep: Any = 1
    for _ in range(110):
        deep = {"a": deep}
    pact = _body(deep)
    assert json.loads(served(pact).body) == deep
    assert item(pact)["response"]["body"]["content"] == deep


@refused("contains itself")
def body_that_contains_itself() -> object:
    loop: dict[str, Any] = {}
    loop["me"] = loop
    return _body(loop)


@refused("bytes")
def body_with_bytes_in_it() -> object:
    return _body({"a": b"1"})


@works
def body_of_bytes() -> None:
    assert served(_body(b"\x00\xff\xfe")).body == b"\x00\xff\xfe"


@works
def text_body_with_nul() -> None:
    pact = _body("a\0b", "text/plain")
    assert served(pact).body == b"a\0b"


@works
def json_body_with_nul() -> None:
    assert json.loads(served(_body({"a": "x\0y"})).body) == {"a": "x\0y"}


@works
def json_text_body_with_nul_escape() -> None:
    assert json.loads(served(_body('{"a": "x\\u0000y"}', "application/json")).body) == {"a": "x\0y"}


@refused("surrogate")
def body_with_a_surrogate() -> object:
    return _body({"a": "\ud800"})


@refused("1", "key")
def body_with_a_number_as_key() -> object:
    return _body({1: "a"})


@refused("set")
def body_with_a_set() -> object:
    return _body({"a": {1, 2}})


@refused("object")
def body_with_any_object() -> object:
    return _body({"a": object()})


@works
def body_of_20_megabytes() -> None:
    assert len(served(_body("x" * 20_000_000, "text/plain")).body) == 20_000_000


@works
def body_of_an_array_of_100000_numbers() -> None:
    assert json.loads(served(_body(list(range(100_000)))).body)[-1] == 99_999


@refused("not valid JSON")
def json_text_that_is_broken() -> object:
    return _body('{"a":', "application/json")


@refused("content type", "'rubbish'")
def content_type_rubbish() -> object:
    return _body("x", "rubbish")


@refused("content type")
def content_type_with_crlf() -> object:
    return _body("x", "text/plain\r\nX: 1")


@works
def content_type_header_in_another_case() -> None:
    pact, story = new()
    story.with_header("content-type", "application/vnd.x+json").with_body({"a": 1})
    answer = served(pact)
    assert answer.headers.get_all("Content-Type") == ["application/vnd.x+json"]


@works
def empty_body_and_none() -> None:
    assert served(_body("")).body == b""
    assert served(_body(None)).body == b""


@works
def dates_and_the_like() -> None:
    pact = _body({"d": datetime.date(2024, 2, 29), "t": datetime.datetime(2024, 1, 1, 12)})
    assert json.loads(served(pact).body) == {"d": "2024-02-29", "t": "2024-01-01T12:00:00"}


@works
def keys_that_paths_can_hardly_address() -> None:
    body = {key: match.like("v") for key in ("a b", "a.b", "$", "ü", "a-b", "1", '"', "@id")}
    pact = _body(body)
    assert json.loads(served(pact).body) == dict.fromkeys(body, "v")
    written(pact)
    written(pact)


@refused("regex", "'('")
def regex_that_is_none() -> object:
    return _body({"a": match.regex("x", regex="(")})


@refused("regex", "'abc'")
def regex_that_does_not_match_its_example() -> object:
    return _body({"a": match.regex("abc", regex=r"\d+")})


@refused("regex", "(a+)+$")
def regex_that_backtracks_without_end() -> object:
    return _body({"a": match.regex("a" * 40 + "!", regex="(a+)+$")})


@refused("regex", "(a+)+$")
def regex_that_backtracks_on_what_a_request_brings() -> object:
    return _body({"a": match.regex("aaa", regex="(a+)+$")})


@refused("regex")
def regex_that_is_a_number() -> object:
    return _body({"a": match.regex("1", regex=1)})  # type: ignore[arg-type]


@refused("min", "max")
def like_with_min_above_max() -> object:
    return _body(match.each_like("a", min=5, max=2))


@refused("min")
def like_with_a_negative_min() -> object:
    return _body(match.each_like("a", min=-1))


@refused("min")
def like_with_min_as_text() -> object:
    return _body(match.each_like("a", min="x"))  # type: ignore[arg-type]


@refused("min", "max")
def random_int_with_min_above_max() -> object:
    return _body(match.int(3, min=10, max=1))


@refused("min", "max")
def generated_int_with_min_above_max() -> object:
    return _body({"a": generate.int(min=10, max=1)})


@refused("format", "QQQQ'")
def date_format_that_is_none() -> object:
    return _body(match.date("2024-01-01", "yyyy-QQQQ'", disable_conversion=True))


@refused("pattern", "example", "'tomorrow'")
def date_that_does_not_fit_its_format() -> object:
    return _body(match.date("tomorrow", "%Y-%m-%d"))


@refused("'nonsense'", "unknown matcher")
def unknown_matcher() -> object:
    return _body({"pact:matcher:type": "nonsense", "value": 1})


@refused("unknown matcher", "5")
def matcher_type_that_is_no_text() -> object:
    return _body({"pact:matcher:type": 5, "value": 1})


@refused("unknown generator", "'Nonsense'")
def unknown_generator() -> object:
    return _body({"pact:generator:type": "Nonsense", "value": 1})


@refused("regex")
def matcher_without_its_regex() -> object:
    return _body({"pact:matcher:type": "regex", "value": "a"})


@refused("value")
def matcher_without_a_value() -> object:
    return _body({"pact:matcher:type": "type"})


@refused("variants")
def array_containing_nothing() -> object:
    return _body(match.array_containing([]))


@refused("rule")
def each_value_with_bad_rules() -> object:
    return _body({"pact:matcher:type": "eachValue", "value": {"a": 1}, "rules": 5})


@refused("category", "nonsense")
def rules_of_an_unknown_category() -> object:
    return http().with_matching_rules({"nonsense": {"$": {"matchers": [{"match": "type"}]}}})


@refused("XOR")
def rules_with_an_unknown_combination() -> object:
    return http().with_matching_rules({"body": {"$.a": {"combine": "XOR", "matchers": [{"match": "type"}]}}})


@refused("matching rules")
def rules_that_are_no_json() -> object:
    return http().with_matching_rules("{")


def _written_rules(rules: Any) -> Any:
    pact, story = new()
    story.with_matching_rules(rules)
    return written(pact)


@refused("$.a[")
def rules_with_a_broken_path() -> object:
    return _written_rules({"body": {"$.a[": {"matchers": [{"match": "type"}]}}})


@refused("generat")
def generators_that_are_no_json() -> object:
    return http().with_generators("[]")


@refused("regex", "too big")
def generated_regex_without_end() -> object:
    return _body({"a": generate.regex("a{1,999999999}")})


@works
def generated_regex_with_nul() -> None:
    assert json.loads(served(_body({"a": generate.regex(r"[\x00-\x1f]")})).body)["a"] < " "


def _message(**metadata: Any) -> Any:
    pact = Pact("c", "p")
    pact.upon_receiving("m", "Async").with_body({"a": 1}).with_metadata(metadata)
    return pact


@refused("'a b'")
def metadata_with_spaces_in_its_key_and_a_dict() -> object:
    return _message(**{"a b": {"x": 1}})


@refused("'@id'")
def metadata_with_an_odd_key_and_a_matcher() -> object:
    return _message(**{"@id": match.like("x")})


@works
def metadata_with_json_text_under_an_odd_key() -> None:
    pact = _message(**{"a b": '{"x": 1}', "@id": "[1]", "ce/id": "[", "😀": "x"})
    metadata = item(pact)["metadata"]
    assert {metadata["a b"], metadata["@id"], metadata["ce/id"], metadata["😀"]} == {'{"x": 1}', "[1]", "[", "x"}


@refused("nan")
def metadata_with_nan() -> object:
    return _message(a=float("nan"))


@works
def message_with_binary_contents() -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("m", "Async").with_binary_body(b"\x00\x01\xff")
    got: list[Any] = []
    pact.verify(lambda body, metadata: got.append(body), "Async")
    assert got == [b"\x00\x01\xff"]
    assert item(pact)["contents"]["content"] == "AAH/"


@works
def message_with_xml_that_looks_like_json() -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("m", "Async").with_body("<a>1</a>", "application/xml")
    assert item(pact)["contents"]["content"] == "<a>1</a>"


@refused("XML")
def message_with_an_empty_xml_root() -> object:
    return Pact("c", "p").upon_receiving("m", "Async").with_body('{"root":{}}', "application/xml")


@refused("there is no file", "nowhere.bin")
def multipart_file_that_is_missing() -> object:
    return http().with_multipart_file("f", "nowhere.bin")


@refused("multipart part", "X: 1")
def multipart_part_with_quotes_and_line_breaks() -> object:
    return http().with_multipart_file('f"\r\nX: 1', __file__, "text/plain")


@refused("boundary")
def multipart_boundary_with_line_breaks() -> object:
    return http().with_multipart_file("f", __file__, "text/plain", boundary="a\r\nb")


@works
def comments_of_any_json() -> None:
    pact, story = new()
    story.set_comment("k e/y", {"a": [None, '{"x": 1}']}).set_key("k\n").test_name("t/😀")
    assert item(pact)["comments"]["k e/y"] == {"a": [None, '{"x": 1}']}


@refused("comment", "NUL")
def comment_with_nul() -> object:
    return http().add_text_comment("a\0b")


@refused("metadata", "text")
def pact_metadata_of_numbers() -> object:
    return Pact("c", "p").with_metadata("ns", {"a": 1})  # type: ignore[dict-item]
