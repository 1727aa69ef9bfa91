"""The same work as raw calls of the core: what no binding can go below.  Usage: as tasks.py (serve, bodies)."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import requests

from pact_ffi.core.library import ffi, lib

TASK, FOLDER, COUNT = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
FIELDS = 20
RULES = {f"field{n}": {"pact:matcher:type": "type", "value": f"value {n}"} for n in range(FIELDS)}
SENT = {f"field{number}": f"value {number}" for number in range(FIELDS)}


def interaction(pact: int, description: str, path: str, body: bytes) -> None:
    handle = lib.pactffi_new_interaction(pact, description.encode())
    lib.pactffi_given(handle, b"a state")
    lib.pactffi_with_request(handle, b"POST", path.encode())
    lib.pactffi_with_body(handle, 0, b"application/json", body)
    lib.pactffi_response_status(handle, 200)
    lib.pactffi_with_body(handle, 1, b"application/json", body)


def new_pact() -> int:
    pact = lib.pactffi_new_pact(b"bench-consumer", b"bench-provider")
    lib.pactffi_with_specification(pact, 5)
    return int(pact)


def serve() -> list[float]:
    times = []
    with requests.Session() as session:
        for number in range(COUNT + 20):
            start = time.perf_counter()
            pact = new_pact()
            interaction(pact, f"request {number:04}", f"/things/{number}", json.dumps(RULES).encode())
            port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
            response = session.post(f"http://127.0.0.1:{port}/things/{number}", json=SENT)
            assert response.status_code == 200
            assert lib.pactffi_mock_server_matched(port)
            lib.pactffi_cleanup_mock_server(port)
            lib.pactffi_free_pact_handle(pact)
            times.append(time.perf_counter() - start)
    return times[20:]


def bodies() -> list[float]:
    text = json.dumps({"items": ["x" * 1000] * (COUNT // 1004)})
    times = []
    for _ in range(5):
        start = time.perf_counter()
        pact = new_pact()
        interaction(pact, "a big one", "/big", text.encode())
        port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
        head = {"Content-Type": "application/json"}
        response = requests.post(f"http://127.0.0.1:{port}/big", data=text, headers=head, timeout=60)
        assert response.status_code == 200
        assert lib.pactffi_mock_server_matched(port)
        lib.pactffi_cleanup_mock_server(port)
        with tempfile.TemporaryDirectory() as folder:
            assert lib.pactffi_pact_handle_write_file(pact, folder.encode(), True) == 0
        lib.pactffi_free_pact_handle(pact)
        times.append(time.perf_counter() - start)
    return times


print(json.dumps({"serve": serve, "bodies": bodies}[TASK]()))
