"""The rows of verification: state handlers, applications in the same process, and several workers."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import clock
from measure import PACT_PYTHON, RAW, Figure, folder, in_turn, ours, pact_python, served, task

STATES = 100
FRAMEWORKS = {"flask": "waitress", "fastapi": "uvicorn"}


def pact_file(path: str, count: int) -> Path:
    """A pact file with ``count`` interactions, written by our consumer."""
    task(ours(), "tasks.py", "session", path, count)
    return next(Path(path).glob("*.json"))


def verified(python: Callable[[], Path], to: str, count: int, *more: str, script: str = "tasks.py") -> float:
    """How long it takes to verify a file against a provider of its own, which remembers all requests."""
    with served("provider.py") as url:
        return task(python(), script, "verify", to, count, url, *more)[0]


def states(options: Namespace) -> list[Figure]:
    """A hundred interactions with one state handler; of the raw library with a state URL, an interaction at a time."""
    with folder() as to:
        pact_file(to, STATES)
        runs = {
            PACT_PYTHON: lambda: verified(pact_python, to, STATES),
            RAW: lambda: verified(ours, to, STATES, script="floor.py"),
            "ours": lambda: verified(ours, to, STATES),
        }
        took = in_turn(runs, options.rounds)
    each = {name: seconds / STATES for name, seconds in took.items()}
    work = f"one of {STATES} interactions with one state handler"
    return [
        Figure(work, PACT_PYTHON, each[PACT_PYTHON], each["ours"], 1 / 8),
        Figure(work, RAW, each[RAW], each["ours"]),
    ]


def app(options: Namespace) -> list[Figure]:
    """An application in the same process, against the same one behind a server in a process of its own."""
    figures = []
    with folder() as to:
        pact_file(to, STATES)
        for framework, server in FRAMEWORKS.items():
            runs = {
                name: lambda where=where, framework=framework: task(ours(), "inprocess.py", framework, where, to)[0]
                for name, where in ((server, "server"), ("ours", "here"))
            }
            took = in_turn(runs, options.rounds)
            work = f"{STATES} interactions verified, the {framework} application in the same process"
            figures.append(Figure(work, f"behind {server}, in a process of its own", took[server], took["ours"], 0.8))
    return figures


def workers(options: Namespace) -> list[Figure]:
    """Two workers against one: a provider in a process of its own, and one that takes 5 ms for each answer."""
    if clock.CPU:
        return []  # they take as much of the processors as one
    count, figures = options.interactions, []
    with folder() as to:
        pact_file(to, count)
        for kind, script in (("stateless provider", "provider.py"), ("provider that takes 5 ms", "slow_provider.py")):

            def run(number: int, script: str = script) -> float:
                with served(script) as url:
                    return task(ours(), "tasks.py", "verify_with_workers", to, count, url, number)[0]

            took = in_turn({"1": lambda: run(1), "2": lambda: run(2)}, options.rounds)
            figures.append(Figure(f"{count} interactions, {kind}, 2 workers", "1 worker", took["1"], took["2"], 0.6))
    return figures
