"""The examples in the docstrings of what users import do what they say; each public function has one."""

from __future__ import annotations

import doctest
import inspect
from types import ModuleType

import pytest

from pact_ffi import Pact, generate, match, xml
from pact_ffi.match import moments, scalars, structures

MODULES = [scalars, moments, structures, generate, xml]
NAMES = {"match": match, "generate": generate, "xml": xml}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_do_what_they_say(module: ModuleType) -> None:
    result = doctest.testmod(module, extraglobs={**NAMES, "pact": Pact("consumer", "provider")})
    assert result.failed == 0
    assert result.attempted >= 3


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(function, id=f"{module.__name__}.{name}")
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__ and name != "uuid_format"
    ],
)
def test_a_docstring_tells_arguments_result_and_errors(function: object) -> None:
    text = inspect.getdoc(function) or ""
    assert "Returns:" in text
    assert ">>>" in text
    if inspect.signature(function).parameters:  # type: ignore[arg-type]
        assert "Args:" in text
        assert "Raises:" in text
