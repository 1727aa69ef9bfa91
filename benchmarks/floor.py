"""The same work as raw calls of the core: what no binding can go below.

Usage: as tasks.py (suite, serve, bodies, verify).
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import requests
from clock import now
from order import example, large_list, large_text, rules

from pact_ffi.core.library import ffi, lib

TASK, FOLDER, COUNT = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])


def interaction(
    pact: int, description: str, path: str, request: bytes, response: bytes, state: str = "a state"
) -> None:
    handle = lib.pactffi_new_interaction(pact, description.encode())
    lib.pactffi_given(handle, state.encode())
    lib.pactffi_with_request(handle, b"POST", path.encode())
    lib.pactffi_with_body(handle, 0, b"application/json", request)
    lib.pactffi_response_status(handle, 200)
    lib.pactffi_with_body(handle, 1, b"application/json", response)


def new_pact() -> int:
    pact = lib.pactffi_new_pact(b"bench-consumer", b"bench-provider")
    lib.pactffi_with_specification(pact, 5)
    return int(pact)


def described(number: int) -> int:
    """One interaction with an order on each side."""
    pact = new_pact()
    request, response = json.dumps(rules(number)).encode(), json.dumps(rules(number)).encode()
    interaction(pact, f"request {number:04}", f"/orders/{number}", request, response, f"state {number}")
    return pact


def staged(number: int, session: requests.Session) -> tuple[float, ...]:
    """How long building, serving, the request, and verifying with closing took."""
    moments = [now()]
    pact = described(number)
    moments.append(now())
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
    moments.append(now())
    response = session.post(f"http://127.0.0.1:{port}/orders/{number}", json=example(number))
    assert response.status_code == 200, response.text
    moments.append(now())
    assert lib.pactffi_mock_server_matched(port)
    lib.pactffi_cleanup_mock_server(port)
    lib.pactffi_free_pact_handle(pact)
    moments.append(now())
    return tuple(later - earlier for earlier, later in pairwise(moments))


def serve() -> None:
    """As many tests as standard input asks for, a line for each batch."""
    number = 0
    with requests.Session() as session:
        for batch in sys.stdin:
            numbers = range(number, number := number + int(batch))
            print(json.dumps([staged(each, session) for each in numbers]), flush=True)


def suite() -> list[float]:
    """A file with COUNT interactions."""
    times = []
    for number in range(COUNT):
        start = now()
        pact = described(number)
        assert lib.pactffi_pact_handle_write_file(pact, str(FOLDER).encode(), False) == 0
        lib.pactffi_free_pact_handle(pact)
        times.append(now() - start)
    return times


def bodies() -> list[float]:
    """One interaction with a JSON text of COUNT bytes on both sides."""
    return [served_and_written(large_text(COUNT)) for _ in range(5)]


def lists() -> list[float]:
    """One interaction with a list of orders, COUNT bytes of JSON, on both sides."""
    return [served_and_written(large_list(COUNT)) for _ in range(15)]


def served_and_written(body: object) -> float:
    """Seconds for an interaction with a large body: defined, served, called, written."""
    text = body if isinstance(body, str) else json.dumps(body)
    start = now()
    pact = new_pact()
    sides = [body if isinstance(body, str) else json.dumps(body) for _ in range(2)]
    interaction(pact, "a big one", "/big", sides[0].encode(), sides[1].encode())
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
    head = {"Content-Type": "application/json"}
    response = requests.post(f"http://127.0.0.1:{port}/big", data=text, headers=head, timeout=60)
    assert response.status_code == 200
    assert lib.pactffi_mock_server_matched(port)
    lib.pactffi_cleanup_mock_server(port)
    with tempfile.TemporaryDirectory() as folder:
        assert lib.pactffi_pact_handle_write_file(pact, folder.encode(), True) == 0
    lib.pactffi_free_pact_handle(pact)
    return now() - start


def verify() -> list[float]:
    """Verify the pact in FOLDER at URL, an interaction at a time, with a state URL."""
    url = sys.argv[4]
    port = int(url.rpartition(":")[2])
    (file,) = FOLDER.glob("*.json")
    start = now()
    pact = json.loads(file.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder, "pact.json")
        for item in pact["interactions"]:
            piece.write_text(json.dumps({**pact, "interactions": [item]}))
            handle = lib.pactffi_verifier_new_for_application(b"bench", b"1")
            lib.pactffi_verifier_set_provider_info(handle, b"bench-provider", b"http", b"127.0.0.1", port, b"/")
            lib.pactffi_verifier_add_file_source(handle, str(piece).encode())
            lib.pactffi_verifier_set_provider_state(handle, f"{url}/states".encode(), False, True)
            lib.pactffi_verifier_set_verification_options(handle, True, 5000)
            assert lib.pactffi_verifier_execute(handle) == 0
            lib.pactffi_verifier_shutdown(handle)
    took = now() - start
    assert len(pact["interactions"]) == COUNT
    return [took]


if TASK == "serve":
    serve()
else:
    print(json.dumps({"suite": suite, "bodies": bodies, "lists": lists, "verify": verify}[TASK]()))
