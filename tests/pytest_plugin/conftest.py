"""Suites of a user, run by a pytest of their own."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pact_broker import StandInBroker

ROOT = Path(__file__).resolve().parents[2]
_ENTRY_POINT = "[pytest11]\npact_ffi = pact_ffi.pytest_plugin\n"

CONSUMER = '''
import http.client
import json

import pytest

pytestmark = pytest.mark.pact(consumer="billing-service", provider="customer-service")


def get(server, path, **headers):
    """The consumer's code: the status and the JSON that it gets."""
    connection = http.client.HTTPConnection("localhost", server.port)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or "null")
    finally:
        connection.close()


def customer(pact, number):
    """The consumer's contract: customers have their number as id."""
    request = pact.upon_receiving(f"a request for customer {number}").given(f"customer {number} exists")
    request.with_request("GET", f"/customers/{number}").will_respond_with(200).with_body({"id": number})
'''


class Suite:
    """Test files in a folder of their own, and the pact files that running them leaves."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path

    def file(self, name: str, code: str, *, consumer: bool = True) -> None:
        """Write a test file; ``consumer`` puts what a consumer's tests share on top."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text((CONSUMER if consumer else "") + textwrap.dedent(code), encoding="utf-8")

    def pact(
        self,
        *interactions: Any,
        consumer: str = "BillingService",
        provider: str = "CustomerService",
        file: str = "{consumer}-{provider}",
    ) -> None:
        """Write a pact file into ``pacts``."""
        document = {
            "consumer": {"name": consumer},
            "provider": {"name": provider},
            "interactions": interactions,
            "metadata": {"pactSpecification": {"version": "4.0"}},
        }
        name = file.format(consumer=consumer, provider=provider)
        self.file(f"pacts/{name}.json", json.dumps(document), consumer=False)

    def run(self, *arguments: str, plugins: tuple[str, ...] = ()) -> pytest.RunResult:
        """Run them in a process of its own, with our plugin and ``plugins`` alone: the others take seconds to load."""
        chosen = [part for name in ("pact_ffi.pytest_plugin", *plugins) for part in ("-p", name)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            return self.pytester.runpytest_subprocess(*chosen, *arguments, timeout=60)

    def run_as_installed(self, *arguments: str) -> pytest.RunResult:
        """Run them with our plugin found by its entry point."""
        slow = [part for name in ("hypothesispytest", "anyio", "asyncio", "xdist") for part in ("-p", f"no:{name}")]
        return self.pytester.runpytest_subprocess(*slow, *arguments, timeout=60)

    def written(self, name: str = "billing-service-customer-service", folder: str = "pacts") -> dict[str, Any]:
        """The pact file."""
        found: dict[str, Any] = json.loads((self.path / folder / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def descriptions(self, name: str = "billing-service-customer-service", folder: str = "pacts") -> list[str]:
        """The interactions in the pact file; none when there is no file."""
        if not (self.path / folder / f"{name}.json").exists():
            return []
        return sorted(each["description"] for each in self.written(name, folder)["interactions"])


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    metadata = pytester.path / ".plugin" / "pact_ffi-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pact-ffi\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text(_ENTRY_POINT)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(metadata.parent), str(ROOT)]))
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeini("[pytest]\n")
    return Suite(pytester)


def http_interaction(number: int, **changes: Any) -> dict[str, Any]:
    """GET /customers/{number} answers the customer."""
    content = {"content": {"id": number}, "contentType": "application/json", "encoded": False}
    return {
        "type": "Synchronous/HTTP",
        "description": f"a request for customer {number}",
        "providerStates": [{"name": f"customer {number} exists"}],
        "request": {"method": "GET", "path": f"/customers/{number}"},
        "response": {"status": 200, "headers": {"Content-Type": ["application/json"]}, "body": content},
        **changes,
    }


@pytest.fixture
def lines() -> Callable[[pytest.RunResult], str]:
    """``lines(result)``: everything on the terminal, without colours."""
    return lambda result: re.sub(r"\x1b\[[\d;]*m", "", result.stdout.str() + result.stderr.str())


@pytest.fixture
def broker() -> Iterator[StandInBroker]:
    with StandInBroker() as running:
        yield running
