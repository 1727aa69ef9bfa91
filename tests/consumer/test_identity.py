"""What makes two interactions of a pact the same one, and what makes them contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, match
from pact.pact import HttpInteraction
from pact_ffi import PactWarning
from pact_ffi.errors import InvalidInputError, PactConflictError

Say = Callable[[HttpInteraction], Any]


def body(value: Any, kind: str | None = None) -> Say:
    return lambda i: i.with_body(value, kind)


def header(*values: str, name: str = "X-List") -> Say:
    return lambda i: [i.with_header(name, value) for value in values]


def query(**parameters: Any) -> Say:
    return lambda i: i.with_query_parameters(parameters)


SAME: dict[str, tuple[Say, Say]] = {
    "members in another order": (body({"a": 1, "b": {"c": 2, "d": 3}}), body({"b": {"d": 3, "c": 2}, "a": 1})),
    "matchers in another order": (
        body({"a": match.int(1), "b": match.like("x")}), body({"b": match.like("x"), "a": match.int(1)}),
    ),
    "text of JSON in another order": (
        body('{"a": 1, "b": 2}', "application/json"), body('{"b":2,"a":1}', "application/json"),
    ),
    "header values joined or apart": (header("a, b"), header("a", "b")),
    "the case of a header": (header("a"), header("a", name="x-list")),
    "the order of headers": (
        lambda i: i.with_headers({"A": "1", "B": "2"}), lambda i: i.with_headers({"B": "2", "A": "1"}),
    ),
    "the order of query parameters": (query(a="1", b="2"), query(b="2", a="1")),
}  # fmt: skip
DIFFERENT: dict[str, tuple[Say, Say]] = {
    "1 and true": (body({"a": 1}), body({"a": True})),
    "1 and 1.0": (body({"a": 1}), body({"a": 1.0})),
    "true and 1.0": (body([True]), body([1.0])),
    "1 and text": (body([1]), body(["1"])),
    "null and missing": (body({"a": None}), body({})),
    "null and empty": (body([None]), body([])),
    "empty and no body": (body("", "text/plain"), body(None)),
    "an empty object and no body": (body({}), body(None)),
    "items in another order": (body([1, 2]), body([2, 1])),
    "header values in another order": (header("a", "b"), header("b", "a")),
    "cookies joined or apart": (header("a=1, b=2", name="Set-Cookie"), header("a=1", "b=2", name="Set-Cookie")),
    "a value with and without its rule": (body({"a": 1}), body({"a": match.int(1)})),
    "query values in another order": (query(a=["1", "2"]), query(a=["2", "1"])),
}


@pytest.mark.parametrize("side", ["Request", "Response"])
@pytest.mark.parametrize("says", SAME.values(), ids=list(SAME))
def test_the_same_said_otherwise_is_one(says: tuple[Say, Say], side: str, tmp_path: Path, recwarn) -> None:
    pact = Pact("c", "p")
    for say in says:
        interaction = pact.upon_receiving("a").given("s", {"x": 1, "y": 2}).with_request("POST", "/")
        say(interaction) if side == "Request" else None
        interaction.will_respond_with(200)
        say(interaction) if side == "Response" else None
    with pact.serve(raises=False):
        pass
    pact.write_file(tmp_path)
    for say in says:  # the same again from pacts of their own
        pact = Pact("c", "p")
        interaction = pact.upon_receiving("a").given("s", {"x": 1, "y": 2}).with_request("POST", "/")
        say(interaction) if side == "Request" else None
        interaction.will_respond_with(200)
        say(interaction) if side == "Response" else None
        pact.write_file(tmp_path)
    assert not recwarn.list


@pytest.mark.parametrize("says", DIFFERENT.values(), ids=list(DIFFERENT))
def test_what_differs_under_one_description_contradicts(says: tuple[Say, Say], tmp_path: Path) -> None:
    pact = Pact("c", "p")
    for say in says:
        interaction = pact.upon_receiving("a").with_request("POST", "/")
        say(interaction)
        interaction.will_respond_with(200)
    with pytest.raises(PactConflictError, match="two different contents for one interaction"):
        pact.write_file(tmp_path)


@pytest.mark.parametrize("name", [name for name in DIFFERENT if "query" not in name])
def test_responses_that_differ_to_one_request_are_refused(name: str) -> None:
    pact = Pact("c", "p")
    for description, say in zip("ab", DIFFERENT[name], strict=True):
        interaction = pact.upon_receiving(description).with_request("POST", "/").will_respond_with(200)
        say(interaction)
    with pytest.raises(InvalidInputError, match="have the same request but different responses"):
        pact.serve().start()


def test_the_same_request_and_response_under_two_names_is_told() -> None:
    pact = Pact("c", "p")
    for description, values in (("a", {"x": 1, "y": 2}), ("b", {"y": 2, "x": 1})):
        pact.upon_receiving(description).with_request("POST", "/", body=values).will_respond_with(200)
    with pytest.warns(PactWarning, match="'a' and 'b' are served as one") as told, pact.serve(raises=False):
        pass
    assert told[0].filename == __file__


def test_states_with_parameters_in_another_order_are_the_same(tmp_path: Path) -> None:
    pact = Pact("c", "p")
    for values in ({"x": 1, "y": 2}, {"y": 2, "x": 1}):
        pact.upon_receiving("a").given("s", values).with_request("GET", "/").will_respond_with(200)
    pact.write_file(tmp_path)
    for values in ({"x": True, "y": 2}, {"x": 1.0, "y": 2}):
        pact.upon_receiving("a").given("s", values).with_request("GET", "/other").will_respond_with(200)
    pact.write_file(tmp_path)


def test_one_call_says_the_whole_request_and_the_whole_response(send, tmp_path: Path) -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("a").with_request(
        "POST",
        "/orders?dry=1",
        headers={"X-A": "1", "Content-Type": "application/json"},
        query={"n": ["1", "2"]},
        body={"id": match.int(1)},
    ).will_respond_with(201, headers=[("X-B", match.regex("2", regex=r"\d")), ("X-B", "3")], body={"ok": True})
    with pact.serve() as server:
        answer = send(
            server, "POST", "/orders?dry=1&n=1&n=2", {"X-A": "1", "Content-Type": "application/json"}, '{"id": 7}'
        )
    assert (answer.status, answer.json(), answer.header("X-B")) == (201, {"ok": True}, "2, 3")
