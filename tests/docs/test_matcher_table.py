"""The table of matchers: each line is run, and each matcher has one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests

from pact import Pact, generate, match
from pact.error import PactError

from .pages import ROOT

TEXT = (ROOT / "docs" / "reference" / "matchers.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| `(match\..+?)` \| (.*?) ?\| `(.+?)` \| `(.+?)` \| `(.+?)` \| (V\d) \|$", TEXT, re.M)
FORMATS = re.findall(r"^\| `(match\..+?)` \| `(.+?)` \|$", TEXT, re.M)


def status(code: str, sent: str, version: str = "V4") -> int:
    """What the mock server answers to a request with this body."""
    pact = Pact("consumer", "provider").with_specification(version)
    interaction = pact.upon_receiving("it").with_request("POST", "/").with_body({"it": eval(code, {"match": match})})
    interaction.will_respond_with(200)
    with pact.serve("127.0.0.1", raises=False, verbose=False) as server:
        return requests.post(f"{server.url}", json={"it": json.loads(sent)}, timeout=5).status_code


@pytest.mark.parametrize(
    ("code", "sends", "accepts", "refuses", "version"), [(a, c, d, e, f) for a, _, c, d, e, f in LINES]
)
def test_each_line_is_true(code: str, sends: str, accepts: str, refuses: str, version: str) -> None:
    assert status(code, sends, version) == 200
    assert status(code, accepts, version) == 200
    assert status(code, refuses, version) == 500


@pytest.mark.parametrize(("code", "before"), [(a, f"V{int(f[1]) - 1}") for a, _, _, _, _, f in LINES])
def test_the_version_before_cannot_express_it(code: str, before: str) -> None:
    with pytest.raises(PactError):
        status(code, "1", before)


@pytest.mark.parametrize(("code", "accepts"), FORMATS)
def test_formats(code: str, accepts: str) -> None:
    assert status(code, accepts) == 200
    assert status(code, '"none of it"') == 500


def test_every_matcher_has_a_line() -> None:
    shown = {re.match(r"match\.(\w+)", code)[1] for code, *_ in (*LINES, *FORMATS)}  # type: ignore[index]
    shown |= {name for _, others, *_ in LINES for name in re.findall(r"`(\w+)`", others)}
    functions = {name for name in match.__all__ if callable(getattr(match, name)) and name.islower()}
    assert functions - shown == {"content_type"}, "and content_type is for whole bodies"
    assert generate.__all__


def test_what_it_sends_is_its_example() -> None:
    for code, _, sends, *_ in LINES:
        pact: Any = Pact("consumer", "provider")
        pact.upon_receiving("it").with_request("GET", "/").will_respond_with(200).with_body(
            {"it": eval(code, {"match": match})}
        )
        with pact.serve("127.0.0.1") as server:
            assert requests.get(f"{server.url}", timeout=5).json()["it"] == json.loads(sends), code
