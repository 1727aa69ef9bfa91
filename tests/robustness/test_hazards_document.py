"""docs/project/hazards.md names a test for each hazard, and all of them exist."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DOCUMENT = ROOT / "docs" / "project" / "hazards.md"
ROWS = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d+\.\d+ ", line)]
CASES: list[str] = runpy.run_path(str(HERE / "test_hostile_inputs.py"))["NAMES"]


@pytest.fixture(scope="module")
def known() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    return {*CASES, *(name for text in texts for name in re.findall(r"def (test_\w+)", text))}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split(" ")[1])
def test_the_tests_of_a_hazard_exist(row: str, known: Any) -> None:
    cells = [cell.strip() for cell in row.strip().strip("|").split(" | ")]
    assert len(cells) == 4
    named = re.findall(r"`(\w+)`", cells[3])
    assert named
    assert [name for name in named if name not in known] == []


def test_no_hazard_is_forgotten() -> None:
    numbers = [row.split(" ")[1] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert {number.partition(".")[0] for number in numbers} >= {str(section) for section in range(1, 11)}
