"""Try an installed pact-ffi for real, with nothing but the standard library beside it.

Both APIs: a consumer's test against a mock server, the pact file, a provider verified, a broken one caught, a message.
Run it with the Python that pact-ffi is installed in, from anywhere outside of the sources: ``python smoke.py``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STEPS: list[Callable[[], str]] = []


def step(function: Callable[[], str]) -> Callable[[], str]:
    """Note a step; steps run in the order in which they are written."""
    STEPS.append(function)
    return function


def fetch(url: str) -> object:
    """GET a JSON document; no proxy of the environment is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as answer:
        return json.load(answer)


class Provider(BaseHTTPRequestHandler):
    """A provider whose customer is what `customer` says."""

    customer: dict[str, object]

    def do_GET(self) -> None:
        body = json.dumps(self.customer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def verified(customer: dict[str, object]) -> bool:
    """Verify a provider that answers with ``customer`` against the file in ``pacts``."""
    from pact import Verifier

    Provider.customer = customer
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        verifier = Verifier("customers", "127.0.0.1").set_request_timeout(60_000)
        verifier.add_transport(url=f"http://127.0.0.1:{server.server_port}").add_source("pacts")
        verifier.state_handler({"customer 1 exists": lambda: None})
        try:
            verifier.verify()
        except AssertionError:
            return False
        finally:
            server.shutdown()
    return True


@step
def imported() -> str:
    """The package and its core are those that were installed."""
    import pact
    from pact_ffi.core import library

    folder = Path(pact.__file__).parent.parent
    assert folder in library.path().parents or os.environ.get("PACT_FFI_LIBRARY"), library.path()
    assert folder.name == "site-packages", f"{folder} is not where packages are installed"
    return f"pact-ffi {pact.__version__}, core {library.version()} ({library.origin()})"


@step
def modern_consumer() -> str:
    """A mock server answers, and the contract is written."""
    from pact import Pact, match

    pact = Pact("billing", "customers")
    interaction = pact.upon_receiving("a request for a customer").given("customer 1 exists")
    interaction.with_request("GET", "/customers/1").will_respond_with(200)
    interaction.with_body({"id": match.int(1), "name": match.regex("Alice", regex=r"\w+")})
    with pact.serve() as server:
        assert fetch(f"{server.url}/customers/1") == {"id": 1, "name": "Alice"}
    pact.write_file("pacts")
    return str(len(json.loads(Path("pacts/billing-customers.json").read_text())["interactions"])) + " interaction"


@step
def provider_kept() -> str:
    """A provider that keeps the contract is verified."""
    assert verified({"id": 7, "name": "Bob"})
    return "verified"


@step
def provider_broken() -> str:
    """A provider that breaks the contract is caught."""
    assert not verified({"id": "seven", "name": "Bob"})
    return "caught"


@step
def classic_consumer() -> str:
    """The classic API works beside the modern one."""
    from pact import Consumer, Like, Provider

    pact = Consumer("web").has_pact_with(Provider("shop"), port=0, pact_dir="pacts")
    pact.start_service()
    try:
        pact.given("nothing").upon_receiving("a request").with_request("GET", "/cart").will_respond_with(
            200, body={"items": Like(3)}
        )
        with pact:
            assert fetch(f"{pact.uri}/cart") == {"items": 3}
    finally:
        pact.stop_service()
    return Path("pacts/web-shop.json").name


@step
def messages() -> str:
    """A message is handed to its handler."""
    from pact import Pact, match

    pact, seen = Pact("mailer", "customers"), []
    pact.upon_receiving("a new customer", "Async").with_body({"id": match.int(1)}, "application/json")
    pact.verify(lambda body, metadata: seen.append(json.loads(body)), "Async")
    assert seen == [{"id": 1}]
    return "handled"


def main() -> int:
    """Run the steps in an empty folder."""
    print(f"{sys.implementation.name} {sys.version.split()[0]}, {sys.platform}, {os.name}")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for function in STEPS:
                started = time.monotonic()
                said = function()
                print(f"  {function.__name__:16} {time.monotonic() - started:6.2f} s  {said}", flush=True)
        finally:
            os.chdir(os.path.dirname(folder))  # Windows removes no folder that a process is in
    print("PASSED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
