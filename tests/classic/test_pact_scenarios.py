"""Scripts that define interactions while the service runs and never stop it: the end of the process does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCENARIO = """
from pact import Consumer, Provider
import requests

pact = Consumer('BillingService').has_pact_with(Provider('CustomerService'), port=0)
pact.start_service()


def test_get_customer_details():
    expected_customer = {"id": 123, "name": "Alice Smith"}
    pact.upon_receiving("a request for customer 123") \\
        .with_request('get', '/customers/123') \\
        .will_respond_with(200, body=expected_customer)
    response = requests.get(f'{pact.mock_service.url}/customers/123')
    assert response.status_code == 200
    assert response.json() == expected_customer
"""
UNMET = """

def test_that_forgets_to_call():
    pact.upon_receiving("a request for customer 7").with_request('get', '/customers/7').will_respond_with(200)
"""
RUN = "\n\ntest_get_customer_details()\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


def interactions(folder: Path) -> list[str]:
    text = (folder / "pacts" / "billing-service-customer-service.json").read_text()
    return [item["description"] for item in json.loads(text)["interactions"]]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "test_billing.py"
    path.write_text(SCENARIO)
    return path


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def test_under_pytest_the_file_is_written(script: Path) -> None:
    result = run(script.parent, *PYTEST, script.name)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
    assert interactions(script.parent) == ["a request for customer 123"]


def test_under_pytest_an_uncalled_interaction_fails_the_run(script: Path) -> None:
    script.write_text(SCENARIO + UNMET)
    result = run(script.parent, *PYTEST, script.name)
    assert result.returncode != 0
    assert "'a request for customer 7' was never called" in result.stdout + result.stderr


def test_under_pytest_without_our_plugin_too(script: Path) -> None:
    script.write_text(SCENARIO + UNMET)
    result = run(script.parent, *PYTEST, "-p", "no:pact", script.name)
    assert result.returncode != 0
    assert "'a request for customer 7' was never called" in result.stdout + result.stderr


def test_as_a_plain_script_the_file_is_written(script: Path) -> None:
    script.write_text(SCENARIO + RUN)
    result = run(script.parent, script.name)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert interactions(script.parent) == ["a request for customer 123"]


def test_as_a_plain_script_an_uncalled_interaction_fails_the_run(script: Path) -> None:
    script.write_text(SCENARIO + UNMET + RUN + "\ntest_that_forgets_to_call()\nprint('end')\n")
    result = run(script.parent, script.name)
    assert result.returncode == 120
    assert result.stdout == "end\n"
    assert "BillingService -> CustomerService" in result.stderr
    assert "'a request for customer 7' was never called" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_script_that_dies_of_its_own_error_says_so_and_writes_nothing(script: Path) -> None:
    script.write_text(SCENARIO + UNMET + "\ntest_that_forgets_to_call()\nraise KeyError('mine')\n")
    result = run(script.parent, script.name)
    assert result.returncode != 0
    assert "KeyError: 'mine'" in result.stderr
    assert not (script.parent / "pacts").exists()


def test_a_script_that_defines_nothing_ends_quietly(script: Path) -> None:
    script.write_text(SCENARIO)
    result = run(script.parent, script.name)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert not (script.parent / "pacts").exists()


def test_two_test_files_with_one_pact_each_write_one_file(script: Path) -> None:
    other = SCENARIO.replace("123", "456")
    (script.parent / "test_other.py").write_text(other.replace("port=0", "port=0, file_write_mode='merge'"))
    script.write_text(SCENARIO.replace("port=0", "port=0, file_write_mode='merge'"))
    result = run(script.parent, *PYTEST, "--import-mode=importlib", ".")
    assert result.returncode == 0, result.stdout + result.stderr
    assert interactions(script.parent) == ["a request for customer 123", "a request for customer 456"]


def test_an_assertion_of_the_test_is_the_one_that_is_shown(script: Path) -> None:
    script.write_text(SCENARIO.replace("== 200", "== 201"))
    result = run(script.parent, *PYTEST, script.name)
    assert result.returncode == 1
    assert "assert 200 == 201" in result.stdout
