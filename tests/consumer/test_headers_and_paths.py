"""Headers that repeat, hold commas or JSON; methods and paths as clients send them."""

from __future__ import annotations

import re

import pytest

from pact import Pact, match
from pact.error import HeaderMismatch


def asking(pact: Pact):
    return pact.upon_receiving("something").with_request("GET", "/")


def test_header_names_do_not_depend_on_case(pact: Pact, send) -> None:
    asking(pact).with_header("X-Token", "abc").will_respond_with(200)
    with pact.serve() as server:
        assert send(server, "GET", "/", {"x-tOKEN": "abc"}).status == 200


def test_further_headers_of_a_request_are_fine(pact: Pact, send) -> None:
    asking(pact).with_header("X-Token", "abc").will_respond_with(200)
    with pact.serve() as server:
        assert send(server, "GET", "/", {"X-Token": "abc", "X-Other": "1"}).status == 200


@pytest.mark.parametrize("headers", [{}, {"X-Token": "abd"}, {"X-Token": "ABC"}, {"X-Token": ""}])
def test_a_missing_or_different_header_is_a_mismatch(pact: Pact, send, headers) -> None:
    asking(pact).with_header("X-Token", "abc").will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/", headers).status == 500
        (mismatch,) = server.mismatches[0].mismatches
        assert isinstance(mismatch, HeaderMismatch)
        assert mismatch.key == "X-Token"
        assert "abc" in mismatch.expected


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "1", "X-B": "2"}, [("X-A", "1"), ("X-B", "2")], (("X-A", "1"), ("X-B", "2"))],
    ids=["mapping", "pairs", "tuples"],
)
@pytest.mark.parametrize("method", ["with_headers", "set_headers"])
def test_several_headers_at_once(pact: Pact, only, headers, method: str) -> None:
    getattr(asking(pact), method)(headers)
    assert only(pact)["request"]["headers"] == {"X-A": ["1"], "X-B": ["2"]}


def test_with_header_appends_and_set_header_replaces(pact: Pact, only) -> None:
    asking(pact).with_header("X-A", "1").with_header("x-a", "2").with_header("X-B", "1").set_header("X-B", "3")
    headers = {name.lower(): values for name, values in only(pact)["request"]["headers"].items()}
    assert headers == {"x-a": ["1", "2"], "x-b": ["3"]}


def test_set_headers_replaces_what_was_there_once(pact: Pact, only) -> None:
    asking(pact).with_header("X-A", "0").set_headers([("X-A", "1"), ("X-A", "2")])
    assert only(pact)["request"]["headers"] == {"X-A": ["1", "2"]}


def test_repeated_headers_are_served_and_expected(pact: Pact, send) -> None:
    interaction = asking(pact).with_header("X-A", "1").with_header("X-A", "2")
    interaction.will_respond_with(200).with_header("X-R", "a").with_header("X-R", "b")
    with pact.serve(raises=False) as server:
        answer = send(server, "GET", "/", [("X-A", "1"), ("X-A", "2")])
        assert answer.status == 200
        assert answer.header("X-R") == "a, b"
        assert send(server, "GET", "/", {"X-A": "1"}).status == 500


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Date", "Sat, 02 Jul 2022 12:00:00 GMT"),
        ("X-List", "a, b,c"),
        ("Accept", "application/json, text/plain;q=0.9"),
        ("X-Json", '{"a": 1}'),
        ("X-Json", '["a", 1]'),
        ("X-Json", '{"pact:matcher:type": "type"}'),
        ("X-Null", "null"),
        ("X-Number", "12"),
        ("ETag", '"33a64df5"'),
        ("Authorization", "Bearer a.b.c=="),
        ("X-Empty", ""),
        ("Set-Cookie", "a=b; Expires=Wed, 21 Oct 2015 07:28:00 GMT"),
        ("Location", "http://localhost/a?b=c,d"),
        ("X-Tab", "a\tb"),
    ],
)
def test_values_are_plain_text_on_both_sides(pact: Pact, send, name: str, value: str) -> None:
    asking(pact).with_header(name, value).will_respond_with(200).with_header(name, value)
    with pact.serve() as server:
        answer = send(server, "GET", "/", {name: value})
    assert answer.status == 200
    assert re.sub(r",\s*", ",", answer.header(name) or "") == re.sub(r",\s*", ",", value)


def test_a_list_of_values(pact: Pact, only) -> None:
    asking(pact).with_header("X-A", ["1", "2"])
    assert only(pact)["request"]["headers"] == {"X-A": ["1", "2"]}


def test_numbers_become_text(pact: Pact, send) -> None:
    asking(pact).will_respond_with(200).with_header("X-Count", 5)
    with pact.serve() as server:
        assert send(server).header("X-Count") == "5"


def test_matchers(pact: Pact, send) -> None:
    asking(pact).with_header("X-Id", match.regex("12", regex=r"\d+")).will_respond_with(200).with_header(
        "X-Reply", match.like("x")
    )
    with pact.serve(raises=False) as server:
        answer = send(server, "GET", "/", {"X-Id": "987"})
        assert (answer.status, answer.header("X-Reply")) == (200, "x")
        assert send(server, "GET", "/", {"X-Id": "nine"}).status == 500


def test_a_matcher_as_integration_json(pact: Pact, send) -> None:
    asking(pact).with_header("X-Id", {"pact:matcher:type": "regex", "regex": r"\d+", "value": "1"})
    with pact.serve() as server:
        assert send(server, "GET", "/", {"X-Id": "987"}).status == 200


@pytest.mark.parametrize("name", ["", "a b", "X-A\r\nX-B", "X:A", "Ü", "a\0"])
def test_names_that_http_does_not_allow_are_refused(pact: Pact, name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        asking(pact).with_header(name, "1")


@pytest.mark.parametrize("value", ["a\r\nX-B: c", "a\nb", "a\0b", None, {"a": 1}, b"x", "\ud800"])
def test_values_that_http_does_not_allow_are_refused(pact: Pact, value: object) -> None:
    for part in ("Request", "Response"):
        with pytest.raises(ValueError):
            asking(pact).with_header("X-A", value, part)  # type: ignore[arg-type]


def test_text_beyond_ascii_is_refused_in_requests_and_served_in_responses(pact: Pact, send) -> None:
    interaction = asking(pact)
    with pytest.raises(ValueError, match="not ASCII"):
        interaction.with_header("X-A", "Ü")
    interaction.will_respond_with(200).with_header("X-A", "Ü")
    with pact.serve() as server:
        assert (send(server).header("X-A") or "").encode("latin-1").decode() == "Ü"


@pytest.mark.parametrize(
    "method", ["GET", "get", "POST", "Put", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND", "X-CUSTOM"]
)
def test_methods(pact: Pact, send, only, method: str) -> None:
    pact.upon_receiving("something").with_request(method, "/").will_respond_with(204)
    with pact.serve() as server:
        assert send(server, method.upper()).status == 204
    assert only(pact)["request"]["method"] == method.upper()


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\n", "GÉT", None, 3])
def test_methods_that_http_does_not_know_are_refused(pact: Pact, method: object) -> None:
    with pytest.raises(ValueError, match="method"):
        pact.upon_receiving("something").with_request(method, "/")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [101, 200, 204, 304, 404, 418, 503, 599])
def test_statuses(pact: Pact, send, status: int) -> None:
    asking(pact).will_respond_with(status)
    with pact.serve() as server:
        if status != 101:
            assert send(server).status == status
        else:
            assert send(server).status


@pytest.mark.parametrize("status", [0, -1, 99, 1000, 70000, "200", None, True, 200.5])
def test_statuses_that_cannot_be_served_are_refused(pact: Pact, status: object) -> None:
    with pytest.raises(ValueError, match="status"):
        asking(pact).will_respond_with(status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", "/"),
        ("/two words", "/two%20words"),
        ("/two%20words", "/two%20words"),
        ("/Ü/😀", "/%C3%9C/%F0%9F%98%80"),
        ("/a+b", "/a+b"),
        ("/a;b=c,d/@me/~x/$y/!z/(1)/'2'/*", "/a;b=c,d/@me/~x/$y/!z/(1)/'2'/*"),
        ("/100%", "/100%25"),
        ("/a//b/", "/a//b/"),
        ("/a%2Fb", "/a%2Fb"),
        ("/q%3F", "/q%3F"),
        ('/{"a":1}', "/%7B%22a%22:1%7D"),
        ("/[x]", "/%5Bx%5D"),
        ("/.hidden/..a", "/.hidden/..a"),
    ],
)
def test_paths_are_encoded_as_clients_send_them(pact: Pact, send, path: str, sent: str) -> None:
    pact.upon_receiving("something").with_request("GET", path).will_respond_with(200)
    with pact.serve() as server:
        assert send(server, "GET", sent).status == 200


@pytest.mark.parametrize("path", ["", "users", "/a#b", "http://x/y", "/a\0", "/a\r\nb", "/\ud800", None, 5])
def test_paths_that_cannot_be_requested_are_refused(pact: Pact, path: object) -> None:
    with pytest.raises(ValueError, match="path"):
        pact.upon_receiving("something").with_request("GET", path)  # type: ignore[arg-type]


def test_path_matchers(pact: Pact, send, only) -> None:
    pact.upon_receiving("something").with_request(
        "GET", match.regex("/users/1", regex=r"/users/\d+")
    ).will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", "/users/77").status == 200
        assert send(server, "GET", "/users/x").status == 500
    assert only(pact)["request"]["path"] == "/users/1"


@pytest.mark.parametrize("target", ["/other", "/users/", "/Users", "/users/1", "/"])
def test_another_path_is_unexpected(pact: Pact, send, target: str) -> None:
    pact.upon_receiving("something").with_request("GET", "/users").will_respond_with(200)
    with pact.serve(raises=False) as server:
        assert send(server, "GET", target).status == 500
        assert {mismatch.type for mismatch in server.mismatches} == {"RequestNotFound", "MissingRequest"}
