"""Every code block of the documentation is run."""

from __future__ import annotations

import shutil
import sys
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


def test_the_pages_of_other_tests_are_there() -> None:
    for page, test in ELSEWHERE.items():
        assert page in NAMES
        source = (ROOT / test).read_text(encoding="utf-8")
        assert Path(page).name in source or "reports.py" in source
