"""The table of defaults in the documentation is true, and has a line for each matcher and generator with a default."""

from __future__ import annotations

import inspect
import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from pact_ffi import generate, match
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.encoding import to_integration_json

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "matchers.md"
TABLE = PAGE.read_text(encoding="utf-8").partition("## Defaults")[2].partition("\n## ")[0]
LINES = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \| .+ \|$", TABLE, re.M)
REFUSED = re.findall(r"^\| `(.+?)` \| \| refused \| .+ \|$", TABLE, re.M)
NAMES = {"match": match, "generate": generate, "moment": datetime(2024, 1, 31, 10, 20, 30, 456789, timezone.utc)}


@pytest.mark.parametrize(("code", "example", "fields"), LINES)
def test_a_default_is_what_the_table_says(code: str, example: str, fields: str) -> None:
    encoded: dict[str, Any] = to_integration_json(eval(code, dict(NAMES)))
    assert encoded.pop("value") == json.loads(example)
    kinds = encoded.pop("pact:matcher:type")
    first = {"pact:matcher:type": kinds} if isinstance(kinds, str) else kinds[0]  # beside it may stand a second one
    shown = {"match": first["pact:matcher:type"], **encoded, **first}
    del shown["pact:matcher:type"]
    if code.startswith("generate."):
        del shown["match"]
    generator = shown.pop("pact:generator:type", None)
    assert {**shown, **({"generator": generator} if generator else {})} == json.loads(fields.replace(r"\|", "|"))


@pytest.mark.parametrize("code", REFUSED)
def test_what_has_no_default_is_refused(code: str) -> None:
    with pytest.raises(InvalidInputError):
        eval(code, dict(NAMES))


@pytest.mark.parametrize("module", [match, generate])
def test_everything_that_can_be_called_without_arguments_has_a_line(module: Any) -> None:
    shown = {code.partition("(")[0] for code in [*[line[0] for line in LINES], *REFUSED]}
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name in module.__all__ and function.__name__ == name and function.__module__ == module.__name__:
            try:
                inspect.signature(function).bind()
            except TypeError:
                continue
            if (module, name) != (match, "regex"):
                assert f"{module.__name__.rpartition('.')[2]}.{name}" in shown


def test_the_clock_does_not_change_the_rule() -> None:
    for microsecond in (0, 1, 999999):
        moment = datetime(2024, 1, 31, 10, 20, 30, microsecond, timezone.utc)
        assert match.datetime(moment).to_matching_rule()["format"] == "yyyy-MM-dd'T'HH:mm:ssZ"
        assert match.time(moment.time()).to_matching_rule()["format"] == "HH:mm:ss"
    fraction = match.datetime(moment, "%Y-%m-%dT%H:%M:%S.%f%z")
    assert fraction.to_matching_rule()["format"] == "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ"
