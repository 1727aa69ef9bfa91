"""What `ci/docs` would refuse, as far as that can be seen without building the site."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .pages import ROOT

DOCS = ROOT / "docs"
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
REFERENCES = [
    (page.name, name)
    for page in sorted((DOCS / "reference").glob("*.md"))
    for name in re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), re.M)
]


def named(name: str) -> Any:
    """The object of a dotted name."""
    module, rest = name, []
    while True:
        try:
            found: Any = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest = [last, *rest]
    for part in rest:
        found = getattr(found, part)
    return found


@pytest.mark.parametrize(("page", "name"), REFERENCES)
def test_what_the_reference_shows_is_there_and_documented(page: str, name: str) -> None:
    assert named(name).__doc__


def test_each_page_is_in_the_navigation() -> None:
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    assert pages == set(re.findall(r": (\S+\.md)$", NAV, re.M))


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not re.match(r"https?://", target):
                assert (Path(page).parent / target).exists(), f"{page.relative_to(DOCS)}: {target}"


def test_every_command_is_on_the_page_of_commands() -> None:
    hooks: Any = runpy.run_path(str(ROOT / "ci" / "docs_hooks.py"))
    names = [name for name, _ in hooks["helps"]()]
    assert len(names) > 5
    text = "".join(hooks["help_texts"]())
    assert all(f"## {name}" in text for name in names)
    assert hooks["HELP"] in (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")


def test_the_repository_s_address_is_in_one_place() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    address = re.findall(r'^Source = "(.+)"$', project, re.M)[0]
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    texts = [ROOT / name for name in listed if name.endswith((".md", ".yml", ".toml", ".py", ".cfg", ".html"))]
    assert [str(path.relative_to(ROOT)) for path in texts if address in path.read_text("utf-8")] == ["pyproject.toml"]


def test_the_package_index_gets_links_that_lead_into_the_repository() -> None:
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "description"]
    names: dict[str, Any] = {"re": re, "ROOT": ROOT}
    exec(compile(ast.Module(functions, []), "setup.py", "exec"), names)
    targets = re.findall(r"\]\(([^)]+)\)", names["description"]())
    assert len(targets) > 10
    assert [target for target in targets if not target.startswith("https://")] == []
