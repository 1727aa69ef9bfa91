"""Contracts that no mock server could keep are refused; what nobody checked, or only half described, is told."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, Verifier, generate, match
from pact.pact import HttpInteraction
from pact_ffi import PactWarning
from pact_ffi.core.matching import matches_bodies
from pact_ffi.errors import InvalidInputError

Describe = Callable[[HttpInteraction], object]

UNKEEPABLE: dict[str, tuple[str, int, Describe, str]] = {
    "204": ("GET", 204, lambda i: i.with_body("text"), "a response with status 204 cannot have a body"),
    "304": ("GET", 304, lambda i: i.with_body({"a": 1}), "a response with status 304 cannot have a body"),
    "101": ("GET", 101, lambda i: i.with_body(b"x"), "a response with status 101 cannot have a body"),
    "205": ("GET", 205, lambda i: i.with_body({"a": 1}), "a response with status 205 cannot have a body"),
    "text as HTML": (
        "GET", 200, lambda i: i.with_header("Content-Type", "text/html").with_body("x", "text/plain"),
        "the body is text/plain, but the header Content-Type says text/html",
    ),
    "JSON as text": (
        "GET", 200, lambda i: i.with_body({"a": 1}, "application/json").with_header("content-type", "text/plain"),
        "the body is application/json, but the header Content-Type says text/plain",
    ),
    "one kind of JSON as another": (
        "GET", 200, lambda i: i.with_header("Content-Type", "application/json").with_body({"a": 1}, "a/b+json"),
        "the body is a/b\\+json, but the header Content-Type says application/json",
    ),
    "text as bytes": (
        "GET", 200, lambda i: i.with_header("Content-Type", "a/b").with_binary_body(b"x", "text/plain"),
        "the body is text/plain, but the header Content-Type says a/b",
    ),
    "a request": (
        "POST", 200, lambda i: i.with_header("Content-Type", "a/b", "Request").with_body("x", "c/d", "Request"),
        "the body is c/d, but the header Content-Type says a/b",
    ),
    "HEAD": ("HEAD", 200, lambda i: i.with_body("text"), "a response to HEAD cannot have a body"),
    "too long": ("GET", 200, lambda i: i.with_header("Content-Length", "9").with_body("text"), "Content-Length 9"),
    "too short": ("GET", 200, lambda i: i.with_header("content-length", "3").with_body({"a": 1}), "Content-Length 3"),
    "no body": ("GET", 200, lambda i: i.with_header("Content-Length", "3"), "Content-Length 3"),
    "no number": ("GET", 200, lambda i: i.with_header("Content-Length", "three").with_body("three"), "three"),
    "generated": (
        "GET", 200, lambda i: i.with_body({"a": match.int()}).with_header("Content-Length", "7"), "Content-Length 7",
    ),
    "chunks": ("GET", 200, lambda i: i.with_header("Transfer-Encoding", "chunked").with_body("x"), "Transfer-Encoding"),
}  # fmt: skip
KEEPABLE: dict[str, tuple[str, int, Describe]] = {
    "204 without": ("GET", 204, lambda i: i.with_body(None)),
    "204 with nothing": ("GET", 204, lambda i: i.with_body("")),
    "length of HEAD": ("HEAD", 200, lambda i: i.with_header("Content-Length", "1234")),
    "length of text": ("GET", 200, lambda i: i.with_header("Content-Length", "5").with_body("Üxyz")),
    "length of JSON": ("GET", 200, lambda i: i.with_header("Content-Length", "7").with_body({"a": match.int(1)})),
    "charset in the header": (
        "GET", 200, lambda i: i.with_header("Content-Type", "Text/Plain;charset=utf-8").with_body("x", "text/plain"),
    ),
    "a kind of JSON": (
        "GET", 200,
        lambda i: i.with_header("Content-Type", "application/b+json").with_body({"a": 1}, "application/json"),
    ),
    "a rule for the type": (
        "GET", 200,
        lambda i: i.with_header("Content-Type", match.regex("a/b", regex="a/.*")).with_body("x", "text/plain"),
    ),
    "length of nothing": ("GET", 200, lambda i: i.with_header("Content-Length", "0")),
}  # fmt: skip


def described(method: str, status: int, describe: Describe) -> Pact:
    pact = Pact("c", "p")
    describe(pact.upon_receiving("a").given("s").with_request(method, "/").will_respond_with(status))
    return pact


@pytest.mark.parametrize(("method", "status", "describe", "said"), UNKEEPABLE.values(), ids=list(UNKEEPABLE))
def test_what_no_server_can_send_is_refused(
    method: str, status: int, describe: Describe, said: str, tmp_path: Path
) -> None:
    for use in (lambda pact: pact.serve().start(), lambda pact: pact.write_file(tmp_path)):
        with pytest.raises(InvalidInputError, match=f"interaction 'a \\[s\\]': .*{said}"):
            use(described(method, status, describe))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("method", "status", "describe"), KEEPABLE.values(), ids=list(KEEPABLE))
def test_what_a_server_can_send_is_served(method: str, status: int, describe: Describe, send) -> None:
    with described(method, status, describe).serve() as server:
        assert send(server, method, "/").status == status


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "Content-Length"])
def test_a_header_that_can_have_one_value_is_not_given_two(pact: Pact, name: str) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200).with_header(name, "5/5")
    with pytest.raises(InvalidInputError, match=f"header {name.title()}: it has one value only"):
        interaction.with_header(name.title(), "6/6")
    interaction.set_header(name, "7/7")


IN_DOCUMENT = {
    "XML": ("<?xml version='1.0' encoding='ISO-8859-1'?><a>Ü</a>", "application/xml"),
    "a kind of XML": ('<?xml version="1.0" encoding="latin1" ?><a>Ü</a>', "image/svg+xml"),
    "HTML": ("<html><meta charset=iso-8859-15>Ü</html>", "text/html"),
    "older HTML": ("<meta http-equiv='Content-Type' content='text/html; charset=cp1252'>Ü", "text/html"),
    "CSS": ('@charset "latin-1"; a::before {content: "Ü"}', "text/css"),
}


@pytest.mark.parametrize(("text", "kind"), IN_DOCUMENT.values(), ids=list(IN_DOCUMENT))
def test_a_charset_inside_of_the_document_that_the_text_is_not_in_is_refused(pact: Pact, text: str, kind: str) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    with pytest.raises(InvalidInputError, match="sent as UTF-8, but the document says that it is (?i:iso|latin|cp)"):
        interaction.with_body(text, kind)
    interaction.with_body(text.replace("Ü", "U"), kind)
    if kind.startswith("text/"):
        interaction.with_body(text.encode("latin-1"), kind)
    interaction.with_body(text, f"{kind}; charset=utf-8")


UNCLEAR = {
    "text": ("Ü", None),
    "text/plain": ("Ü", "text/plain"),
    "HTML": ("<html>Ü</html>", None),
    "CSV": ("Ü;1", "text/csv"),
    "bytes": ("Ü".encode(), "text/plain"),
}
CLEAR = {
    "ASCII": ("U", "text/plain"),
    "with a charset": ("Ü", "text/plain; charset=utf-8"),
    "HTML that says it": ("<html><meta charset='utf-8'>Ü</html>", "text/html"),
    "JSON": ({"a": "Ü"}, None),
    "XML": ("<a>Ü</a>", "application/xml"),
    "Latin-1": ("Ü".encode("latin-1"), "text/plain; charset=latin-1"),
    "bytes of another charset": ("Ü".encode("latin-1"), "text/plain"),
}


@pytest.mark.parametrize("kind", [{"content_type": True}, {"header": True}], ids=["argument", "header"])
@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [(*each, True) for each in UNCLEAR.values()] + [(*each, False) for each in CLEAR.values()],
    ids=[*UNCLEAR, *CLEAR],
)
def test_text_beyond_ascii_without_a_charset_is_told(
    pact: Pact, send, body: Any, content_type: str | None, told: bool, kind: dict[str, bool]
) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    interaction.with_body(body, content_type if "content_type" in kind else None)
    if "header" in kind and content_type:
        interaction.with_header("Content-Type", content_type)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pact.serve() as server:
            send(server, "GET", "/")
    assert [each.filename == __file__ for each in caught if "does not say so" in str(each.message)] == [True] * told


REQUESTS: dict[str, tuple[Any, list[bytes | None]]] = {  # what was said, and which of the four bodies it takes
    "missing": ((), [None, b"", b"null", b"{}"]),
    "None": ((None,), [None, b"", b"null", b"{}"]),
    "empty": (("", "text/plain"), [b""]),
    "null": (("null", "application/json"), [b"null"]),
    "a matcher of null": ((match.null(),), [b"null"]),
    "null as a type": ((match.like(None),), [b"null"]),
    "an empty object": (({},), [b"{}"]),
}


@pytest.mark.parametrize("version", ["V3", "V4"])
@pytest.mark.parametrize(("said", "taken"), REQUESTS.values(), ids=list(REQUESTS))
def test_null_empty_and_missing_are_three_bodies_of_a_request(
    pact: Pact, send, tmp_path: Path, said: tuple[Any, ...], taken: list[bytes | None], version: str
) -> None:
    interaction = pact.with_specification(version).upon_receiving("a").with_request("POST", "/")
    interaction = interaction.with_body(*said) if said else interaction
    interaction.will_respond_with(200)
    kind = "text/plain" if taken == [b""] else "application/json"
    with pact.serve(raises=False) as server:
        answers = {
            body: send(server, "POST", "/", None if body is None else {"Content-Type": kind}, body).status
            for body in (None, b"", b"null", b"{}")
        }
    assert [body for body, status in answers.items() if status == 200] == taken
    pact.write_file(tmp_path)
    got: list[bytes] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        got.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start("200 OK", [])
        return []

    Verifier("provider").app(app).add_source(str(tmp_path)).verify()
    assert got == [taken[0] or b""]


NULLS: dict[str, Any] = {
    "a matcher": match.null(),
    "text": "null",
    "like": match.like(None),
    "a rule": {"pact:matcher:type": "null"},
    "a rule with its example": {"pact:matcher:type": "null", "value": None},
    "a member of an enumeration": Enum("Nothing", {"NULL": None})["NULL"],
}


@pytest.mark.parametrize("body", NULLS.values(), ids=list(NULLS))
def test_a_body_that_is_null_is_refused_where_it_is_promised(pact: Pact, body: Any) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    message = pact.upon_receiving("b", "Async")
    for described in (interaction, message):
        with pytest.raises(InvalidInputError, match="a JSON body cannot be null"):
            described.with_body(body, "application/json")


def test_null_inside_of_a_body_is_kept(pact: Pact, only) -> None:
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200).with_body([None, match.null()])
    assert only(pact)["response"]["body"]["content"] == [None, None]


@pytest.mark.parametrize(
    "kind", ["text/plain; charset=latin-1", 'text/html;charset="ISO-8859-1"', "a/b; charset=utf-16"]
)
@pytest.mark.parametrize("header", [False, True])
def test_a_charset_that_the_text_is_not_in_is_refused(pact: Pact, kind: str, header: bool) -> None:
    interaction = pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    with pytest.raises(InvalidInputError, match="text beyond ASCII is sent as UTF-8, but the content type says"):
        interaction.with_body("Ü").with_header("Content-Type", kind) if header else interaction.with_body("Ü", kind)
    interaction.with_body("U", kind).with_body("Ü".encode("latin-1"), kind).with_body("Ü", "text/plain; charset=UTF-8")


def warned(pact: Pact, folder: Path) -> list[str]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        pact.write_file(folder)
    assert all(each.filename == __file__ and each.category is PactWarning for each in told)
    return [str(each.message) for each in told]


def test_an_interaction_that_is_described_by_half_is_told(pact: Pact, tmp_path: Path) -> None:
    pact.upon_receiving("no request").given("s").will_respond_with(200)
    pact.upon_receiving("no response").with_request("GET", "/")
    pact.upon_receiving("no reply", "Sync").with_body("x")
    pact.upon_receiving("whole").with_request("GET", "/").will_respond_with(200)
    pact.upon_receiving("message", "Async").with_body("x")
    assert warned(pact, tmp_path) == [
        "interaction 'no request [s]' has no request",
        "interaction 'no response' has no response",
        "interaction 'no reply' has no response",
    ]


def test_what_was_described_too_late_is_told(pact: Pact, send, tmp_path: Path) -> None:
    pact.upon_receiving("served").with_request("GET", "/").will_respond_with(200)
    assert warned(pact, tmp_path / "before") == []  # nothing was tried, so nothing was forgotten
    with pact.serve() as server:
        send(server, "GET", "/")
    assert warned(pact, tmp_path / "after") == []
    pact.upon_receiving("late").with_request("GET", "/late").will_respond_with(200)
    pact.upon_receiving("message", "Async").with_body("x")
    assert warned(pact, tmp_path / "late") == [
        "interaction 'late' is written, but nothing checked it: no mock server served it",
        "interaction 'message' is written, but nothing checked it: it was not verified with a handler",
    ]
    pact.verify(lambda body, metadata: None, "Async")
    assert len(warned(pact, tmp_path / "verified")) == 1


BREAKING = {
    "text under include": match.includes("abc", generator=generate.str(5)),
    "text under regex": match.Matcher("regex", "123", regex="[0-9]+", generator=generate.str(5)),
    "a decimal under integer": match.Matcher("integer", 5, generator=generate.decimal()),
    "a UUID under integer": match.Matcher("integer", 5, generator=generate.uuid()),
    "a time under date": match.Matcher("date", "2020-01-01", format="yyyy-MM-dd", generator=generate.time()),
    "an integer under boolean": match.Matcher("boolean", True, generator=generate.int()),
    "text under the type of a number": match.like(5, generator=generate.hex(8)),
}
FITTING = [
    match.int(), match.decimal(), match.number(), match.bool(), match.str(), match.uuid(), match.date(), match.time(),
    match.datetime(), match.regex(regex="[a-z]{4}"), match.like("x", generator=generate.provider_state("${x}")),
    match.Matcher("regex", "7", regex="[0-9]", generator=generate.int(min=0, max=9)), match.decimal(precision=1),
    match.each_like(match.int(), min=2), match.like("5", generator=generate.hex(8)), match.int(5),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["HTTP", "Async", "Sync"])
@pytest.mark.parametrize("value", BREAKING.values(), ids=list(BREAKING))
def test_a_generator_that_breaks_its_own_matcher_is_refused(pact: Pact, value: Any, kind: Any) -> None:
    told = r"^\$\.a\[0\]: what the generator makes does not satisfy its own"
    older = not matches_bodies()  # a core before 0.5.12 cannot be asked, so that it is taken there
    with nullcontext() if older else pytest.raises(InvalidInputError, match=told):
        pact.upon_receiving("a", kind).with_body({"a": [value]})


@pytest.mark.parametrize("value", FITTING, ids=repr)
def test_a_generator_that_keeps_to_its_matcher_is_taken(pact: Pact, value: Any) -> None:
    for _ in range(3):
        pact.upon_receiving("a").with_body({"a": [value]})
