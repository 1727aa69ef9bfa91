"""What is timed, in the words that pact-python and we share: the same file runs on both.

Usage: python tasks.py TASK FOLDER COUNT [URL [MORE]]; prints one JSON line of seconds. The task ``serve`` reads from
standard input how many tests to run next, and prints a line for each batch, until that ends.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import requests
from clock import now
from order import example, expected, large_list, large_text

from pact import Pact, match

TASK, FOLDER, COUNT = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
URL, MORE = [*sys.argv[4:], "", ""][:2]


def described(number: int) -> Pact:
    """One interaction with an order on each side."""
    pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
    interaction = pact.upon_receiving(f"request {number:04}").given(f"state {number}")
    interaction.with_request("POST", f"/orders/{number}").with_body(expected(match, number), "application/json")
    interaction.will_respond_with(200).with_body(expected(match, number), "application/json")
    return pact


def tested(number: int, session: requests.Session) -> Pact:
    """Define, serve, one request, verify, close."""
    pact = described(number)
    with pact.serve(addr="127.0.0.1") as server:
        response = session.post(f"http://127.0.0.1:{server.port}/orders/{number}", json=example(number))
        assert response.status_code == 200, response.text
    return pact


def suite() -> list[float]:
    """One test after the other, each writing its file."""
    times = []
    with requests.Session() as session:
        for number in range(COUNT):
            start = now()
            tested(number, session).write_file(FOLDER)
            times.append(now() - start)
    (file,) = FOLDER.glob("*.json")
    assert len(json.loads(file.read_text())["interactions"]) == COUNT
    return times


def session() -> list[float]:
    """As `suite`, the file written when the session ends, which only we have; its writing is the last figure."""
    from pact_ffi import Session

    times = []
    with Session(), requests.Session() as client:
        for number in range(COUNT):
            start = now()
            tested(number, client).write_file(FOLDER)
            times.append(now() - start)
        start = now()
    times.append(now() - start)
    (file,) = FOLDER.glob("*.json")
    assert len(json.loads(file.read_text())["interactions"]) == COUNT
    return times


def staged(number: int, session: requests.Session) -> tuple[float, ...]:
    """As `tested`; how long building, serving, the request, and verifying with closing took."""
    moments = [now()]
    pact = described(number)
    moments.append(now())
    with pact.serve(addr="127.0.0.1") as server:
        moments.append(now())
        response = session.post(f"http://127.0.0.1:{server.port}/orders/{number}", json=example(number))
        assert response.status_code == 200, response.text
        moments.append(now())
    del server, pact
    moments.append(now())
    return tuple(later - earlier for earlier, later in pairwise(moments))


def serve() -> None:
    """As `suite`, without a file, in batches."""
    number = 0
    with requests.Session() as session:
        for batch in sys.stdin:
            numbers = range(number, number := number + int(batch))
            print(json.dumps([staged(each, session) for each in numbers]), flush=True)


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
    pact = Pact("bench-consumer", "bench-provider").with_specification("V4")
    interaction = pact.upon_receiving("a big one").with_request("POST", "/big").with_body(body, "application/json")
    interaction.will_respond_with(200).with_body(body, "application/json")
    with pact.serve(addr="127.0.0.1") as server:
        head = {"Content-Type": "application/json"}
        response = requests.post(f"http://127.0.0.1:{server.port}/big", data=text, headers=head, timeout=60)
        assert response.status_code == 200 and len(response.content) > COUNT // 2
    pact.write_file(FOLDER, overwrite=True)
    return now() - start


def verify() -> list[float]:
    """Verify the pact in FOLDER, or of the broker MORE and publish the results, at URL, with a state handler."""
    from pact import Verifier

    seen: list[str] = []

    def prepare(state: str) -> None:
        seen.append(state)

    start = now()
    verifier = Verifier("bench-provider", host="127.0.0.1").add_transport(url=URL)
    if MORE:
        verifier.broker_source(MORE).set_publish_options("1", branch="main")
    else:
        verifier.add_source(FOLDER)
    verifier.state_handler(prepare, teardown=False).verify()
    took = now() - start
    assert len(seen) == COUNT, len(seen)
    return [took]


def verify_calls() -> list[float]:
    """The same as a call, several times in one process; COUNT is the number of interactions."""
    times = []
    for _ in range(12):
        times += verify()
    return times[2:]


def verify_with_workers() -> list[float]:
    """The same without a state handler, with MORE workers; the second time is the one that counts."""
    from pact import Verifier

    times = []
    for _ in range(2):
        start = now()
        verifier = Verifier("bench-provider", host="127.0.0.1").add_transport(url=URL).add_source(FOLDER)
        verifier.set_workers(int(MORE)).verify()
        times.append(now() - start)
        assert len(verifier.result.interactions) == COUNT
    return times[1:]


tasks = (suite, session, bodies, lists, verify, verify_calls, verify_with_workers)
if TASK == "serve":
    serve()
else:
    print(json.dumps({task.__name__: task for task in tasks}[TASK]()))
