"""The examples in docstrings run, and every public name has a docstring."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import pact
import pact_ffi

NAMES = {name: getattr(pact_ffi, name) for name in pact_ffi.__all__}
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


def modules() -> list[str]:
    """Every module of both packages but the generated one and the one that runs when it is imported."""
    found = [
        each.name
        for package in (pact_ffi, pact)
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return ["pact_ffi", "pact", *(name for name in found if not name.endswith(("._cffi", ".__main__")))]


def examples() -> list[doctest.DocTest]:
    """Every docstring with an example."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    globs = {**NAMES, "pact": pact_ffi.Pact("consumer", "provider")}
    found = [test for name in modules() for test in finder.find(importlib.import_module(name), name, extraglobs=globs)]
    return [test for test in found if test.examples]


@pytest.mark.parametrize("test", examples(), ids=lambda test: test.name)
def test_an_example_runs(test: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=said.append)
    assert not said, "".join(said)


def ours(value: object) -> bool:
    """Whether a member of a class was written here."""
    return isinstance(value, property) or str(getattr(value, "__module__", "")).startswith("pact")


def test_every_public_name_has_a_docstring() -> None:
    named = dict(NAMES)
    for name, thing in NAMES.items():
        if inspect.isclass(thing):
            members = inspect.getmembers(thing, ours)
            named |= {f"{name}.{member}": value for member, value in members if not member.startswith("_")}
    for module in (pact_ffi.match, pact_ffi.generate):
        named |= {f"{module.__name__}.{name}": getattr(module, name) for name in module.__all__}
    assert len(named) > 150
    assert [name for name, thing in named.items() if not inspect.getdoc(thing)] == []
