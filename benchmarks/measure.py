"""What the rows of the benchmarks share: environments, processes, turns, and a figure with its reach and verdict."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import clock

PROJECT = Path(__file__).resolve().parent
ROOT = PROJECT.parent
sys.path.insert(0, str(ROOT / "tests" / "peers"))

import peer_install as peers  # noqa: E402

PACT_PYTHON = f"pact-python {peers.PACT_PYTHON}"
RAW = "the raw library"
ENVIRONMENT = {**os.environ, "PACT_DO_NOT_TRACK": "true"}
for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH"):  # each process would compile all modules anew, or find others
    ENVIRONMENT.pop(name, None)


@dataclass
class Figure:
    """What one piece of work takes us, in seconds, and what it takes somebody else."""

    work: str
    against: str
    theirs: float
    ours: float
    reach: float | None = None  # what ``ours / theirs`` should be at most
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours in terms of theirs."""
        return self.ours / self.theirs

    @property
    def verdict(self) -> str:
        """Whether the reach is met."""
        if self.reach is None:
            return ""
        return "met" if self.ratio <= self.reach else "missed"

    def cells(self) -> list[str]:
        """The figure as cells of a table."""
        reach = "" if self.reach is None else fraction(self.reach)
        ours = spelled(self.ours) + (f"; {self.note}" if self.note else "")
        return [self.work, self.against, spelled(self.theirs), ours, fraction(self.ratio), reach, self.verdict]


def fraction(ratio: float) -> str:
    """A ratio as people say it: 1/27, or 0.97."""
    return f"1/{1 / ratio:.3g}" if ratio < 0.3 else f"{ratio:.3g}"


def spelled(seconds: float) -> str:
    """Seconds, or milliseconds below one second."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


@cache
def pact_python() -> Path:
    """The Python of an environment with pact-python and requests."""
    requirements = f"pact-python=={peers.PACT_PYTHON}", f"pact-python-ffi=={peers.PACT_PYTHON_CORE}.*", "requests"
    name = f"bench-pact-python-{peers.PACT_PYTHON}-py{sys.version_info[0]}{sys.version_info[1]}"
    return peers.python_environment(name, *requirements) / "bin/python"


_environment = tempfile.TemporaryDirectory(prefix="pact-bench-environment-")


@cache
def ours() -> Path:
    """The Python of an environment with this tree, installed as users do, and what the rows need of others."""
    folder = Path(_environment.name)
    print("installing this tree ...", file=sys.stderr, flush=True)
    peers.run(sys.executable, "-m", "venv", folder)
    install = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    peers.run(*install, ROOT, "requests", "pytest", "pytest-xdist", "flask", "waitress", "fastapi", "uvicorn")
    return folder / "bin/python"


def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for the length of a block."""
    return tempfile.TemporaryDirectory(prefix="pact-bench-")


def task(python: Path, script: str, *arguments: object) -> list[float]:
    """Run a script in a process of its own and return the seconds that it printed."""
    return json.loads(output([str(python), str(PROJECT / script), *map(str, arguments)]).splitlines()[-1])


def output(command: list[str], **options: object) -> str:
    """What a command printed, which must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, **{"env": ENVIRONMENT, **options})
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def timed(command: list[str], **options: object) -> float:
    """How long a command takes as a whole process, or what it takes of the processor."""
    before, start = processor(), time.perf_counter()
    output(command, **options)
    return processor() - before if clock.CPU else time.perf_counter() - start


def processor() -> float:
    """What the processes that this one waited for have taken of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turn(runs: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The medians of what the runs return, which take turns, each round in another order."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    order = list(runs)
    for _ in range(rounds):
        for name in order:
            times[name].append(runs[name]())
        order.append(order.pop(0))
    return {name: statistics.median(each) for name, each in times.items()}


@contextmanager
def served(script: str, *arguments: object) -> Iterator[str]:
    """Run a script that serves something until its input ends; its URL."""
    command = [str(ours()), str(PROJECT / script), *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def growth(times: list[float]) -> tuple[float, float]:
    """What the first tenth of the tests took, and the last."""
    tenth = max(1, len(times) // 10)
    return sum(times[:tenth]), sum(times[-tenth:])
