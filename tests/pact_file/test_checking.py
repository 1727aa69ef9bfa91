"""Other people's pact files: each place of a pact with each wrong type is refused by name, before anything runs."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pact import Verifier
from pact_ffi.errors import PactFileError, VerificationError
from pact_ffi.pact_file.document import PactDocument, check_pact, parse_pact

HTTP: dict[str, Any] = {
    "description": "get order",
    "providerStates": [{"name": "there is an order", "params": {"id": 7}}],
    "request": {
        "method": "GET",
        "path": "/orders/7",
        "query": {"full": ["yes"], "page": "2"},
        "headers": {"Accept": "application/json", "X-Ids": ["1", "2"]},
        "body": {"a": 1},
        "matchingRules": {"path": {"combine": "AND", "matchers": [{"match": "regex", "regex": "/orders/[0-9]+"}]}},
        "generators": {"path": {"type": "Regex", "regex": "/orders/[0-9]"}, "query": {"page": {"type": "RandomInt"}}},
    },
    "response": {
        "status": 200,
        "headers": {"Content-Type": "application/json"},
        "body": {"id": 7},
        "matchingRules": {
            "body": {"$.id": {"combine": "OR", "matchers": [{"match": "integer"}]}},
            "header": {"Content-Type": {"matchers": [{"match": "type"}]}},
        },
    },
}
V4_MEMBERS = {
    "pending": False,
    "key": "k1",
    "comments": {"text": ["a"]},
    "transport": "http",
    "pluginConfiguration": {"csv": {"a": 1}},
    "interactionMarkup": {"markup": "a", "markupType": "COMMON_MARK"},
}
CONTENTS = {"content": {"id": 7}, "contentType": "application/json", "encoded": False}
RULES = {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "integer"}]}}}


def v4_body(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "body": {**CONTENTS, "content": part["body"]}}


def pact(version: str, *items: dict[str, Any], messages: bool = False) -> dict[str, Any]:
    made = {
        "consumer": {"name": "shop"},
        "provider": {"name": "stock"},
        "messages" if messages else "interactions": list(items),
        "metadata": {"pactSpecification": {"version": version}, "pactRust": {"ffi": "0.5"}},
    }
    document: dict[str, Any] = json.loads(json.dumps(made))
    return document


V3 = pact("3.0.0", HTTP)
V2 = pact(
    "2.0.0",
    {
        **{key: value for key, value in HTTP.items() if key != "providerStates"},
        "providerState": "there is an order",
        "request": {"method": "GET", "path": "/orders/7", "query": "full=yes&page=2"},
        "response": {"status": 200, "body": {"id": 7}, "matchingRules": {"$.body.id": {"match": "type"}}},
    },
)
V4 = pact(
    "4.0",
    {
        **HTTP,
        **V4_MEMBERS,
        "type": "Synchronous/HTTP",
        "request": v4_body(HTTP["request"]),
        "response": v4_body(HTTP["response"]),
    },
)
V4["metadata"]["plugins"] = [{"name": "csv", "version": "0.0.6", "configuration": {}}]
MESSAGE = {
    "description": "order placed",
    "contents": {"id": 7},
    "metadata": {"contentType": "application/json"},
    "matchingRules": RULES,
}
V3_MESSAGES = pact("3.0.0", MESSAGE, messages=True)
V4_MESSAGES = pact("4.0", {**MESSAGE, "type": "Asynchronous/Messages", "contents": CONTENTS})
SYNC = pact(
    "4.0",
    {
        "description": "ask",
        "type": "Synchronous/Messages",
        "request": {"contents": CONTENTS, "metadata": {"a": 1}},
        "response": [{"contents": CONTENTS, "matchingRules": RULES}],
    },
)
PACTS = {"V2": V2, "V3": V3, "V4": V4, "V3 messages": V3_MESSAGES, "V4 messages": V4_MESSAGES, "V4 synchronous": SYNC}

VALUES: dict[str, Any] = {
    "list": [5],
    "text": "x",
    "number": 5,
    "decimal": 1.5,
    "flag": True,
    "object": {"x": 5},
    "null": None,
}
SCALARS = "text number decimal flag"

# place: what may stand there ("null" is "missing")
HTTP_PLACES = {
    "": "object",
    "consumer": "object",
    "consumer.name": "text",
    "provider": "object",
    "provider.name": "text",
    "metadata": "object null",
    "metadata.pactSpecification": "object null",
    "metadata.pactSpecification.version": "text number decimal null",
    "interactions": "list",
    "interactions.0": "object",
    "interactions.0.description": "text",
    "interactions.0.request": "object",
    "interactions.0.request.method": "text",
    "interactions.0.request.path": "text",
    "interactions.0.request.headers": "object null",
    "interactions.0.request.matchingRules": "object null",
    "interactions.0.request.generators": "object null",
    "interactions.0.response": "object",
    "interactions.0.response.status": "number",
    "interactions.0.response.headers": "object null",
    "interactions.0.response.matchingRules": "object null",
    "interactions.0.response.generators": "object null",
}
V3_PLACES = {
    "interactions.0.providerStates": "list null",
    "interactions.0.providerStates.0": "object",
    "interactions.0.providerStates.0.name": "text",
    "interactions.0.providerStates.0.params": "object null",
    "interactions.0.request.query": "text object",
    "interactions.0.request.query.full": f"{SCALARS} list null",
    "interactions.0.request.query.full.0": f"{SCALARS} null",
    "interactions.0.request.headers.Accept": f"{SCALARS} list",
    "interactions.0.request.headers.X-Ids.0": SCALARS,
    "interactions.0.request.matchingRules.path": "object",
    "interactions.0.request.matchingRules.path.matchers": "list",
    "interactions.0.request.matchingRules.path.matchers.0": "object",
    "interactions.0.request.matchingRules.path.matchers.0.match": "text null",
    "interactions.0.request.matchingRules.path.matchers.0.regex": "text",
    "interactions.0.request.generators.path": "object",
    "interactions.0.request.generators.path.type": "text",
    "interactions.0.request.generators.query": "object",
    "interactions.0.request.generators.query.page": "object",
    "interactions.0.request.generators.query.page.type": "text",
    "interactions.0.response.headers.Content-Type": f"{SCALARS} list",
    "interactions.0.response.matchingRules.body": "object",
    "interactions.0.response.matchingRules.body.$.id": "object",
    "interactions.0.response.matchingRules.body.$.id.combine": "text null",
    "interactions.0.response.matchingRules.body.$.id.matchers": "list",
    "interactions.0.response.matchingRules.body.$.id.matchers.0": "object",
    "interactions.0.response.matchingRules.body.$.id.matchers.0.match": "text",
}
V4_PLACES = {
    "metadata.plugins": "list null",
    "metadata.plugins.0": "object",
    "metadata.plugins.0.name": "text",
    "metadata.plugins.0.version": "text",
    "metadata.plugins.0.configuration": "object null",
    "interactions.0.type": "text",
    "interactions.0.pending": "flag null",
    "interactions.0.key": "text null",
    "interactions.0.comments": "object null",
    "interactions.0.transport": "text null",
    "interactions.0.pluginConfiguration": "object null",
    "interactions.0.pluginConfiguration.csv": "object",
    "interactions.0.interactionMarkup": "object null",
    "interactions.0.request.body": "object null",
    "interactions.0.response.body": "object null",
    "interactions.0.response.body.contentType": "text null",
    "interactions.0.response.body.encoded": "text flag null",
}
MESSAGE_PLACES = {
    "messages": "list",
    "messages.0": "object",
    "messages.0.description": "text",
    "messages.0.metadata": "object null",
    "messages.0.matchingRules": "object null",
    "messages.0.matchingRules.body.$.id.matchers": "list",
}
V4_MESSAGE_PLACES = {
    "interactions.0.contents": "object",
    "interactions.0.contents.encoded": "text flag null",
    "interactions.0.metadata": "object null",
    "interactions.0.matchingRules": "object null",
}
SYNC_PLACES = {
    "interactions.0.request": "object",
    "interactions.0.request.contents": "object null",
    "interactions.0.request.metadata": "object null",
    "interactions.0.response": "list",
    "interactions.0.response.0": "object",
    "interactions.0.response.0.contents": "object",
    "interactions.0.response.0.matchingRules": "object null",
}
V2_PLACES = {
    "interactions.0.providerState": "text null",
    "interactions.0.request.query": "text object null",
    "interactions.0.response.matchingRules.$.body.id": "object",
    "interactions.0.response.matchingRules.$.body.id.match": "text",
}
TABLES = [
    (V2, {**HTTP_PLACES, **V2_PLACES}),
    (V3, {**HTTP_PLACES, **V3_PLACES}),
    (V4, {**HTTP_PLACES, **V3_PLACES, **V4_PLACES}),
    (V3_MESSAGES, MESSAGE_PLACES),
    (V4_MESSAGES, V4_MESSAGE_PLACES),
    (SYNC, SYNC_PLACES),
]
PLACES = [(document, place, kinds) for document, table in TABLES for place, kinds in table.items()]


def way(document: Any, place: str) -> list[Any]:
    """Return the keys and indices of ``place``; a key may have dots in it."""
    if not place:
        return []
    if isinstance(document, list):
        head, _, rest = place.partition(".")
        return [int(head), *way(document[int(head)], rest)]
    key = next((key for key in document if f"{place}.".startswith(f"{key}.")), place)
    return [key, *way(document.get(key), place[len(key) + 1 :])]


def with_value(document: dict[str, Any], place: str, value: Any) -> Any:
    if not place:
        return value
    changed = at = copy.deepcopy(document)
    *keys, last = way(document, place)
    for key in keys:
        at = at[key]
    at[last] = value
    return changed


@pytest.mark.parametrize("document", [table[0] for table in TABLES])
def test_what_is_right_is_taken(document: dict[str, Any]) -> None:
    assert check_pact(copy.deepcopy(document), "f").data == document


@pytest.mark.parametrize(
    ("document", "place", "kinds"), PLACES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_place_with_each_wrong_type_is_named(document: dict[str, Any], place: str, kinds: str) -> None:
    walked = 0
    for kind, value in VALUES.items():
        if kind not in kinds.split():
            walked += 1
            with pytest.raises(PactFileError) as caught:
                check_pact(with_value(document, place, value), "pacts/shop.json")
            text = str(caught.value)
            assert text.startswith("pact file pacts/shop.json")
            if place.partition(".")[2].startswith("0.") and not place.endswith(".description"):
                assert repr(document[place.partition(".")[0]][0]["description"]) in text
            assert not place or str(way(document, place)[-1]) in text
    assert walked


@pytest.mark.parametrize(
    ("document", "place", "kinds"), PLACES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_null_where_something_may_stand_is_its_absence(document: dict[str, Any], place: str, kinds: str) -> None:
    key = place.rpartition(".")[2]
    needed = key in ("body", "contents", "full", "0") or (document is V4 and place.startswith("metadata"))
    if "null" in kinds.split() and not needed:
        mended = check_pact(with_value(document, place, None), "f").data
        *keys, last = way(document, place)
        for key in keys:
            mended = mended[key]
        assert last not in mended


def http(version: str = "4.0", **parts: Any) -> dict[str, Any]:
    item = {"description": "d", "request": {"method": "GET", "path": "/a"}, "response": {"status": 200}}
    item = {key: {**value, **parts.pop(key, {})} if isinstance(value, dict) else value for key, value in item.items()}
    return pact(version, {**({"type": "Synchronous/HTTP"} if version == "4.0" else {}), **item, **parts})


def rules(**categories: Any) -> dict[str, Any]:
    return http(response={"matchingRules": categories})


NAMES = {"consumer": {"name": "a"}, "provider": {"name": "b"}}
REFUSED: dict[str, tuple[Any, str]] = {
    "no lists": (NAMES, "neither 'interactions' nor 'messages'"),
    "a misspelt list": ({**http(), "messges": []}, "messges is unknown; 'messages' may be meant"),
    "a list in capitals": ({**NAMES, "Interactions": []}, "Interactions is unknown"),
    "an unknown list": ({**http(), "expectations": [{"description": "d"}]}, "unknown list 'expectations'"),
    "no consumer": ({"provider": {"name": "b"}, "interactions": []}, "consumer is missing"),
    "an empty name": ({**http(), "consumer": {"name": " "}}, "consumer.name must not be empty"),
    "no description": (pact("3.0.0", {"request": {}, "response": {}}), "interactions[0]: description is missing"),
    "no request": (pact("3.0.0", {"description": "d", "response": {}}), "interactions[0] 'd': request is missing"),
    "no response": (pact("3.0.0", {"description": "d", "request": HTTP["request"]}), "response is missing"),
    "no method": (pact("3.0.0", {"description": "d", "request": {"path": "/"}, "response": {}}), "request.method is"),
    "a misspelt member": (http(response={"haeders": {}}), "response.haeders is unknown; 'headers' may be meant"),
    "a misspelt rule list": (http(response={"matching_rules": {}}), "'matchingRules' may be meant"),
    "misspelt states": (http(providerstates=[]), "'providerStates' may be meant"),
    "no type": (pact("4.0", HTTP), "type must be one of 'Synchronous/HTTP'"),
    "V4 in V3": (http("3.0.0", type="Synchronous/HTTP"), "'Synchronous/HTTP' needs specification V4, but the metadata"),
    "a V4 message in V3": ({**V4_MESSAGES, "metadata": {}}, "needs specification V4, but the metadata states none"),
    "V3 messages in V4": (pact("4.0", MESSAGE, messages=True), "has its messages in 'interactions'"),
    "messages in V2": (pact("2.0.0", MESSAGE, messages=True), "messages need specification V3"),
    "an unknown version": (http("7.0"), "unknown Pact specification version '7.0'"),
    "states in two members": (http(providerStates=[{"name": "a"}], providerState="b"), "there must be one of them"),
    "a method with a space": (http(request={"method": "G T"}), 'request.method must be an HTTP method, not "G T"'),
    "no method's name": (http(request={"method": ""}), "request.method must be an HTTP method"),
    "a line break in a path": (http(request={"path": "/a\nb"}), "request.path must be a path"),
    "a path that leaves": (http(request={"path": "/a/../b"}), "request.path must be a path"),
    "a path with two slashes": (http(request={"path": "//a"}), "request.path must be a path"),
    "a query that is Latin-1": (http(request={"query": "q=%E9"}), "request.query must be UTF-8"),
    "a parameter without values": (http(request={"query": {"q": []}}), "request.query.q must not be an empty list"),
    "a header without values": (http(response={"headers": {"X": []}}), "response.headers.X must not be an empty list"),
    "a header's name": (http(request={"headers": {"X Y": "a"}}), "request.headers.'X Y' is not a header name"),
    "a status of 65736": (http(response={"status": 65736}), "response.status must be 101 or 200 to 599, not 65736"),
    "a status of 0": (http(response={"status": 0}), "response.status must be 101 or 200 to 599, not 0"),
    "a text as V4 body": (http(response={"body": "x"}), "response.body must be an object, not"),
    "an unknown encoding": (http(response={"body": {"content": "x", "encoded": "gzip"}}), "body.encoded must be false"),
    "an encoding without name": (http(response={"body": {"content": "x", "encoded": True}}), "body.encoded must be"),
    "broken base64": (http(response={"body": {"content": "*", "encoded": "base64"}}), "body.content is not base64"),
    "base64 of null": (http(response={"body": {"content": None, "encoded": "base64"}}), "body.content is not base64"),
    "a message without contents": (pact("3.0.0", {"description": "m"}, messages=True), "contents is missing"),
    "a message with content": (pact("3.0.0", {"description": "m", "content": 1}, messages=True), "'contents' may be"),
    "empty V4 contents": (with_value(V4_MESSAGES, "interactions.0.contents", {}), "contents is missing or empty"),
    "null as V4 content": (with_value(V4_MESSAGES, "interactions.0.contents.content", None), "contents is missing or"),
    "an empty text as V4 content": (
        with_value(V4_MESSAGES, "interactions.0.contents.content", ""),
        "any message would",
    ),
    "an answer without contents": (
        with_value(SYNC, "interactions.0.response.0", {}),
        "response[0].contents is missing",
    ),
    "no answer": (with_value(SYNC, "interactions.0.response", []), "response must not be an empty list"),
    "an unknown category": (rules(boddy={}), "response.matchingRules.boddy is an unknown category; known are path"),
    "an unknown V2 place": (
        http("2.0.0", response={"matchingRules": {"$.boddy": {"match": "type"}}}),
        "$.boddy is an unknown category",
    ),
    "rules without matchers": (rules(body={"$.a": {"match": "type"}}), "body.$.a.matchers is missing"),
    "a rule without match": (rules(body={"$.a": {"matchers": [{}]}}), "body.$.a.matchers[0].match is missing"),
    "a regex without regex": (rules(body={"$.a": {"matchers": [{"match": "regex"}]}}), "matchers[0].regex is missing"),
    "another combination": (rules(body={"$.a": {"matchers": [], "combine": "XOR"}}), "combine must be 'AND' or 'OR'"),
    "an unknown generator category": (
        http(request={"generators": {"x": {"a": {}}}}),
        "generators.x is an unknown category",
    ),
    "a generator in a generator": (
        http(request={"generators": {"path": {"": {}}}}),
        "generators.path..type is missing",
    ),
    "a plugin without version": (
        {**http(), "metadata": {"plugins": [{"name": "csv"}]}},
        "plugins[0].version is missing",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_core_would_read_as_something_else_is_refused(case: str) -> None:
    document, message = REFUSED[case]
    with pytest.raises(PactFileError) as caught:
        check_pact(copy.deepcopy(document), "shop.json")
    assert message in str(caught.value)


MENDED: dict[str, tuple[dict[str, Any], str, Any]] = {
    "numbers in a query": (http(request={"query": {"a": 5, "b": [1.5, "x"]}}), "request.query", "a=5&b=1.5&b=x"),
    "flags in a query": (http(request={"query": {"a": True, "b": None}}), "request.query", "a=true&b="),
    "an object as V2 query": (http("2.0.0", request={"query": {"a": ["1", "ö"]}}), "request.query", "a=1&a=%C3%B6"),
    "a name without value": (http("2.0.0", request={"query": "a&b=1"}), "request.query", "a=&b=1"),
    "letters beyond ASCII": (http("3.0.0", request={"query": "q=Łódź"}), "request.query", "q=%C5%81%C3%B3d%C5%BA"),
    "a plain query": (http("2.0.0", request={"query": "q=a+b,c&q="}), "request.query", "q=a+b,c&q="),
    "a fragment in a path": (http(request={"path": "/a#b\\c"}), "request.path", "/a%23b%5Cc"),
    "a V4 body without content": (
        http(response={"body": {"id": 2}}),
        "response.body",
        {"content": {"id": 2}, "contentType": "application/json", "encoded": False},
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_what_has_one_meaning_is_mended(case: str) -> None:
    document, place, mended = MENDED[case]
    part, name = place.split(".")
    assert check_pact(copy.deepcopy(document), "f").interactions[0][part][name] == mended


def test_the_version_is_put_where_the_core_looks_for_it() -> None:
    document = {**http("2.0.0"), "metadata": {"pactSpecificationVersion": "2.0.0"}}
    assert check_pact(document, "f").data["metadata"]["pactSpecification"] == {"version": "2.0.0"}


@pytest.mark.parametrize("status", ["status", "$.status"])
def test_a_status_of_0_beside_a_rule_is_right(status: str) -> None:
    rule = {"match": "statusCode", "status": "clientError"}
    entry = rule if status.startswith("$") else {"$": {"combine": "AND", "matchers": [rule]}}
    document = http(response={"status": 0, "matchingRules": {status: entry}})
    assert check_pact(document, "f").interactions[0]["response"]["status"] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": NaN}', "is not valid JSON: NaN is not a JSON value"),
        ('{"a": -Infinity}', "-Infinity is not a JSON value"),
        ('{"a": 1e999}', "1e999 is not a JSON value"),
        ('{"a": {"b": 1, "b": 2}}', "the name 'b' stands twice in one object"),
        ('{"a": 18446744073709551616}', "the core would round 18446744073709551616"),
        ('{"a": "\\ud800"}', "half of a surrogate pair"),
        ("{", "is not valid JSON"),
        ("", "is not valid JSON"),
        (b"\xff\xfe\xfd", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("9" * 5000, "is not valid JSON"),
    ],
)
def test_text_that_the_core_cannot_carry_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(PactFileError) as caught:
        parse_pact(text, "shop.json")
    assert str(caught.value).startswith("pact file shop.json") and message in str(caught.value)


def test_whole_numbers_of_64_bits_and_other_encodings_are_read() -> None:
    text = json.dumps({**V3, "n": [2**64 - 1, -(2**63)]})
    for data in (text, text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert parse_pact(data, "f").data["n"] == [18446744073709551615, -9223372036854775808]


def test_titles_have_the_description_and_the_states() -> None:
    from pact_ffi.pact_file.terms import title

    assert title({"description": "a"}) == "a"
    assert title({"description": "a", "providerState": "s"}) == "a [s]"
    assert title({"description": "a", "providerStates": [{"name": "s"}, {"name": "t"}]}) == "a [s, t]"


def test_a_plugin_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path / "plugins"))
    file = tmp_path / "shop-stock.json"
    file.write_text(json.dumps(V4))
    with pytest.raises(VerificationError) as caught:
        Verifier("stock").add_transport(url="http://127.0.0.1:1").add_source(file).verify()
    text = str(caught.value)
    assert all(part in text for part in ("shop-stock.json", "plugin 'csv' 0.0.6", str(tmp_path / "plugins")))


def test_nan_in_data_that_others_read_is_refused() -> None:
    document = check_pact(http(response={"body": {"content": {"n": float("nan")}}}), "https://broker/pact")
    with pytest.raises(PactFileError, match="pact file https://broker/pact has NaN"):
        document.text()


def test_parts_of_a_pact_keep_the_rest() -> None:
    document = check_pact({**pact("3.0.0", HTTP, HTTP), "messages": [MESSAGE]}, "f")
    assert [len(piece.interactions) for piece in document.pieces()] == [2, 1]
    second = document.only(document.interactions[1:2])
    assert isinstance(second, PactDocument) and second.interactions == [HTTP]
    assert (second.consumer, second.provider, second.source) == ("shop", "stock", "f")
