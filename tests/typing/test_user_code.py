"""What type checkers say of natural user code, and of mistakes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, str]]:
    """mypy's errors: file name -> line -> text."""
    cache = tmp_path_factory.getbasetemp().parent / "mypy-user-code"  # kept between runs, for it is slow to fill
    before = Path.cwd()
    os.chdir(HERE)
    try:
        arguments = ["--strict", "--config-file=", f"--cache-dir={cache}", "--no-error-summary", "--no-pretty"]
        os.environ["MYPYPATH"] = str(ROOT)
        out, err, _ = api.run([*arguments, "modern.py", "classic.py", "wrong.py"])
    finally:
        os.environ.pop("MYPYPATH", None)
        os.chdir(before)
    assert err == ""
    found: dict[str, dict[int, str]] = {}
    for file, line, text in re.findall(r"^(.+?):(\d+): error: (.*)$", out, re.M):
        found.setdefault(Path(file).name, {})[int(line)] = text
    return found


@pytest.mark.parametrize("name", ["modern.py", "classic.py"])
def test_natural_code_is_accepted(errors: dict[str, dict[int, str]], name: str) -> None:
    assert errors.get(name, {}) == {}


def test_mistakes_are_found(errors: dict[str, dict[int, str]]) -> None:
    lines = (HERE / "wrong.py").read_text().splitlines()
    expected = {number for number, line in enumerate(lines, 1) if line.endswith("# error")}
    assert set(errors.get("wrong.py", {})) == expected


def test_the_packages_say_that_they_are_typed() -> None:
    import pact
    import pact_ffi

    for package in (pact, pact_ffi):
        assert (Path(package.__path__[0]) / "py.typed").exists()
