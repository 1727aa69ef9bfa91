"""The benchmarks compare like with like."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import measure  # noqa: E402
import order  # noqa: E402


def interactions(script: str, folder: Path) -> list[dict[str, Any]]:
    """What three tests of a benchmark's script leave in the pact file."""
    subprocess.run([sys.executable, str(BENCHMARKS / script), "suite", str(folder), "3"], check=True, timeout=60)
    written = json.loads((folder / "bench-consumer-bench-provider.json").read_text("utf-8"))["interactions"]
    return sorted(written, key=lambda interaction: str(interaction["description"]))


def first_rules(side: dict[str, Any]) -> dict[str, Any]:
    """The matchers of the body, without what we write beside those that the core reads too leniently."""
    return {path: rules["matchers"][0] for path, rules in side["matchingRules"]["body"].items()}


def test_the_raw_library_and_our_matchers_describe_the_same_contract(tmp_path):
    for name in ("raw", "ours"):
        (tmp_path / name).mkdir()
    raw = interactions("floor.py", tmp_path / "raw")
    ours = interactions("tasks.py", tmp_path / "ours")
    assert [each["description"] for each in raw] == ["request 0000", "request 0001", "request 0002"]
    for ours_of, raw_of in zip(ours, raw, strict=True):
        for side in ("request", "response"):
            assert ours_of[side]["body"] == raw_of[side]["body"]
            assert first_rules(ours_of[side]) == first_rules(raw_of[side])
        assert ours_of["providerStates"] == raw_of["providerStates"]


def test_the_body_varies_from_test_to_test(tmp_path):
    bodies = [each["response"]["body"]["content"] for each in interactions("tasks.py", tmp_path)]
    assert [body["id"] for body in bodies] == [0, 1, 2]
    assert len(bodies[0]) == 17 + 3


def test_the_body_has_twenty_five_fields():
    def leaves(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        return sum(map(leaves, inner)) if isinstance(value, (dict, list)) else 1

    assert leaves(order.example(1)) == 25


@pytest.mark.parametrize(
    ("theirs", "ours", "reach", "verdict"),
    [(30.0, 1.0, 1 / 30, "met"), (29.0, 1.0, 1 / 30, "missed"), (1.0, 1.16, 1.15, "missed"), (1.0, 9.0, None, "")],
)
def test_a_figure_tells_whether_its_reach_is_met(theirs, ours, reach, verdict):
    assert measure.Figure("work", "somebody", theirs, ours, reach).verdict == verdict
