"""Pact files that other tools, or hands, wrote oddly: refused by name, mended, or told, in whatever way they come.

`test_checking` walks the places of a pact with wrong types; here are values of the right type that the core drops,
cuts or reads as something else.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact import Verifier
from pact_ffi.errors import PactFileError, PactWarning, VerificationError
from pact_ffi.pact_file.document import check_pact

Document = dict[str, Any]
NAMES = {"consumer": {"name": "shop"}, "provider": {"name": "stock"}}


def pact(version: str, item: Document, *, messages: bool = False, **metadata: Any) -> Document:
    stated = {"pactSpecification": {"version": version}, **metadata}
    return {**NAMES, "messages" if messages else "interactions": [item], "metadata": stated}


def v4(content: Any = None) -> Document:
    return {"content": {"id": 7} if content is None else content, "contentType": "application/json", "encoded": False}


def http(
    request: Document | None = None, response: Document | None = None, version: str = "4.0", **more: Any
) -> Document:
    item = {
        "description": "d",
        "request": {"method": "GET", "path": "/a", **(request or {})},
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, **(response or {})},
        **({"type": "Synchronous/HTTP"} if version == "4.0" else {}),
    }
    return pact(version, {**item, **more})


def message(version: str = "4.0", **more: Any) -> Document:
    if version != "4.0":
        return pact(version, {"description": "d", "contents": {"id": 7}, **more}, messages=True)
    return pact(version, {"description": "d", "type": "Asynchronous/Messages", "contents": v4(), **more})


def synchronous(request: Document | None = None, *responses: Document) -> Document:
    parts = {"request": request or {"contents": v4()}, "response": list(responses) or [{"contents": v4()}]}
    return pact("4.0", {"description": "d", "type": "Synchronous/Messages", **parts})


def ruled(rule: Document, **more: Any) -> Document:
    rules = {"body": {"$.id": {"matchers": [rule], **more}}}
    return http(response={"body": v4(), "matchingRules": rules})


def generating(category: str, generators: Document) -> Document:
    return http({"query": {"q": ["1"]}, "headers": {"X-A": "1"}, "generators": {category: generators}})


def by_query(**generator: Any) -> Document:
    return generating("query", {"q": generator})


REFUSED: dict[str, tuple[Document, str]] = {
    # null is no value
    "a status of null": (http(response={"status": None}), "response.status must be a whole number, not null"),
    "a V2 status of null": (http(response={"status": None}, version="2.0.0"), "response.status must be a whole number"),
    "V3 contents of null": (message("3.0.0", contents=None), "contents is missing or empty, so that any message"),
    "V3 contents of no text": (message("3.0.0", contents=""), "contents is missing or empty"),
    # members that nobody reads
    "another name of the status": (http(response={"statusCode": 404}), "response.statusCode is unknown; known are"),
    "the status in capitals": (http(response={"Status": 404}), "response.Status is unknown"),
    "a request's status": (http({"status": 404}), "request.status is unknown"),
    "a response's path": (http(response={"path": "/b"}), "response.path is unknown"),
    "a file as body": (http(response={"bodyFile": "b.json"}), "response.bodyFile is unknown"),
    "a request's URL": (http({"url": "/b"}), "request.url is unknown"),
    "a request's contents": (http({"contents": {}}), "request.contents is unknown"),
    "a message part's body": (synchronous({"body": v4()}), "request.body is unknown"),
    "a response part's status": (synchronous(None, {"contents": v4(), "status": 1}), "response[0].status is unknown"),
    "a message with a request": (message(request={"method": "GET"}), "request does not belong to an interaction of"),
    "an HTTP one with contents": (http(contents=v4()), "contents does not belong to an interaction of type"),
    "rules beside the request": (http(requestMatchingRules={}), "requestMatchingRules does not belong"),
    "a state's parameters": (http(providerStates=[{"name": "s", "parameters": {}}]), "providerStates[0].parameters is"),
    "a state's values": (http(providerStates=[{"name": "s"}, {"name": "t", "values": {}}]), "providerStates[1].values"),
    # headers
    "a header twice": (
        http({"headers": {"X-A": "1", "x-a": "2"}}),
        "request.headers.x-a stands there twice, the other",
    ),
    "a response's header twice": (http(response={"headers": {"A": "1", "a": "2"}}), "response.headers.a stands there"),
    "a header with CRLF": (http({"headers": {"X": "a\r\nY: b"}}), "request.headers.X must not have control characters"),
    "a header with NUL": (http({"headers": {"X": ["a", "b\0"]}}), "request.headers.X must not have control"),
    "a response header with CRLF": (http(response={"headers": {"X": "a\r\n"}}), "response.headers.X must not have"),
    # paths that would be another one
    "encoded dots": (http({"path": "/a/%2e%2e/b"}), "request.path must be a path that can be asked for as it stands"),
    "half encoded dots": (http({"path": "/a/.%2E"}), "request.path must be a path"),
    "an encoded dot": (http({"path": "/%2e/a"}), "request.path must be a path"),
    # V4 bodies
    "a type without content": (http(response={"body": {"contentType": "a/b"}}), "response.body.content is missing"),
    "an encoding without content": (http(response={"body": {"encoded": False}}), "response.body.content is missing"),
    "misspelt content": (http(response={"body": {"contents": 1, "contentType": "a/b"}}), "response.body.content is"),
    "a misspelt type": (http(response={"body": {"content": 1, "contenttype": "a/b"}}), "'contentType' may be meant"),
    "content beside other data": (http(response={"body": {"content": 1, "id": 2}}), "response.body.id is unknown"),
    "contents of a message without content": (message(contents={"contentType": "a/b"}), "contents.content is missing"),
    # versions
    "two versions": (
        {**http(), "metadata": {"pactSpecification": {"version": "4.0"}, "pact-specification": {"version": "2.0.0"}}},
        "the metadata states several versions: pact-specification V2, pactSpecification V4",
    ),
    "a misspelt version": (
        {**http(version="3.0.0"), "metadata": {"pactSpecfication": {"version": "4.0"}}},
        "pactSpecfication is unknown; 'pactSpecification' may be meant",
    ),
    "a version in snake case": (
        {**http(version="3.0.0"), "metadata": {"pact_specification": {"version": "4.0"}}},
        "pact_specification is unknown",
    ),
    # rules that would let everything pass
    "a negative minimum": (ruled({"match": "type", "min": -1}), "$.id.matchers[0].min must be a whole number from 0"),
    "a fraction as minimum": (ruled({"match": "type", "min": 1.5}), "matchers[0].min must be a whole number from 0"),
    "a word as maximum": (ruled({"match": "type", "max": "x"}), "matchers[0].max must be a whole number from 0"),
    "true as minimum": (ruled({"match": "type", "min": True}), "matchers[0].min must be a whole number"),
    "a negative guess": (ruled({"min": -2}), "matchers[0].min must be a whole number from 0"),
    "a minimum above": (ruled({"match": "type", "min": 3, "max": 1}), "min must not be greater than max 1, but is 3"),
    "no variant": (ruled({"match": "arrayContains", "variants": []}), "variants must not be an empty list"),
    "a variant's index": (ruled({"match": "arrayContains", "variants": [{"index": "0"}]}), "variants[0].index must be"),
    "a variant's unknown rule": (
        ruled({"match": "arrayContains", "variants": [{"rules": {"$": {"matchers": [{"match": "future"}]}}}]}),
        "variants[0].rules.$.matchers[0].match is not right: unknown matcher 'future'",
    ),
    "a variant's regex": (
        ruled({"match": "arrayContains", "variants": [{"rules": {"$": {"matchers": [{"match": "regex"}]}}}]}),
        "variants[0].rules.$.matchers[0].regex is missing",
    ),
    "no rule for keys": (ruled({"match": "eachKey", "rules": []}), "matchers[0].rules must not be an empty list"),
    "rules for values missing": (ruled({"match": "each-value"}), "matchers[0].rules is missing"),
    "an unknown rule for values": (
        ruled({"match": "eachValue", "rules": [{"match": "future"}]}),
        "matchers[0].rules[0].match is not right: unknown matcher 'future'",
    ),
    "a regex for keys": (ruled({"match": "eachKey", "rules": [{"match": "regex"}]}), "rules[0].regex is missing"),
    "a status rule for a body": (ruled({"match": "statusCode", "status": "success"}), "body cannot have the matcher"),
    "a status rule without status": (
        http(response={"matchingRules": {"status": {"matchers": [{"match": "statusCode"}]}}}),
        "status.matchers[0].status is missing",
    ),
    # generators that the core drops, or cannot bring to an end
    "an unknown generator": (by_query(type="Future"), "request.generators.query.q cannot be used: unknown generator"),
    "a generator in lower case": (by_query(type="uuid"), "unknown generator 'uuid'"),
    "a limit of text": (by_query(type="RandomInt", min="1"), "generators.query.q cannot be used: generator RandomInt"),
    "a limit of 64 bits": (by_query(type="RandomInt", max=2**40), "cannot be used: generator RandomInt"),
    "a limit of a fraction": (by_query(type="RandomInt", min=0.5), "cannot be used: generator RandomInt"),
    "no digits": (by_query(type="RandomDecimal", digits=0), "generator RandomDecimal: digits"),
    "negative digits": (by_query(type="RandomHexadecimal", digits=-1), "generator RandomHexadecimal: digits"),
    "a huge text": (by_query(type="RandomString", size=10**9), "generator RandomString: size"),
    "a strftime format": (by_query(type="Date", format="%Y"), "generator Date: '%Y' is a strftime format"),
    "an unknown form of UUIDs": (by_query(type="Uuid", format="x"), "generator Uuid: unknown format 'x'"),
    "no expression": (by_query(type="ProviderState"), "generator ProviderState: its 'expression' must be text"),
    "an empty expression": (by_query(type="ProviderState", expression=""), "its 'expression' must be text"),
    "a generator without regex": (by_query(type="Regex"), "generators.query.q.regex is missing"),
    "a generator's broken regex": (by_query(type="Regex", regex="("), "the regex '(' is not a regular expression"),
    "a generator's endless regex": (by_query(type="Regex", regex="(a{0,1000}){0,100000}"), "may be longer than"),
    "a body's generator": (
        http({"method": "POST", "body": v4(), "generators": {"body": {"$.id": {"type": "Random"}}}}),
        "request.generators.body.$.id cannot be used: unknown generator 'Random'",
    ),
    "a message's generator": (message(generators={"body": {"$.id": {"type": "x"}}}), "generators.body.$.id cannot be"),
    "a parameter that is not there": (
        generating("query", {"r": {"type": "Uuid"}}),
        "request.generators.query.r is not in the request, which has ['q']",
    ),
    "a path as parameter": (generating("query", {"$.q": {"type": "Uuid"}}), "query.$.q is not in the request"),
    "an index as parameter": (generating("query", {"q[0]": {"type": "Uuid"}}), "query.q[0] is not in the request"),
    "a header that is not there": (generating("header", {"X-B": {"type": "Uuid"}}), "header.X-B is not in the request"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_core_would_drop_or_change_is_refused(case: str) -> None:
    document, text = REFUSED[case]
    with pytest.raises(PactFileError) as caught:
        check_pact(copy.deepcopy(document), "shop.json")
    assert str(caught.value).startswith("pact file shop.json: ") and text in str(caught.value)


MENDED: dict[str, tuple[Document, str, Any]] = {
    "a query's question mark": (http({"query": "?q=1"}, version="2.0.0"), "request.query", "q=1"),
    "a length of another spelling": (
        http({"method": "POST", "headers": {"content-length": "99", "A": "1"}}),
        "request.headers",
        {"A": "1"},
    ),
    "a header's generator in another case": (
        generating("header", {"x-a": {"type": "Uuid"}}),
        "request.generators",
        {"header": {"X-A": {"type": "Uuid"}}},
    ),
    "headers' generators": (
        generating("headers", {"x-A": {"type": "Uuid"}}),
        "request.generators",
        {"headers": {"X-A": {"type": "Uuid"}}},
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_what_has_one_meaning_is_mended(case: str) -> None:
    document, place, mended = MENDED[case]
    part, name = place.split(".")
    assert check_pact(copy.deepcopy(document), "f").interactions[0][part][name] == mended


TOLD: dict[str, tuple[Document, str]] = {
    "given": (http(given="x"), "interactions[0].given is not read"),
    "will respond": (http(willRespondWith={"status": 404}), "interactions[0].willRespondWith is not read"),
    "a message's topic": (message("3.0.0", topic="x"), "messages[0].topic is not read"),
    "a note": (message(note=5), "interactions[0].note is not read"),
}


@pytest.mark.parametrize("case", TOLD)
def test_members_of_an_interaction_that_nobody_knows_are_told(case: str) -> None:
    document, text = TOLD[case]
    with pytest.warns(PactWarning) as told:
        check_pact(copy.deepcopy(document), "shop.json")
    assert [str(each.message) for each in told] == [f"pact file shop.json: {text}"]


RIGHT: dict[str, Document] = {
    "members that others mark as theirs": http(_id="5", response={"_note": 1}),
    "no status": pact("4.0", {"description": "d", "type": "Synchronous/HTTP", "request": {"method": "GET", "path": "/"},
                              "response": {}}),
    "limits of text": ruled({"match": "type", "min": "1", "max": 2.0}),
    "limits that are guessed": ruled({"max": 3}),
    "an old rule of a date": ruled({"match": "timestamp", "timestamp": "yyyy"}),
    "an unknown rule, which the core names": ruled({"match": "future"}),
    "a lower combination": ruled({"match": "type"}, combine="or"),
    "no body": http(response={"body": {}}),
    "a body of JVM's": http(response={"body": {"content": 1, "contentType": "a/b", "contentTypeHint": "TEXT"}}),
    "a generator that backtracks": by_query(type="Regex", regex="(a+)+b"),
    "a generator with anchors": by_query(type="Regex", regex="^[0-9]+$"),
    "a generator with a data type": by_query(type="ProviderState", expression="${id}", dataType="INTEGER"),
    "generators of all parameters": http({"query": "a=1&b=", "generators": {"query": {
        "a": {"type": "Uuid"}, "b": {"type": "RandomInt"}}}}, version="3.0.0"),
    "one version twice": {**http(), "metadata": {"pactSpecification": {"version": "4.0"},
                                                 "pactSpecificationVersion": "4"}},
    "metadata of others": http(version="3.0.0") | {"metadata": {"pact-jvm": {"version": "4"}, "pactRust": {}}},
    "old rules": http({"requestMatchingRules": {"$.path": {"match": "type"}}}, version="2.0.0"),
    "a state without parameters": http(providerStates=[{"name": "s", "params": None}]),
    "a message of nothing but an object": message(contents=v4({})),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_right_or_harmless_is_taken(case: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_pact(copy.deepcopy(RIGHT[case]), "shop.json")


def by_file(file: Path, serve: Callable[[Any], Any]) -> str:
    return refusal(Verifier("stock").add_source(file))


def by_folder(file: Path, serve: Callable[[Any], Any]) -> str:
    return refusal(Verifier("stock").add_source(file.parent))


def by_url(file: Path, serve: Callable[[Any], Any]) -> str:
    def app(_: Any, start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [file.read_bytes()]

    with serve(app) as port:
        return refusal(Verifier("stock").add_source(f"http://127.0.0.1:{port}/shop.json"))


def by_command(file: Path, serve: Callable[[Any], Any]) -> str:
    options = ["--provider", "stock", "--provider-base-url", "http://127.0.0.1:1"]
    command = [sys.executable, "-m", "pact_ffi", "verify", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode
    return done.stdout + done.stderr


def refusal(verifier: Verifier) -> str:
    with pytest.raises(VerificationError) as caught:
        verifier.add_transport(url="http://127.0.0.1:1").verify()
    return str(caught.value)


@pytest.mark.parametrize("way", [by_file, by_folder, by_url, by_command])
@pytest.mark.parametrize("case", ["a status of null", "a header twice", "no variant", "an unknown generator"])
def test_it_is_refused_in_whatever_way_it_comes(
    case: str, way: Callable[..., str], tmp_path: Path, served: Callable[[Any], Any]
) -> None:
    document, text = REFUSED[case]
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(document), "utf-8")
    told = " ".join(way(file, served).split())
    assert text in told and "shop.json" in told
