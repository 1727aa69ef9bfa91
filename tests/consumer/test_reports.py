"""What a person sees when a consumer is wrong: docs/when-it-fails.md to the letter, and what it must never show."""

from __future__ import annotations

import logging
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, match
from pact.error import MismatchesError

DOCS: Any = runpy.run_path(str(Path(__file__).parents[2] / "ci" / "reports.py"))
EXAMPLES = DOCS["examples"]()


def test_there_are_ten_typical_mistakes() -> None:
    assert [title.split(".")[0] for title, _, _ in EXAMPLES] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(("code", "text"), [pytest.param(code, text, id=title) for title, code, text in EXAMPLES])
def test_the_report_is_what_the_document_shows(code: str, text: str) -> None:
    assert text.strip()
    assert DOCS["report"](code) == text


def differing(pact: Pact, send) -> Any:
    """A server that saw a request with two differences."""
    interaction = pact.upon_receiving("a search").given("some users").with_request("POST", "/users")
    interaction.with_query_parameter("q", "x").with_body({"n": match.int(1)})
    with pact.serve(raises=False, verbose=False) as server:
        send(server, "POST", "/users?q=y", body={"n": "1"})
    return server


def test_the_interaction_is_named_with_its_states(pact: Pact, send) -> None:
    head = "POST /users differs from interaction 'a search [some users]' in 2 places:\n"
    assert differing(pact, send).report().startswith(head)


def test_place_expected_and_received_are_shown(pact: Pact, send) -> None:
    text = differing(pact, send).report()
    assert "  body $.n: " in text
    assert '    - expected: 1\n    + received: "1"' in text
    assert "  query q: " in text
    assert "    - expected: x\n    + received: y" in text


def test_the_report_is_plain_unless_colours_are_asked_for(pact: Pact, send) -> None:
    server = differing(pact, send)
    assert "\033" not in server.report()
    coloured = server.report(colour=True)
    assert re.sub("\033\\[\\d*m", "", coloured) == server.report()
    for line in coloured.splitlines():
        assert ("\033[31m" in line) == line.lstrip("\033[31m ").startswith("- ")
        assert ("\033[32m" in line) == line.lstrip("\033[32m ").startswith("+ ")
        assert line.count("\033[0m") == line.count("\033[") / 2


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"), [(True, None, True), (True, "1", False), (False, None, False)]
)
def test_the_exception_is_coloured_on_a_terminal(
    pact: Pact, send, monkeypatch: pytest.MonkeyPatch, terminal: bool, no_color: str | None, coloured: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    pact.upon_receiving("a search").with_request("GET", "/users").with_header("X", "1")
    with pytest.raises(MismatchesError) as caught, pact.serve(verbose=False) as server:
        send(server, "GET", "/users", {"X": "2"})
    assert ("\033[" in str(caught.value)) is coloured


def test_the_log_record_and_the_exception_say_the_same(pact: Pact, caplog: pytest.LogCaptureFixture) -> None:
    pact.upon_receiving("a search").with_request("GET", "/users")
    with caplog.at_level(logging.ERROR), pytest.raises(MismatchesError) as caught, pact.serve():
        pass
    (record,) = [each for each in caplog.records if each.name == "pact.pact"]
    assert record.getMessage() == f"Mismatches:\n{caught.value}"


def test_two_interactions_with_one_path_are_told_apart(pact: Pact, send) -> None:
    for kind in ("cat", "dog"):
        pact.upon_receiving(f"a new {kind}").with_request("POST", "/pets").with_body({"kind": kind, "name": "Tom"})
    with pact.serve(raises=False, verbose=False) as server:
        send(server, "POST", "/pets", body={"kind": "dog", "name": "Rex"})
    text = server.report()
    assert "differs from interaction 'a new dog'" in text
    assert "Interaction 'a new cat' was never called" in text


def test_an_unexpected_request_shows_its_query_and_body(pact: Pact, send) -> None:
    pact.upon_receiving("a search").with_request("GET", "/users")
    with pact.serve(raises=False, verbose=False) as server:
        send(server, "PUT", "/elsewhere?a=1&b=2", {"Content-Type": "text/plain"}, "the body")
    text = server.report()
    assert text.startswith("PUT /elsewhere?a=1&b=2 was not expected; nearest: 'a search' expects GET /users\n")
    assert "  with the body: the body" in text


def test_long_values_are_cut(pact: Pact, send) -> None:
    pact.upon_receiving("a text").with_request("POST", "/").with_body("x" * 100_000, "text/plain")
    with pact.serve(raises=False, verbose=False) as server:
        send(server, "POST", "/", {"Content-Type": "text/plain"}, "y" * 100_000)
    assert len(server.report()) < 5_000
    assert "... (" in server.report()


def test_control_characters_do_not_reach_the_terminal(pact: Pact, send) -> None:
    pact.upon_receiving("a blob").with_request("POST", "/").with_binary_body(b"\0\1\2", "application/octet-stream")
    with pact.serve(raises=False, verbose=False) as server:
        send(server, "POST", "/", {"Content-Type": "application/octet-stream"}, b"\0\x1b[31m\x07")
        send(server, "POST", "/else", {"Content-Type": "text/plain"}, b"\x1b[31m")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", server.report())


@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"])
@pytest.mark.parametrize("sent", [None, "Bearer wrong-s3cret"])
def test_secrets_do_not_appear(pact: Pact, send, caplog: pytest.LogCaptureFixture, name: str, sent: str | None) -> None:
    pact.upon_receiving("a search").with_request("GET", "/users").with_header(name, "Bearer right-s3cret")
    with caplog.at_level(logging.DEBUG), pytest.raises(MismatchesError) as caught, pact.serve() as server:
        send(server, "GET", "/users", {name: sent} if sent else {})
    for text in (str(caught.value), repr(caught.value), server.report(), caplog.text):
        assert name in text
        assert "s3cret" not in text
