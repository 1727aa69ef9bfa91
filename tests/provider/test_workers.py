"""Several interactions verified at the same time: the same results in the same order, and whom that is refused."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pact_broker import StandInBroker

from pact_ffi.errors import InvalidInputError, PactWarning, UsageError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import Provider, http_interaction, pact

ALICE = {"id": 123, "name": "Alice"}
JSON = {"Content-Type": "application/json"}
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def answers(provider: Provider) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)


def verified(verifier: Verifier, way: str = "verify") -> str:
    """Verify in the thread of the test or on an event loop; return the report, or "passed"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)
        try:
            if way == "verify":
                verifier.verify()
            else:
                asyncio.run(verifier.verify_async())
        except VerificationError as error:
            return str(error)
    return "passed"


def mixed(count: int) -> list[dict[str, Any]]:
    """Interactions that pass, that fail, and that are pending."""
    wrong = {"response": {"status": 404}}
    kinds: list[dict[str, Any]] = [{}, wrong, {**wrong, "pending": True}, {}, {}]
    return [http_interaction(f"number {n:02}", key=f"k{n}", **kinds[n % len(kinds)]) for n in range(count)]


@pytest.mark.parametrize("way", ["verify", "verify_async"])
@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda v: v, id="plain"),
        pytest.param(lambda v: v.filter("[13]$"), id="filtered"),
        pytest.param(lambda v: v.filter_consumers("Other"), id="of one consumer"),
        pytest.param(lambda v: v.request_filter(lambda request: None), id="request filter"),
        pytest.param(lambda v: v.filter("no such"), id="nothing"),
        pytest.param(lambda v: v.filter("no such").set_error_on_empty_pact(enabled=False), id="nothing, and no error"),
    ],
)
def test_the_results_are_those_of_one_worker_in_the_same_order(
    provider: Provider, write: Write, prepare: Callable[[Verifier], Verifier], way: str
) -> None:
    sources = [write(pact(*mixed(count), consumer=name), f"{name}.json") for name, count in (("A", 23), ("Other", 7))]
    found = []
    for workers in (1, 2, 5, 64):
        verifier = Verifier("CustomerService").add_transport(url=provider.url).set_workers(workers)
        for source in sources:
            verifier.add_source(source)
        text = verified(prepare(verifier), way)
        assert verifier.result is not None
        outcomes = [(str(item), item.outcome, str(item.mismatches)) for item in verifier.result.interactions]
        raw = {key: value for key, value in verifier.results.items() if key != "output"}
        for item in raw["interactionResults"]:
            del item["duration"]
        found.append((text, outcomes, raw, len(verifier.output())))
    first, *others = found
    assert all(other[:3] == first[:3] for other in others)
    assert first[1] or "no such" in first[0] or first[0] == "passed"


@pytest.fixture()
def meeting() -> Iterator[str]:
    """The URL of a provider that answers a request only once another one is there."""
    together = threading.Barrier(2)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            try:
                together.wait(timeout=4)
                status = 200
            except threading.BrokenBarrierError:
                status = 503
            data = json.dumps(ALICE).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("way", ["verify", "verify_async"])
@pytest.mark.parametrize("states", [False, True])
def test_two_workers_ask_at_the_same_time(meeting: str, write: Write, way: str, states: bool) -> None:
    items = [http_interaction(f"number {n}", providerStates=[{"name": f"state {n}"}]) for n in range(40)]
    verifier = Verifier("CustomerService").add_transport(url=meeting).add_source(write(pact(*items)))
    verifier.set_workers(2, independent_states=True)
    if states:
        verifier.state_handler(lambda state: None)
    assert verified(verifier, way) == "passed"
    assert verifier.result is not None and len(verifier.result.interactions) == 40


def application(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(ALICE).encode()]


@pytest.mark.parametrize("way", ["verify", "verify_async"])
@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda v: v.state_handler(lambda state: None), "with a state handler, 2 workers"),
        (lambda v: v.state_handler({}), "with a state handler, 2 workers"),
        (lambda v: v.state_handler("http://localhost:1/states", body=True), "with a state handler, 2 workers"),
        (lambda v: v.message_handler(lambda name: {}), "with a message handler, 2 workers"),
        (lambda v: v.app(application), "an application in the test's own thread"),
        (lambda v: v.app(application).set_workers(2, independent_states=True), "call set_workers\\(1\\)"),
    ],
)
def test_what_may_disturb_each_other_is_refused(
    write: Write, prepare: Callable[[Verifier], Verifier], reason: str, way: str
) -> None:
    verifier = prepare(Verifier("CustomerService").add_source(write(pact(http_interaction()))).set_workers(2))
    with pytest.raises(UsageError, match=reason):
        verified(verifier, way)
    verifier.set_workers(1)


def test_a_pact_with_a_plugin_needs_one_worker(
    provider: Provider, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pact_ffi.pact_file.document.PactDocument.check_plugins", lambda self: None)
    document = pact(http_interaction())
    document["metadata"]["plugins"] = [{"name": "csv", "version": "0.0.6", "configuration": {}}]
    source = write(document)
    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(source)
    with pytest.raises(UsageError, match=r"needs a plugin, so one worker has to verify it: .* call set_workers\(1\)"):
        verifier.set_workers(2).verify()


@pytest.mark.parametrize("count", [0, -1, 1.5, "2", None, True, [2], float("nan")])
def test_the_number_of_workers_is_a_positive_integer(count: Any) -> None:
    with pytest.raises(InvalidInputError, match="the number of workers must be a positive integer, not"):
        Verifier("CustomerService").set_workers(count)


@pytest.mark.parametrize("way", ["verify", "verify_async"])
def test_handlers_of_independent_states_run_in_the_thread_of_the_test_and_are_torn_down(
    provider: Provider, write: Write, way: str
) -> None:
    items = [
        http_interaction(f"number {n}", providerStates=[{"name": "orders exist", "params": {"id": n}}])
        for n in range(12)
    ]
    events: list[tuple[str, int]] = []
    threads = set()

    def orders(id: int) -> Iterator[None]:
        threads.add(threading.current_thread())
        events.append(("setup", id))
        yield
        events.append(("teardown", id))

    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(*items)))
    verifier.state_handler({"orders exist": orders}).set_workers(3, independent_states=True)
    assert verified(verifier, way) == "passed"
    assert threads == {threading.current_thread()}
    assert sorted(events) == sorted((kind, n) for n in range(12) for kind in ("setup", "teardown"))
    for n in range(12):
        assert events.index(("setup", n)) < events.index(("teardown", n))


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("way", ["verify", "verify_async"])
def test_what_users_code_raises_belongs_to_its_interaction(
    provider: Provider, write: Write, way: str, workers: int
) -> None:
    items = [
        http_interaction(
            f"number {n}",
            request={"method": "GET", "path": "/customers/123", "query": {"n": [str(n)]}},
            providerStates=[{"name": "shared", "params": {"n": n}}],
        )
        for n in range(10)
    ]
    for n in range(10):
        provider.answers["GET", f"/customers/123?n={n}"] = (200, ALICE)

    def shared(n: int) -> None:
        if n in (2, 3, 7):
            raise LookupError(f"no order {n}")

    def change(request: Any) -> None:
        if request.target.endswith("n=5"):
            raise ValueError("filter 5")

    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(*items)))
    verifier.state_handler({"shared": shared}).request_filter(change).set_workers(workers, independent_states=True)
    verified(verifier, way)
    assert verifier.result is not None and not verifier.result.problems
    told = {item.description: [str(each.error) for each in item.failures] for item in verifier.result.failed}
    handlers = {f"number {n}": [repr(f"no order {n}")[1:-1]] for n in (2, 3, 7)}
    assert told == {**handlers, "number 5": ["filter 5"]}


@pytest.mark.parametrize("way", ["verify", "verify_async"])
def test_a_slow_handler_of_one_interaction_is_no_timeout_of_another(provider: Provider, write: Write, way: str) -> None:
    items = [http_interaction(f"number {n}", providerStates=[{"name": f"state {n}"}]) for n in range(3)]
    called: list[str] = []

    def slow(state: str) -> None:
        called.append(state)
        time.sleep(1.2)

    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(*items)))
    verifier.state_handler(slow).set_request_timeout(1000).set_workers(3, independent_states=True)
    assert verified(verifier, way) == "passed"
    assert sorted(called) == [f"state {n}" for n in range(3)]


@pytest.mark.parametrize("way", ["verify", "verify_async"])
def test_a_time_limit_ends_all_workers_and_keeps_what_was_found(write: Write, way: str) -> None:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/hang":
                ended.wait(5)
            data = json.dumps(ALICE).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    ended = threading.Event()
    hanging = http_interaction("hanging", request={"method": "GET", "path": "/hang"})
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        items = [http_interaction(f"number {n}") for n in range(10)]
        verifier = Verifier("CustomerService").add_transport(url=url).add_source(write(pact(*items, hanging)))
        begin = time.monotonic()
        text = verified(verifier.set_workers(2).set_time_limit(1.5), way)
        assert time.monotonic() - begin < 4
        ended.set()
        server.shutdown()
    assert "ended at its time limit of 1.5 seconds" in text and "10 interactions passed" in text
    assert verifier.result is not None
    assert [item.description for item in verifier.result.interactions] == [f"number {n}" for n in range(10)]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are delivered differently")
def test_ctrl_c_ends_all_workers_at_once(write: Write) -> None:
    source = write(pact(*mixed(40)))
    code = f"""
import os, signal, socket, threading, time
from pact_ffi.provider.verifier import Verifier
hanging = socket.create_server(("127.0.0.1", 0))
v = Verifier("CustomerService").add_transport(url=f"http://127.0.0.1:{{hanging.getsockname()[1]}}")
v.add_source({str(source)!r}).set_workers(3)
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
begin = time.monotonic()
try:
    v.verify()
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begin < 3)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.stdout.splitlines()[0], done.returncode) == ("interrupted True", 0), done.stderr


def test_results_are_published_once_and_whole(provider: Provider, write: Write) -> None:
    with StandInBroker() as broker:
        broker.answers["/customers/123"] = (200, ALICE, JSON)
        for name in ("A", "B"):
            broker.offer(pact(*mixed(13), consumer=name))
        verifier = Verifier("CustomerService").add_transport(url=broker.url).broker_source(broker.url)
        verified(verifier.set_publish_options("1", branch="main").set_workers(4))
        assert [len(result["testResults"]) for result in broker.published] == [13, 13]
        assert [result["success"] for result in broker.published] == [False, False]
        wrong = [number for number in range(13) if number % 5 in (1, 2)]
        for result in broker.published:
            assert [n for n, test in enumerate(result["testResults"]) if not test["success"]] == wrong


def test_nothing_is_printed_and_what_users_print_is_kept(provider: Provider, write: Write) -> None:
    items = [http_interaction(f"number {n}", providerStates=[{"name": f"state {n}"}]) for n in range(8)]
    code = f"""
from pact_ffi.provider.verifier import Verifier
v = Verifier("CustomerService").add_transport(url={provider.url!r}).add_source({str(write(pact(*items)))!r})
v.state_handler(lambda state: print("handled", state, flush=True)).set_workers(3, independent_states=True)
v.verify()
print("end")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    *handled, end = done.stdout.split("\n")[:-1]
    assert sorted(handled) == [f"handled state {n}" for n in range(8)] and end == "end", done.stdout + done.stderr


def test_errors_are_logged_once_for_each_interaction(
    provider: Provider, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pact.verifier")
    verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(write(pact(*mixed(20))))
    verified(verifier.set_workers(3))
    told = sorted(text for text in caplog.messages if text.startswith("BillingService: number"))
    assert verifier.result is not None
    assert told == sorted(f"{item}: {item.outcome}" for item in verifier.result.interactions)


def test_verifications_with_workers_may_run_in_several_threads(provider: Provider, write: Write) -> None:
    source = write(pact(*(item for item in mixed(20) if not item.get("pending"))))

    def once(_: int) -> str:
        verifier = Verifier("CustomerService").add_transport(url=provider.url).add_source(source).set_workers(2)
        with pytest.raises(VerificationError) as caught:
            verifier.verify()
        return str(caught.value)

    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(once, range(8)))
    assert len(texts) == 1
