"""The architecture page names what is there."""

from __future__ import annotations

import re
from pathlib import Path

from .pages import ROOT

TEXT = (ROOT / "docs" / "project" / "architecture.md").read_text(encoding="utf-8")
NOT_ROOMS = {"__init__", "__main__", "__pycache__", "py"}


def test_the_rooms_listed_are_the_rooms_there() -> None:
    table = TEXT.partition("## The rooms")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?) \|", table, re.M)
    listed = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    there = {path.name.partition(".")[0] for path in (ROOT / "pact_ffi").iterdir()} - NOT_ROOMS
    assert sorted(listed) == sorted(there)


def test_the_order_is_that_of_the_layers() -> None:
    import_linter = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2].partition("]")[0]
    layers = [line for line in re.findall(r'"(.+?)"', import_linter) if "pact_ffi" in line]
    order = [name for line in layers for name in re.findall(r"pact_ffi\.(\w+)", line) if name != "__main__"]
    table = TEXT.partition("## The rooms")[2]
    positions = [table.index(f"`{name}`") for name in order]
    assert positions == sorted(positions)


def test_the_folders_of_tests_are_there() -> None:
    for name in re.findall(r"`(tests/\w+)`", TEXT):
        assert (ROOT / name).is_dir(), name


def test_each_file_that_the_documents_name_is_there() -> None:
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", ROOT / "ci" / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        (page.name, name)
        for page in pages
        for name in re.findall(r"`((?:ci|tests|vendor|benchmarks|pact_ffi|docs)/[\w./-]+)`", page.read_text("utf-8"))
    }
    missing = sorted((page, name) for page, name in named if not (ROOT / name).exists())
    assert not missing
    assert len(named) > 20


def test_links_of_the_root_s_pages_lead_somewhere() -> None:
    for page in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "examples").rglob("README.md"),
    ):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if not re.match(r"https?://", target):
                assert (Path(page).parent / target).exists(), f"{page.name}: {target}"


def test_every_command_below_ci_is_explained() -> None:
    text = (ROOT / "ci" / "README.md").read_text(encoding="utf-8")
    helpers = {
        "README.md",
        "build_wheels.py",
        "check_wheels.py",
        "docs_hooks.py",
        "docs_griffe.py",
        "docs_pictures.py",
        "environment.sh",
        "debian.sh",
    }
    names = {path.name for path in (ROOT / "ci").iterdir() if path.is_file()} - helpers
    assert [name for name in sorted(names) if f"ci/{name}" not in text] == []
