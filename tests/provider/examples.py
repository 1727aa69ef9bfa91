"""Runs the examples of docs/when-a-provider-fails.md, where its pacts are."""

from __future__ import annotations

import json
import linecache
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "when-a-provider-fails.md"
_PRELUDE = re.compile(r"^```python\n(.*?)^```", re.M | re.S)

_INTEGER = {"combine": "AND", "matchers": [{"match": "integer"}]}
_TYPE = {"combine": "AND", "matchers": [{"match": "type"}]}
CUSTOMER = {
    "type": "Synchronous/HTTP",
    "description": "a request for customer 123",
    "providerStates": [{"name": "customer 123 exists"}],
    "request": {"method": "GET", "path": "/customers/123"},
    "response": {
        "status": 200,
        "headers": {"Cache-Control": ["no-store"]},
        "body": {"content": {"id": 123, "name": "Alice"}, "contentType": "application/json", "encoded": False},
        "matchingRules": {"body": {"$.id": _INTEGER, "$.name": _TYPE}},
    },
}
_ENDLESS = {"combine": "AND", "matchers": [{"match": "regex", "regex": "(a+)+$"}]}
ENDLESS = {
    **CUSTOMER,
    "response": {
        "status": 200,
        "body": {"content": {"name": "aa"}, "contentType": "application/json", "encoded": False},
        "matchingRules": {"body": {"$.name": _ENDLESS}},
    },
}
CREATED = {
    "type": "Asynchronous/Messages",
    "description": "customer created",
    "contents": {"content": {"id": 123}, "contentType": "application/json", "encoded": False},
}


def _pact(*interactions: Any, provider: str = "CustomerService") -> str:
    document = {
        "consumer": {"name": "BillingService"},
        "provider": {"name": provider},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    return json.dumps(document)


FILES = {
    "pacts/billing-service-customer-service.json": _pact(CUSTOMER),
    "messages/billing-service-customer-service.json": _pact(CREATED),
    "others/billing-service-order-service.json": _pact(provider="OrderService"),
    "broken/billing-service-customer-service.json": _pact({**CUSTOMER, "request": {"method": "GET"}}),
    "endless/billing-service-customer-service.json": _pact(ENDLESS),
    "empty/readme.txt": "No pact.",
}


def report(code: str) -> str:
    """What the example's exception says; addresses and folders as in the document."""
    from pact_ffi.errors import BrokerError, VerificationError

    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))
    from pact_broker import StandInBroker

    prelude = _PRELUDE.search(DOCUMENT.read_text(encoding="utf-8"))
    assert prelude
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, StandInBroker() as broker:
        for name, text in FILES.items():
            file = Path(folder, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        os.chdir(folder)
        linecache.cache["test_provider.py"] = (len(code), None, code.splitlines(keepends=True), "test_provider.py")
        broker.offer(json.loads(_pact(CUSTOMER)))
        broker.answers[broker.results_path("CustomerService")] = (403, {"error": "read only"}, {})
        names: dict[str, Any] = {"broker_url": broker.url}
        try:
            exec(prelude[1], names)
            exec(compile(code, "test_provider.py", "exec"), names)
        except (VerificationError, BrokerError) as error:
            return f"{error}\n".replace(os.path.realpath(folder), "/home/me").replace(broker.url, "http://broker")
        finally:
            os.chdir(before)
    raise SystemExit(f"this example does not fail:\n{code}")
