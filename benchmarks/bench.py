"""Time our work side by side with the peers': medians, ratios, growth.

Usage: ci/bench [--tests N] [--rounds N] [ROW ...]   rows: suite session verify call cold serve bodies xdist plugin
Each works on the order of order.py, a body as people have them. For the row ``cold`` use a Python in which pact-ffi is
installed from a wheel: an editable installation costs 20 ms a start. The peers are installed at first use, into a
folder of the user's cache: pact-python 4.2.0, the Rust command line, pact-js.
A thousand tests with a write in each take pact-python and pact-js nine minutes; ``--tests 200`` gives a first look.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tests" / "peers"))

import peer_install as peers  # noqa: E402

OURS = Path(sys.executable)
ENVIRONMENT = {**os.environ, "PACT_DO_NOT_TRACK": "true", "PYTHONPATH": str(PROJECT)}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)  # pytest would compile its plugins anew in each run


@cache
def pact_python() -> Path:
    """The Python of an environment with pact-python and requests."""
    requirements = f"pact-python=={peers.PACT_PYTHON}", f"pact-python-ffi=={peers.PACT_PYTHON_CORE}.*", "requests"
    name = f"bench-pact-python-{peers.PACT_PYTHON}-py{sys.version_info[0]}{sys.version_info[1]}"
    return peers.python_environment(name, *requirements) / "bin/python"


def task(python: Path, script: str, *arguments: object) -> list[float]:
    """Run a script in a process of its own and return the seconds that it printed."""
    command = [str(python), str(PROJECT / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def js(script: str, *arguments: object) -> list[float]:
    """Run a script on pact-js and return the seconds that it printed."""
    return json.loads(peers.pact_js().run(PROJECT / script, *map(str, arguments)).stdout.strip().splitlines()[-1])


def line(what: str, seconds: float, reference: float | None = None, reach: str = "") -> None:
    """Print a figure and what it is of the reference."""
    ratio = f"  {seconds / reference:8.4f} of it (1/{reference / seconds:.1f})" if reference else ""
    print(f"  {what:46} {seconds * 1000:12.2f} ms{ratio}  {reach}", flush=True)


def growth(times: list[float]) -> str:
    """The last tenth in terms of the first."""
    tenth = max(1, len(times) // 10)
    return f"last tenth / first tenth: {sum(times[-tenth:]) / sum(times[:tenth]):.2f}"


@contextmanager
def provider():
    """A provider in a process of its own; its URL."""
    command = [str(OURS), str(PROJECT / "provider.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="pact-bench-")


def pact_file(path: Path, count: int) -> Path:
    """A pact file with ``count`` interactions, written by our consumer."""
    task(OURS, "tasks.py", "suite", path, count)
    return next(path.glob("*.json"))


def suite(options: argparse.Namespace) -> None:
    """Consumer suite, the file written in each test."""
    runs: dict[str, Callable[[Path], list[float]]] = {
        "pact-python 4.2.0": lambda to: task(pact_python(), "tasks.py", "suite", to, options.tests),
        "pact-js": lambda to: js("suite.js", to, options.tests),
        "ours": lambda to: task(OURS, "tasks.py", "suite", to, options.tests),
    }
    reference = None
    for name, run in runs.items():
        if name == "pact-js" and options.tests > 300:
            print("  pact-js: timed with up to 300 tests only")
            continue
        with folder() as to:
            times = run(Path(to))
        line(f"{name}, {options.tests} tests", sum(times), reference, growth(times))
        reference = options.suite = reference or sum(times)


def pytest_run(to: str, count: int, *arguments: str, **environment: str) -> float:
    """Wall time of a pytest run of the session benchmark."""
    (Path(to) / "test_bench.py").write_text((PROJECT / "session_test.py").read_text())
    command = [str(OURS), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--pact-dir={to}/pacts", *arguments, to]
    variables = {**ENVIRONMENT, "BENCH_TESTS": str(count), **environment}
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=to, env=variables)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start


def written(to: str) -> int:
    """How many interactions are in the pact file."""
    (file,) = (Path(to) / "pacts").glob("*.json")
    return len(json.loads(file.read_text())["interactions"])


def session(options: argparse.Namespace) -> None:
    """The same in a session of the library's own and through the pytest fixtures, the file written once."""
    with folder() as to:
        times = task(OURS, "tasks.py", "session", to, options.tests)
    line(f"ours, {options.tests} tests in a session", sum(times), options.suite, growth(times[:-1]))
    runs = []
    for _ in range(options.rounds):
        with folder() as to:
            took = pytest_run(to, options.tests)
            assert written(to) == options.tests
            runs.append((took, growth(json.loads((Path(to) / "times.json").read_text()))))
    took, grown = sorted(runs)[len(runs) // 2]
    line(f"ours, {options.tests} tests, the whole pytest process", took, options.suite, grown)


def xdist(options: argparse.Namespace) -> None:
    """200 tests with ``pytest -n 2``, all interactions in the file; against the same requests without a pact."""
    with folder() as to, provider() as url:
        plain = pytest_run(to, 200, "-n", "2", BENCH_PLAIN=url)
        line("plain requests, -n 2", plain)
        line("with pacts, -n 2", pytest_run(to, 200, "-n", "2"), plain, f"{written(to)} of 200 in the file")


def plugin(options: argparse.Namespace) -> None:
    """A pytest run that uses no pact, without our plugin and with it."""
    with folder() as to:
        (Path(to) / "test_plain.py").write_text("def test_plain():\n    pass\n")
        command = [str(OURS), "-m", "pytest", "-q", "-p", "no:cacheprovider", to]
        runs = {"without": [*command, "-p", "no:pact_ffi"], "with": command}
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(20):
            for name, run in runs.items():
                times[name].append(timed(run))
        without, with_it = (statistics.median(each) for each in times.values())
        line("a pytest run without the plugin", without)
        line("with it", with_it, without, f"{(with_it - without) * 1000:+.1f} ms")


def verify(options: argparse.Namespace) -> None:
    """Verification of a file with 100 and 1000 interactions and states."""
    figures = {count: verified(count, options.rounds) for count in (100, 1000)}
    for name, small in figures[100].items():
        each, later = small / 100, figures[1000][name] / 1000
        print(f"  {name}: {each * 1000:.2f} ms each at 100, {later * 1000:.2f} at 1000: x {later / each:.2f}")


def verified(count: int, rounds: int) -> dict[str, float]:
    """How long each verifier takes for ``count`` interactions."""
    with folder() as to:
        file = pact_file(Path(to), count)

        def command_line(url: str) -> float:
            where = ["--hostname", "127.0.0.1", "--port", url.rsplit(":", 1)[1], "--state-change-url", f"{url}/states"]
            cli = [str(peers.pact_cli()), "verifier", "--file", str(file), "--provider-name", "bench-provider"]
            return timed([*cli, *where])

        runs: dict[str, Callable[[str], float]] = {
            "pact-python 4.2.0": lambda url: task(pact_python(), "tasks.py", "verify", to, count, url)[0],
            "Rust command line": command_line,
            "pact-js": lambda url: js("verify.js", file, url)[0],
            "ours": lambda url: task(OURS, "tasks.py", "verify", to, count, url)[0],
        }
        found: dict[str, float] = {}
        for name, run in runs.items():
            times = []
            for _ in range(rounds if name == "ours" else 1):
                with provider() as url:  # a new one: it remembers all requests
                    times.append(run(url))
            found[name] = statistics.median(times)
            line(f"{name}, {count} interactions", found[name], found["pact-python 4.2.0"])
    return found


def timed(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - start


def call(options: argparse.Namespace) -> None:
    """Verification of one interaction with a state handler, as a call."""
    with folder() as to, provider() as url:
        pact_file(Path(to), 1)
        reference = None
        for name, python in (("pact-python 4.2.0", pact_python()), ("ours", OURS)):
            took = statistics.median(task(python, "tasks.py", "verify_calls", to, 1, url))
            line(name, took, reference)
            reference = reference or took


def cold(options: argparse.Namespace) -> None:
    """Import, one test, file written: the whole process."""
    reference = None
    for name, python in (("pact-python 4.2.0", pact_python()), ("ours", OURS)):
        times = []
        for _ in range(20):
            with folder() as to:
                times.append(timed([str(python), str(PROJECT / "cold.py"), to]))
        line(name, statistics.median(times), reference)
        reference = reference or statistics.median(times)


BATCH = 20
STAGES = "build", "serve", "request", "verify and close"


@contextmanager
def servers(scripts: dict[str, tuple[Path, str]]):
    """A process for each script, which runs as many tests as its standard input asks for."""
    running = {
        name: subprocess.Popen(
            [str(python), str(PROJECT / script), "serve", "/tmp", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        for name, (python, script) in scripts.items()
    }
    try:
        yield running
    finally:
        for process in running.values():
            process.stdin.close()
            process.wait()
            process.stdout.close()


def serve(options: argparse.Namespace) -> None:
    """Define, serve, one request, verify, close, without a file; the matchers made anew in each test."""
    scripts = {
        "the raw library": (OURS, "floor.py"),
        "pact-python 4.2.0": (pact_python(), "tasks.py"),
        "ours": (OURS, "tasks.py"),
    }
    figures: dict[str, list[list[float]]] = {name: [] for name in scripts}
    order = list(scripts)
    with servers(scripts) as running:
        for number in range(2 + 5 * options.rounds):  # the first two warm up
            for name in order:
                print(BATCH, file=running[name].stdin, flush=True)
                batch = json.loads(running[name].stdout.readline())
                figures[name] += batch if number > 1 else []
            order.append(order.pop(0))
    totals = {name: statistics.median(map(sum, tests)) for name, tests in figures.items()}
    for name, tests in figures.items():
        parts = [statistics.median(stage) * 1000 for stage in zip(*tests, strict=True)]
        split = ", ".join(f"{stage} {part:.2f}" for stage, part in zip(STAGES, parts, strict=True))
        line(
            f"{name}, {len(tests)} tests",
            totals[name],
            None if name == "the raw library" else totals["the raw library"],
            split,
        )
    floor, peer, ours = totals.values()
    print(f"  ours / raw library {ours / floor:.3f}   ours / pact-python {ours / peer:.3f}")


def bodies(options: argparse.Namespace) -> None:
    """JSON on both sides of an interaction, file included: a list of orders, and texts of 1 MB and 10 MB."""
    for task_name, size in (("lists", 256_000), ("bodies", 1_000_000), ("bodies", 10_000_000)):
        times: dict[str, list[float]] = {"floor.py": [], "tasks.py": []}
        for _ in range(options.rounds):
            for script, taken in times.items():
                with folder() as to:
                    taken += task(OURS, script, task_name, to, size)
        raw, ours = map(statistics.median, times.values())
        what = f"{size // 1000} kB " + ("of orders as a list" if task_name == "lists" else "as text")
        line(f"the raw library, {what}", raw)
        line(f"ours, {what}", ours, raw)


ROWS = {
    "suite": suite,
    "session": session,
    "verify": verify,
    "call": call,
    "cold": cold,
    "serve": serve,
    "bodies": bodies,
}
ROWS |= {"xdist": xdist, "plugin": plugin}


def main() -> None:
    """Run the rows that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=1000, help="tests of the consumer suite")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions of what is quick")
    parser.add_argument("rows", nargs="*", metavar="ROW", default=[])
    parser.set_defaults(suite=None)  # what pact-python took for that row
    options = parser.parse_args()
    for name in options.rows or ROWS:
        print(f"{name}: {ROWS[name].__doc__}")
        ROWS[name](options)


if __name__ == "__main__":
    main()
