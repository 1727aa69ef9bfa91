"""The table of names and tests is complete, true, and in the documents."""

from __future__ import annotations

import ast
import functools
import importlib
import runpy
from pathlib import Path
from typing import Any

import pytest
from platforms import needs_posix

ROOT = Path(__file__).parents[2]
NAMES: dict[str, dict[str, str]] = runpy.run_path(str(Path(__file__).parent / "api_names.py"))["NAMES"]
DOCS: Any = runpy.run_path(str(ROOT / "ci" / "reports.py"))


@functools.cache
def sources(file: str) -> dict[str, str]:
    """The text of each test of a file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(("name", "test"), [each for names in NAMES.values() for each in names.items()])
def test_the_test_exists(name: str, test: str) -> None:
    file, _, function = test.partition("::")
    assert function in sources(file)
    last = name.rpartition(".")[2]
    if not last.startswith("__"):
        assert last in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "prefix"),
    [
        ("pact.match", "match."),
        ("pact.generate", "generate."),
    ],
)
def test_every_function_of_the_module_is_listed_or_a_second_name(module: str, prefix: str) -> None:
    found = importlib.import_module(module)
    listed = {name for names in NAMES.values() for name in names}
    functions = {
        getattr(found, name.removeprefix(prefix)) for name in listed if name.startswith(prefix) and name.count(".") == 1
    }
    missing = [
        name
        for name in found.__all__
        if callable(getattr(found, name))
        and not isinstance(getattr(found, name), type)
        and getattr(found, name) not in functions
    ]
    assert missing == []


def _public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_every_public_member_of_the_modern_classes_is_listed() -> None:
    from pact.pact import AsyncMessageInteraction, HttpInteraction, PactServer, SyncMessageInteraction
    from pact_ffi.consumer.pact import Pact

    listed = {name for names in NAMES.values() for name in names}
    lasts = {name.rpartition(".")[2] for name in listed}
    engine = {"build", "text", "write", "put", "default_path", "close"}  # what the classic API and pytest work with
    plugins = {"using_plugin", "with_plugin_contents"}  # these have tests of their own
    extra = engine | plugins | {"description", "kind", "title", "method", "path", "start", "stop"}
    for kind in (Pact, PactServer, HttpInteraction, AsyncMessageInteraction, SyncMessageInteraction):
        assert _public(kind) - lasts - extra == set()


@needs_posix
@pytest.mark.parametrize("path", list(DOCS["DOCUMENTS"]), ids=lambda path: path.name)
def test_the_documents_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCS["DOCUMENTS"][path]()
