from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pact_broker import StandInBroker

PactWriter = Callable[..., Path]
REST = {"request": {"method": "GET", "path": "/"}, "response": {"status": 200}}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    prefixes = ("PACT_", "GITHUB_", "CI_", "GIT_", "BUILD", "CIRCLE_", "TRAVIS_")
    for name in [name for name in os.environ if name.startswith(prefixes) or name.lower().endswith("_proxy")]:
        if name != "PACT_FFI_LIBRARY":
            monkeypatch.delenv(name)


@pytest.fixture
def broker() -> Iterator[StandInBroker]:
    with StandInBroker() as running:
        yield running


@pytest.fixture
def write_pact(tmp_path: Path) -> PactWriter:
    def write(consumer: str = "Foo", provider: str = "Bar", *, folder: str = "pacts", description: str = "a") -> Path:
        pact = {"consumer": {"name": consumer}, "provider": {"name": provider}}
        path = tmp_path / folder / f"{consumer}-{provider}.json".replace("/", "_").replace("?", "_")
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**pact, "interactions": [{"description": description, **REST}]}))
        return path

    return write
