"""The rows of the table: each is a function that returns its figures."""

from __future__ import annotations

import json
import statistics
import subprocess
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from measure import (
    ENVIRONMENT,
    PACT_PYTHON,
    PROJECT,
    RAW,
    Figure,
    folder,
    growth,
    in_turn,
    ours,
    pact_python,
    peers,
    served,
    spelled,
    task,
    timed,
)
from provider_rows import app, pact_file, states, verified, workers

COLD_RUNS = 10  # for each round
BATCH, STAGES = 20, ("build", "serve", "request", "verify and close")


@cache
def suite_of_pact_python(tests: int) -> float:
    """What pact-python takes for the consumer suite; it has no quicker way to write each test."""
    with folder() as to:
        return sum(task(pact_python(), "tasks.py", "suite", to, tests))


def suite(options: Namespace) -> list[Figure]:
    """Consumer tests one after the other, `write_file` in each."""
    times = []
    for _ in range(options.rounds):
        with folder() as to:
            times.append(sum(task(ours(), "tasks.py", "suite", to, options.tests)))
    work, theirs = f"{options.tests} consumer tests, `write_file` in each", suite_of_pact_python(options.tests)
    return [Figure(work, PACT_PYTHON, theirs, statistics.median(times), full(options, 1 / 30))]


def full(options: Namespace, reach: float) -> float | None:
    """The reach, where as many tests were run as it is meant for."""
    return reach if options.tests >= 1000 else None


def pytest_run(to: str, count: int, *arguments: str, **environment: str) -> float:
    """How long a pytest run of session_test.py takes, as a whole process."""
    (Path(to) / "test_bench.py").write_text((PROJECT / "session_test.py").read_text())
    command = [str(ours()), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--pact-dir={to}/pacts", *arguments, to]
    variables = {**ENVIRONMENT, "PYTHONPATH": str(PROJECT), "BENCH_TESTS": str(count), **environment}
    return timed(command, cwd=to, env=variables)


def written(to: str) -> int:
    """How many interactions are in the pact file."""
    (file,) = (Path(to) / "pacts").glob("*.json")
    return len(json.loads(file.read_text())["interactions"])


def session(options: Namespace) -> list[Figure]:
    """The same tests through the pytest fixtures, and in a `Session`, the file written once."""
    runs = []
    for _ in range(options.rounds):
        with folder() as to:
            took = pytest_run(to, options.tests)
            assert written(to) == options.tests
            runs.append((took, *growth(json.loads((Path(to) / "times.json").read_text()))))
    took, first, last = sorted(runs)[len(runs) // 2]
    with folder() as to:
        inside = sum(task(ours(), "tasks.py", "session", to, options.tests))
    theirs = suite_of_pact_python(options.tests)
    work = f"{options.tests} tests"
    return [
        Figure(
            f"{work} through the fixtures, the whole pytest process", PACT_PYTHON, theirs, took, full(options, 0.01)
        ),
        Figure(f"the last tenth of these {work}", "the first tenth", first, last, 1.1),
        Figure(f"{work} in a `Session`", PACT_PYTHON, theirs, inside),
    ]


def xdist(options: Namespace) -> list[Figure]:
    """200 tests with ``pytest -n 2``, all interactions in the file."""

    def with_pacts() -> float:
        with folder() as to:
            took = pytest_run(to, 200, "-n", "2")
            assert written(to) == 200
        return took

    def plain() -> float:
        with folder() as to:
            return pytest_run(to, 200, "-n", "2", BENCH_PLAIN=url)

    with served("provider.py") as url:
        took = in_turn({"plain": plain, "ours": with_pacts}, options.rounds)
    work = "`pytest -n 2`, 200 tests, all in the file"
    return [Figure(work, "the requests without a pact", took["plain"], took["ours"])]


def plugin(options: Namespace) -> list[Figure]:
    """A pytest run that uses no pact, without our plugin and with it."""
    with folder() as to:
        (Path(to) / "test_plain.py").write_text("def test_plain():\n    pass\n")
        command = [str(ours()), "-m", "pytest", "-q", "-p", "no:cacheprovider", to]
        runs = {"without": lambda: timed([*command, "-p", "no:pact_ffi"]), "with": lambda: timed(command)}
        took = in_turn(runs, 5 * options.rounds)
    return [Figure("a pytest run that uses no pact", "without the plugin", took["without"], took["with"])]


def verify(options: Namespace) -> list[Figure]:
    """Interactions with provider states, from a file, against pact-python and the Rust command line."""
    count = options.interactions
    with folder() as to:
        file = pact_file(to, count)

        def command_line() -> float:
            cli = [str(peers.pact_cli()), "verifier", "--file", str(file), "--provider-name", "bench-provider"]
            with served("provider.py") as url:
                at = ["--hostname", "127.0.0.1", "--port", url.rsplit(":", 1)[1], "--state-change-url", f"{url}/states"]
                return timed([*cli, *at])

        took = in_turn({"": lambda: verified(ours, to, count)}, options.rounds)[""]
        theirs = {PACT_PYTHON: verified(pact_python, to, count), "the Rust command line": command_line()}
    with folder() as to:
        pact_file(to, count // 10)
        tenth = in_turn({"": lambda: verified(ours, to, count // 10)}, options.rounds)[""]
    work = f"{count} interactions with states verified from a file"
    reach = 1 / 20 if count >= 1000 else None
    each = Figure(f"one of {count} interactions", f"one of {count // 10}", tenth / (count // 10), took / count)
    return [*(Figure(work, name, seconds, took, reach) for name, seconds in theirs.items()), each]


def broker(options: Namespace) -> list[Figure]:
    """The same from a broker, the results published, against the same from a file."""
    count = options.interactions
    with folder() as to:
        file = pact_file(to, count)

        def from_broker() -> float:
            with served("broker.py", file) as url:
                return verified(ours, to, count, url)

        took = in_turn({"file": lambda: verified(ours, to, count), "broker": from_broker}, options.rounds)
    work = f"{count} interactions from a broker, the results published"
    return [Figure(work, "the same from a file", took["file"], took["broker"], 1.3)]


def call(options: Namespace) -> list[Figure]:
    """Verification of one interaction with a state handler, as a call in a process that has verified before."""
    with folder() as to, served("provider.py") as url:
        pact_file(to, 1)
        runs = {
            name: lambda python=python: statistics.median(task(python(), "tasks.py", "verify_calls", to, 1, url))
            for name, python in ((PACT_PYTHON, pact_python), ("ours", ours))
        }
        took = in_turn(runs, 1)
    return [Figure("one interaction with a state handler verified, as a call", PACT_PYTHON, *took.values())]


def cold(options: Namespace) -> list[Figure]:
    """A whole process: import, one test with a realistic body, the file written."""

    def run(python: Callable[[], Path], script: str) -> float:
        with folder() as to:
            return timed([str(python()), str(PROJECT / script), to])

    runs = {
        RAW: lambda: run(ours, "cold_raw.py"),
        PACT_PYTHON: lambda: run(pact_python, "cold.py"),
        "ours": lambda: run(ours, "cold.py"),
    }
    in_turn(runs, 1)
    took = in_turn(runs, COLD_RUNS * options.rounds)
    work = "a whole process: import, one test, the file written"
    theirs = Figure(work, PACT_PYTHON, took[PACT_PYTHON], took["ours"], 0.75)
    return [theirs, Figure(work, RAW, took[RAW], took["ours"])]


def names(options: Namespace) -> list[Figure]:
    """A whole process: the names that most tests import, and one use of each."""

    def run(python: Callable[[], Path]) -> float:
        return timed([str(python()), str(PROJECT / "names.py")])

    runs = {PACT_PYTHON: lambda: run(pact_python), "ours": lambda: run(ours)}
    in_turn(runs, 1)
    took = in_turn(runs, COLD_RUNS * options.rounds)
    work = "`from pact import Pact, Verifier, match, generate`, one use of each"
    return [Figure(work, PACT_PYTHON, *took.values(), 1)]


def importing(options: Namespace) -> list[Figure]:
    """``import pact``, which brings neither requests nor asyncio, ssl or logging."""
    took = in_turn({"": lambda: task(ours(), "importing.py")[0]}, COLD_RUNS * options.rounds)[""]
    work = "`import pact`, without requests, asyncio, ssl and logging"
    return [Figure(work, "the bound", 0.030, took, 1)]


@contextmanager
def servers(scripts: dict[str, tuple[Path, str]]) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """A process for each script, which runs as many tests as its standard input asks for."""
    pipe = subprocess.PIPE
    running = {}
    for name, (python, script) in scripts.items():
        command = [str(python), str(PROJECT / script), "serve", "/tmp", "0"]
        running[name] = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT)
    try:
        yield running
    finally:
        for process in running.values():
            process.stdin.close()
            process.wait()
            process.stdout.close()


def serve(options: Namespace) -> list[Figure]:
    """Define, serve, one request, verify, close, without a file; the matchers made anew in each test."""
    scripts = {RAW: (ours(), "floor.py"), PACT_PYTHON: (pact_python(), "tasks.py"), "ours": (ours(), "tasks.py")}
    figures: dict[str, list[list[float]]] = {name: [] for name in scripts}
    order = list(scripts)
    with servers(scripts) as running:
        for number in range(2 + 5 * options.rounds):  # the first two warm up
            for name in order:
                print(BATCH, file=running[name].stdin, flush=True)
                batch = json.loads(running[name].stdout.readline())
                figures[name] += batch if number > 1 else []
            order.append(order.pop(0))
    took = {name: statistics.median(map(sum, tests)) for name, tests in figures.items()}
    parts = {
        name: ", ".join(
            f"{stage} {spelled(statistics.median(part))}"
            for stage, part in zip(STAGES, zip(*tests, strict=True), strict=True)
        )
        for name, tests in figures.items()
    }
    work = "define, serve, one request, verify, close"
    return [
        Figure(f"{work} (raw: {parts[RAW]})", RAW, took[RAW], took["ours"], 1.15, parts["ours"]),
        Figure(f"the same (pact-python: {parts[PACT_PYTHON]})", PACT_PYTHON, took[PACT_PYTHON], took["ours"], 1),
    ]


def bodies(options: Namespace) -> list[Figure]:
    """JSON on both sides of an interaction, file included: a list of orders, and texts of 1 MB and 10 MB."""
    figures = []
    for name, size, reach in (("lists", 256_000, 1.1), ("bodies", 1_000_000, None), ("bodies", 10_000_000, None)):
        times: dict[str, list[float]] = {"floor.py": [], "tasks.py": []}
        for _ in range(options.rounds):
            for script, taken in times.items():
                with folder() as to:
                    taken += task(ours(), script, name, to, size)
        what = f"a list of orders of {size // 1000} kB" if name == "lists" else f"a text of {size // 1000_000} MB"
        theirs, took = map(statistics.median, times.values())
        figures.append(Figure(f"{what} on both sides, file written", RAW, theirs, took, reach))
    return figures


ROWS = {
    "serve": serve,
    "bodies": bodies,
    "suite": suite,
    "session": session,
    "verify": verify,
    "broker": broker,
    "call": call,
    "states": states,
    "app": app,
    "workers": workers,
    "cold": cold,
    "names": names,
    "import": importing,
    "xdist": xdist,
    "plugin": plugin,
}
