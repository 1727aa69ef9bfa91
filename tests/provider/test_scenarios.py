"""What verifications of pacts of specification V1 to V4 come to: each part of an exchange, kept and broken."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import message

Write = Callable[..., Path]
JSON, XML, TEXT = "application/json", "application/xml", "text/plain"
MULTIPART = "multipart/form-data; boundary=abc"
PARTS = '--abc\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--abc--\r\n'


class Service:
    """A WSGI application that gives one answer, and keeps what it was asked."""

    def __init__(self, body: bytes = b"", content_type: str = JSON, status: int = 200, **headers: str) -> None:
        self.answer = (f"{status} Said", [("Content-Type", content_type), *headers.items()], body)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, headers, body = self.answer
        self.asked.append({**environ, "body": environ["wsgi.input"].read()})
        start_response(status, headers)
        return [body]


def document(version: str, *interactions: Any, messages: bool = False) -> dict[str, Any]:
    return {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        ("messages" if messages else "interactions"): list(interactions),
        "metadata": {"pactSpecification": {"version": version}},
    }


def interaction(version: str, request: dict[str, Any], response: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One exchange as the version writes it."""
    request, response = {"method": "GET", "path": "/basic", **request}, {"status": 200, **response}
    described = {"description": "basic", "request": request, "response": response, **more}
    if version.startswith("4"):
        described["type"] = "Synchronous/HTTP"
        for part in (request, response):
            part["headers"] = {name: [value] for name, value in part.get("headers", {}).items()}
            if "body" in part:
                kind = part["headers"].get("Content-Type", [JSON])[0]
                part["body"] = {"content": part["body"], "contentType": kind, "encoded": False}
    return described


@pytest.fixture()
def outcome(write: Write) -> Callable[..., str]:
    """Verify a service and return the report, empty when it kept its pact."""

    def verified(service: Any, pact: Any, *changes: Callable[[Verifier], Any]) -> str:
        verifier = Verifier("p").app(service).add_source(write(pact))
        for change in changes:
            change(verifier)
        try:
            verifier.verify()
        except VerificationError as error:
            return str(error)
        return ""

    return verified


Outcome = Callable[..., str]
VERSIONS = ("1.0.0", "1.1.0", "2.0.0", "3.0.0", "4.0")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("content_type", "expected", "good", "bad"),
    [
        (JSON, {"one": "a", "two": [1]}, b'{"two": [1], "one": "a"}', b'{"one": "b", "two": [1]}'),
        (TEXT, "Hello World", b"Hello World", b"Hello Jupiter"),
        (XML, "<a><b>1</b></a>", b"<a> <b>1</b> </a>", b"<a><b>2</b></a>"),
        (MULTIPART, PARTS % "x", (PARTS % "x").encode(), (PARTS % "y").encode()),
        ("application/x-www-form-urlencoded", "a=1&b=2", b"a=1&b=2", b"a=1&b=3"),
    ],
    ids=["json", "text", "xml", "multipart", "form"],
)
def test_bodies(outcome: Outcome, version: str, content_type: str, expected: Any, good: bytes, bad: bytes) -> None:
    asked = interaction(version, {}, {"headers": {"Content-Type": content_type}, "body": expected})
    assert outcome(Service(good, content_type), document(version, asked)) == ""
    assert "body" in outcome(Service(bad, content_type), document(version, asked))
    assert "body" in outcome(Service(b"", content_type), document(version, asked))
    other = JSON if content_type == TEXT else TEXT
    assert "Content-Type" in outcome(Service(good, other), document(version, asked))


@pytest.mark.parametrize("version", VERSIONS)
def test_status_and_headers(outcome: Outcome, version: str) -> None:
    asked = document(version, interaction(version, {}, {"headers": {"X-TEST": "Something"}}))
    assert outcome(Service(**{"X-TEST": "Something"}), asked) == ""
    assert "header X-TEST" in outcome(Service(**{"X-TEST": "Anything"}), asked)
    assert "header X-TEST" in outcome(Service(), asked)
    assert "expected 200 but was 400" in outcome(Service(status=400, **{"X-TEST": "Something"}), asked)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_request_arrives_as_described(outcome: Outcome, version: str) -> None:
    query: Any = {"a": ["1", "2"], "b": ["x y"]} if version[0] in "34" else "a=1&a=2&b=x+y"
    request = {"method": "PUT", "query": query, "headers": {"X-TEST": "Compatibility"}, "body": {"n": 1}}
    service = Service()
    assert outcome(service, document(version, interaction(version, request, {}))) == ""
    [asked] = service.asked
    assert (asked["REQUEST_METHOD"], asked["PATH_INFO"], asked["HTTP_X_TEST"]) == ("PUT", "/basic", "Compatibility")
    assert sorted(asked["QUERY_STRING"].replace("%20", "+").split("&")) == ["a=1", "a=2", "b=x+y"]
    assert json.loads(asked["body"]) == {"n": 1}


@pytest.mark.parametrize("version", ["2.0.0", "3.0.0", "4.0"])
def test_rules_of_headers_and_bodies(outcome: Outcome, version: str) -> None:
    regex, kind = {"match": "regex", "regex": r"\w{3}-\d+"}, {"match": "type"}
    rules: Any = {"$.header.X-TEST": regex, "$.body.one": kind}
    if version != "2.0.0":
        rules = {"header": {"X-TEST": {"matchers": [regex]}}, "body": {"$.one": {"matchers": [kind]}}}
    expected = {"headers": {"X-TEST": "AXP-1000"}, "body": {"one": "a"}, "matchingRules": rules}
    asked = document(version, interaction(version, {}, expected))
    assert outcome(Service(b'{"one": "b"}', **{"X-TEST": "AAA-123"}), asked) == ""
    assert "header X-TEST" in outcome(Service(b'{"one": "b"}', **{"X-TEST": "AAAB-123"}), asked)
    assert "body $.one" in outcome(Service(b'{"one": 1}', **{"X-TEST": "AAA-123"}), asked)


def test_several_files_each_count(outcome: Outcome, write: Write) -> None:
    second = write(document("3.0.0", interaction("3.0.0", {}, {"status": 204}, description="other")), "second.json")
    report = outcome(Service(), document("2.0.0", interaction("2.0.0", {}, {})), lambda v: v.add_source(second))
    assert "failed: 1 of 2 interactions" in report and "  in c: other" in report


@pytest.mark.parametrize(("given", "names"), [({"providerState": "state one"}, ["state one"]), ({}, [""])])
def test_states_are_set_up_before_and_torn_down_after(outcome: Outcome, given: Any, names: list[str]) -> None:
    service, calls = Service(), []

    def handler(state: str, action: str) -> None:
        calls.append((state, action, len(service.asked)))

    asked = document("2.0.0", interaction("2.0.0", {}, {}, **given))
    assert outcome(service, asked, lambda v: v.state_handler(handler, teardown=True)) == ""
    assert calls == [(names[0], "setup", 0), (names[0], "teardown", 1)]


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
def test_several_states_have_parameters_each(outcome: Outcome, version: str) -> None:
    calls: list[Any] = []
    states = [{"name": "one", "params": {"a": "1"}}, {"name": "two", "params": {"b": 2, "c": {"d": [True]}}}]

    def handler(state: str, parameters: dict[str, Any]) -> None:
        calls.append({"name": state, "params": parameters})

    asked = document(version, interaction(version, {}, {}, providerStates=states))
    assert outcome(Service(), asked, lambda v: v.state_handler(handler)) == ""
    assert calls == states


def test_after_a_failed_set_up_there_is_neither_request_nor_teardown(outcome: Outcome) -> None:
    service, calls = Service(), []

    def handler(state: str, action: str) -> None:
        calls.append(action)
        raise LookupError("no database")

    asked = document("2.0.0", interaction("2.0.0", {}, {}, providerState="state one"))
    report = outcome(service, asked, lambda v: v.state_handler(handler, teardown=True))
    assert "raised LookupError: no database" in report
    assert (calls, service.asked) == (["setup"], [])


def test_a_state_that_nobody_handles_is_told_in_the_log(outcome: Outcome, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "pact")
    assert outcome(Service(), document("2.0.0", interaction("2.0.0", {}, {}, providerState="state one"))) == ""
    assert any("no state change URL" in text for text in caplog.messages)


def test_a_pending_interaction_fails_nothing_and_is_reported(write: Write) -> None:
    body = {"headers": {"Content-Type": JSON}, "body": {"one": "a"}}
    asked = document("4.0", interaction("4.0", {}, body, pending=True))
    done = Verifier("p").app(Service(b'{"one": "b"}')).add_source(write(asked)).verify()
    assert done.results["errors"] == []
    assert [found["type"] for found in done.results["pendingErrors"][0]["mismatch"]["mismatches"]] == ["BodyMismatch"]


def test_comments_are_in_the_cores_report(write: Write) -> None:
    comments = {"text": ["comment one", "comment two"], "testname": "compatibility"}
    asked = document("4.0", interaction("4.0", {}, {}, comments=comments))
    output = Verifier("p").app(Service()).add_source(write(asked)).verify().output(strip_ansi=True)
    assert all(text in output for text in ("comment one", "comment two", "compatibility"))


def test_a_combined_pact_has_http_and_messages(write: Write) -> None:
    asked = document("4.0", interaction("4.0", {}, {}), message("created", {"id": 1}))
    both = Verifier("p").app(Service()).message_handler({"created": {"id": 1}}).add_source(write(asked)).verify()
    assert both.result is not None and [item.outcome for item in both.result.interactions] == ["passed", "passed"]


METADATA = {"Origin": "AXP-1000", "TagData": {"ID": "123", "weight": 100.5}}


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
@pytest.mark.parametrize(
    ("metadata", "difference"),
    [
        (METADATA, ""),
        ({**METADATA, "Origin": "AAA-123"}, ""),
        ({**METADATA, "Origin": "AAAB-123"}, "metadata Origin"),
        ({**METADATA, "TagData": {"ID": "100", "weight": 100.5}}, "metadata TagData"),
    ],
)
def test_metadata_of_messages(write: Write, version: str, metadata: Any, difference: str) -> None:
    rules = {"metadata": {"Origin": {"combine": "AND", "matchers": [{"match": "regex", "regex": r"\w{3}-\d+"}]}}}
    asked = message("created", {"one": "a"}, metadata=METADATA, matchingRules=rules)
    if version == "3.0.0":
        asked = {"description": "created", "contents": {"one": "a"}, "metaData": METADATA, "matchingRules": rules}
    source = write(document(version, asked, messages=version == "3.0.0"))
    made: Any = {"contents": b'{"one": "a"}', "metadata": metadata, "content_type": JSON}
    verifier = Verifier("p").message_handler({"created": made}).add_source(source)
    if not difference:
        verifier.verify()
    else:
        with pytest.raises(VerificationError, match=difference):
            verifier.verify()


@pytest.mark.parametrize(
    ("kind", "content", "good", "bad"),
    [
        (JSON, {"one": "a"}, b'{"one": "a"}', b'{"one": "c"}'),
        (TEXT, "Hello World", b"Hello World", b"Hello Jupiter"),
        (XML, "<a>1</a>", b"<a>1</a>", b"<a>2</a>"),
    ],
)
def test_contents_of_messages(write: Write, kind: str, content: Any, good: bytes, bad: bytes) -> None:
    contents = {"content": content, "contentType": kind, "encoded": "JSON" if kind == JSON else False}
    if kind == JSON:
        contents["content"] = json.dumps(content)
    source = write(document("4.0", message("created", None, contents=contents)))
    for made, kept in ((good, True), (bad, False)):
        handler = {"created": {"contents": made, "content_type": kind}}
        verifier = Verifier("p").message_handler(handler).add_source(source)
        if kept:
            verifier.verify()
        else:
            with pytest.raises(VerificationError, match="body"):
                verifier.verify()


def test_states_of_messages(write: Write) -> None:
    calls: list[Any] = []
    asked = message("created", {"id": 1}, providerStates=[{"name": "state one", "params": {"n": 1}}])
    verifier = Verifier("p").add_source(write(document("4.0", asked)))
    verifier.message_handler(lambda name, states, parameters: calls.append((name, states, parameters)) or {"id": 1})
    verifier.state_handler(lambda state, action, p: calls.append((state, action)), teardown=True).verify()
    assert calls == [("state one", "setup"), ("created", ["state one"], {"n": 1}), ("state one", "teardown")]
