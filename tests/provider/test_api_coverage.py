"""The provider's table of names and tests is complete and true."""

from __future__ import annotations

import ast
import functools
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.broker.selectors import BrokerSelectorBuilder
from pact_ffi.classic.message_provider import MessageProvider
from pact_ffi.classic.verifier import Options
from pact_ffi.classic.verifier import Verifier as Classic
from pact_ffi.provider.verifier import Verifier

from .api_names import NAMES

ROOT = Path(__file__).parents[2]
PAIRS = [each for names in NAMES.values() for each in names.items()]


@functools.cache
def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("name", "test"), PAIRS)
def test_the_test_exists_and_names_it(name: str, test: str) -> None:
    file, _, function = test.partition("::")
    assert function in functions(file)
    last = name.rpartition(".")[2]
    assert last.startswith("__") or last in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "inner"),
    [
        (Verifier, set()),
        (BrokerSelectorBuilder, {"values"}),
        (Classic, {"provider", "provider_base_url"}),
        (MessageProvider, {"provider", "consumer"}),
    ],
)
def test_every_public_member_is_listed(kind: type[Any], inner: set[str]) -> None:
    listed = {name.rpartition(".")[2] for name, _ in PAIRS}
    assert {name for name in dir(kind) if not name.startswith("_")} - listed - inner == set()


def test_every_classic_option_is_listed() -> None:
    assert {f"Verifier.{option.name}" for option in fields(Options)} <= set(dict(PAIRS))
