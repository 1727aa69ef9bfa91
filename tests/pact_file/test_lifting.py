"""What an older file says is the same when a pact of a newer version was merged into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, match, xml
from pact.pact import AsyncMessageInteraction, HttpInteraction

PARTIES = "consumer", "provider"
HTTP: dict[str, Callable[[HttpInteraction], object]] = {
    "nothing": lambda i: i,
    "an object": lambda i: i.with_body({"a": 1, "b": [True, None, "ü"]}),
    "a list": lambda i: i.with_body([1, 2]),
    "a number": lambda i: i.with_body(5),
    "a text of JSON": lambda i: i.with_body('"x"', "application/json"),
    "matchers": lambda i: i.with_body({"a": match.like(1), "b": match.regex("x", regex="[a-z]")}),
    "a kind of JSON": lambda i: i.with_body({"a": 1}, "application/vnd.x+json"),
    "a charset": lambda i: i.with_body({"a": 1}, "application/json; charset=utf-8"),
    "text": lambda i: i.with_body("hello"),
    "text with a charset": lambda i: i.with_body("hellö", "text/plain; charset=utf-8"),
    "XML": lambda i: i.with_body("<a>1</a>", "application/xml"),
    "XML with matchers": lambda i: i.with_body(xml.body(xml.element("a", match.like("1"))), "application/xml"),
    "a form": lambda i: i.with_body("a=1&b=2", "application/x-www-form-urlencoded"),
    "an image": lambda i: i.with_binary_body(b"\x89PNG\r\n\x1a\n", "image/png"),
    "bytes": lambda i: i.with_binary_body(b"\x00\xff"),
    "an empty body": lambda i: i.with_body(""),
    "headers": lambda i: i.with_header("X", "1").with_header("Accept-Language", "de, en;q=0.5"),
}
MESSAGES: dict[str, Callable[[AsyncMessageInteraction], object]] = {
    "an object": lambda i: i.with_body({"a": match.like(1)}),
    "text": lambda i: i.with_body("hello"),
    "bytes": lambda i: i.with_binary_body(b"\x00\xff"),
    "metadata": lambda i: i.with_body({"a": 1}).with_metadata({"key": "k", "number": 1}),
}


def written(folder: Path, *pacts: Pact) -> Any:
    for pact in pacts:
        pact.write_file(folder)
    items = json.loads((folder / "consumer-provider.json").read_text(encoding="utf-8"))["interactions"]
    return next(item for item in items if item["description"] == "old")


def one(version: str, description: str, describe: Any = None, kind: Any = "HTTP") -> Pact:
    pact = Pact(*PARTIES).with_specification(version)
    interaction: Any = pact.upon_receiving(description, kind).given("a state")
    if kind == "HTTP":
        interaction.with_request("POST", "/a", query={"q": ["1", "2"]})
        if describe:
            describe(interaction)
        interaction.will_respond_with(200)
    if describe:
        describe(interaction)
    return pact


@pytest.mark.filterwarnings("ignore::pact_ffi.PactWarning")
@pytest.mark.parametrize("version", ["V2", "V3"])
@pytest.mark.parametrize("describe", HTTP.values(), ids=list(HTTP))
def test_an_interaction_is_lifted_as_if_it_were_written_anew(describe: Any, version: str, tmp_path: Path) -> None:
    lifted = written(tmp_path / "lifted", one(version, "old", describe), one("V4", "new"))
    assert lifted == written(tmp_path / "anew", one("V4", "old", describe))


@pytest.mark.parametrize("describe", MESSAGES.values(), ids=list(MESSAGES))
def test_a_message_is_lifted_as_if_it_were_written_anew(describe: Any, tmp_path: Path) -> None:
    lifted = written(tmp_path / "lifted", one("V3", "old", describe, "Async"), one("V4", "new"))
    assert lifted == written(tmp_path / "anew", one("V4", "old", describe, "Async"))
