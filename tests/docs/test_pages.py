"""Every code block of the documentation is run."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from .pages import BLOCK, ROOT, Reader, blocks

# Pages whose blocks another test runs.
ELSEWHERE = {
    "docs/pytest.md": "tests/pytest_plugin/test_documentation.py",
    "docs/when-it-fails.md": "tests/consumer/test_reports.py",
    "docs/when-a-provider-fails.md": "tests/provider/test_reports.py",
    "docs/broker.md": "tests/cli/test_pipeline.py",
    "examples/ci/README.md": "tests/cli/test_pipeline.py",
    "examples/polyglot/README.md": "tests/peers/test_polyglot_example.py",
}
# Data that is not a file which a command of its page reads: it is parsed, not run.
ONLY_PARSED = {
    "docs/how-to/plugins.md": 1,  # a gRPC call: the plugin for Protobuf is not on a package index
}
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")})
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The reader's folder is the current one, and Python finds the modules in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_a_reader_gets_what_the_page_says(name: str, folder: Path) -> None:
    if Path(name).parent.parent == Path("examples"):
        shutil.copytree((ROOT / name).parent, folder, dirs_exist_ok=True)
    Reader(ROOT / name, folder).read()


@pytest.mark.parametrize("name", NAMES)
def test_no_block_escapes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    fences = [line for line in text.splitlines() if line.strip().startswith("```")]
    seen = [block for block in blocks(ROOT / name) if block.language not in ("file",)]
    hidden = sum(bool(found["python"]) for found in BLOCK.finditer(text))
    assert len(fences) == 2 * (len(seen) - hidden), f"{name}: a fence is not closed, or has no language"


def test_what_is_only_parsed_is_listed() -> None:
    data = {name: sum(block.is_data for block in blocks(ROOT / name)) for name in NAMES}
    assert {name: count for name, count in data.items() if count} == ONLY_PARSED


def test_every_block_is_run() -> None:
    kinds = Counter(
        "elsewhere" if name in ELSEWHERE else "parsed" if block.is_data else "run"
        for name in NAMES
        for block in blocks(ROOT / name)
    )
    print(f"{len(NAMES)} pages with {sum(kinds.values())} blocks: {dict(kinds)}")  # `pytest -rP` shows it
    assert kinds["run"] > 80
    assert kinds["elsewhere"] > 60


def test_the_pages_of_other_tests_are_there() -> None:
    for page, test in ELSEWHERE.items():
        assert page in NAMES
        source = (ROOT / test).read_text(encoding="utf-8")
        assert Path(page).name in source or "reports.py" in source
