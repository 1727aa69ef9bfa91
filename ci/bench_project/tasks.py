"""What is timed, in the words that pact-python and we share: the same file runs on both.

Usage: python tasks.py TASK FOLDER COUNT [URL]; prints one JSON line: seconds, and seconds of parts.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import requests

from pact import Pact, match

TASK, FOLDER, COUNT, URL = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), (sys.argv[4:] or [""])[0]
FIELDS = 20
EXPECTED = {f"field{number}": match.like(f"value {number}") for number in range(FIELDS)}
SENT = {f"field{number}": f"value {number}" for number in range(FIELDS)}


def described(number: int, expected: Any = EXPECTED) -> Pact:
    """One interaction with about 20 matchers on each side."""
    pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
    interaction = pact.upon_receiving(f"request {number:04}").given(f"state {number}")
    interaction.with_request("POST", f"/things/{number}").with_body(expected, "application/json")
    interaction.will_respond_with(200).with_body(expected, "application/json")
    return pact


def tested(number: int, session: requests.Session) -> Pact:
    """Define, serve, one request, verify, close."""
    pact = described(number)
    with pact.serve(addr="127.0.0.1") as server:
        response = session.post(f"http://127.0.0.1:{server.port}/things/{number}", json=SENT)
        assert response.status_code == 200, response.text
    return pact


def suite() -> list[float]:
    """One test after the other, each writing its file."""
    times = []
    with requests.Session() as session:
        for number in range(COUNT):
            start = time.perf_counter()
            tested(number, session).write_file(FOLDER)
            times.append(time.perf_counter() - start)
    (file,) = FOLDER.glob("*.json")
    assert len(json.loads(file.read_text())["interactions"]) == COUNT
    return times


def session() -> list[float]:
    """As `suite`, the file written when the session ends, which only we have; its writing is the last figure."""
    from pact_ffi import Session

    times = []
    with Session(), requests.Session() as client:
        for number in range(COUNT):
            start = time.perf_counter()
            tested(number, client).write_file(FOLDER)
            times.append(time.perf_counter() - start)
        start = time.perf_counter()
    times.append(time.perf_counter() - start)
    (file,) = FOLDER.glob("*.json")
    assert len(json.loads(file.read_text())["interactions"]) == COUNT
    return times


def serve() -> list[float]:
    """As `suite`, without a file."""
    times = []
    with requests.Session() as session:
        for number in range(COUNT + 20):
            start = time.perf_counter()
            tested(number, session)
            times.append(time.perf_counter() - start)
    return times[20:]


def bodies() -> list[float]:
    """One interaction with a body of COUNT bytes on both sides."""
    text = json.dumps({"items": ["x" * 1000] * (COUNT // 1004)})
    times = []
    for number in range(5):
        start = time.perf_counter()
        pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
        interaction = pact.upon_receiving("a big one").with_request("POST", "/big").with_body(text, "application/json")
        interaction.will_respond_with(200).with_body(text, "application/json")
        with pact.serve(addr="127.0.0.1") as server:
            head = {"Content-Type": "application/json"}
            response = requests.post(f"http://127.0.0.1:{server.port}/big", data=text, headers=head, timeout=60)
            assert response.status_code == 200 and len(response.content) > COUNT // 2
        pact.write_file(FOLDER, overwrite=True)
        times.append(time.perf_counter() - start)
        assert number < 100
    return times


def verify() -> list[float]:
    """Verify the pact in FOLDER at URL, with a state handler."""
    from pact import Verifier

    seen: list[str] = []

    def prepare(state: str) -> None:
        seen.append(state)

    start = time.perf_counter()
    verifier = Verifier("bench-provider", host="127.0.0.1").add_transport(url=URL).add_source(FOLDER)
    verifier.state_handler(prepare, teardown=False).verify()
    took = time.perf_counter() - start
    assert len(seen) == COUNT, len(seen)
    return [took]


def verify_calls() -> list[float]:
    """The same as a call, several times in one process; COUNT is the number of interactions."""
    times = []
    for _ in range(12):
        times += verify()
    return times[2:]


tasks = (suite, session, serve, bodies, verify, verify_calls)
print(json.dumps({task.__name__: task for task in tasks}[TASK]()))
