"""The examples of docs/pytest.md, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from .conftest import ROOT, Suite

pytest_plugins = ["pytester"]
TEXT = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (test_\w+\.py)\n(.*?)```", TEXT, re.DOTALL))
CUSTOMERS = """
customers = {}

def create_customer(number):
    customers[f"/customers/{number}"] = {"id": number, "name": "Alice"}

def app(environ, start):
    import json
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(customers[environ["PATH_INFO"]]).encode()]
"""


def test_the_examples_work(suite: Suite) -> None:
    assert list(FILES) == ["test_billing.py", "test_customers.py"]
    suite.file("customers.py", CUSTOMERS, consumer=False)
    for name, code in FILES.items():
        suite.file(name, code, consumer=False)
    suite.run("test_billing.py").assert_outcomes(passed=1)
    result = suite.run("-v", "test_customers.py")
    result.assert_outcomes(passed=1)
    quoted = re.search(r"```text\n(test_customers\.py::.*) PASSED\n", TEXT)
    assert quoted and quoted[1] in result.stdout.str()


def test_an_own_fixture_may_build_on_ours(suite: Suite) -> None:
    changed = re.search(r"```python\n(@pytest.fixture\ndef consumer_pact.*?)```", TEXT, re.DOTALL)
    assert changed
    suite.file("test_it.py", FILES["test_billing.py"] + changed[1], consumer=False)
    suite.run().assert_outcomes(passed=1)
    assert suite.written()["metadata"]["ci"] == {"build": "1234"}


def test_every_name_is_in_the_guide() -> None:
    source = (Path(ROOT) / "pact_ffi/pytest_plugin/__init__.py").read_text(encoding="utf-8")
    for name in re.findall(r"--pact-\w+|pact_\w+(?=\":)|(?<=^def )(?:consumer|pact)_\w+", source, re.MULTILINE):
        assert name in TEXT
