"""Where the time of a row goes, for those who want to make it shorter, or to see why it cannot be."""

from __future__ import annotations

import re
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from measure import ENVIRONMENT, PROJECT, folder, in_turn, ours, output, pact_python, timed

LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)")
MODULES = 25  # the dearest of them
TESTS = 300


def cold(options: Namespace) -> str:
    """Whole processes, each doing a bit more than the one before it: instructions where valgrind is, else seconds."""
    client = "import http.client, json, order"
    used = "Pact('a', 'b').upon_receiving('c'); expected(match, 1)"
    steps = {
        "python": (ours(), "pass"),
        "+ the test's own imports: http.client, json": (ours(), client),
        "+ the core loaded": (ours(), f"{client}; import pact_ffi.core.library"),
        "the whole test as raw calls": (ours(), script("cold_raw.py")),
        "our names imported, an interaction, the matchers": (
            ours(),
            f"{client}; from order import expected; from pact import Pact, match; {used}",
        ),
        "the whole test, ours": (ours(), script("cold.py")),
        "pact-python's names imported, an interaction, the matchers": (
            pact_python(),
            f"{client}; from order import expected; from pact import Pact, match; {used}",
        ),
        "the whole test, pact-python": (pact_python(), script("cold.py")),
    }

    def run(python: Path, code: str) -> Callable[[], float]:
        def in_folder() -> float:
            with folder() as to:
                return measure([str(python), "-c", code, to], cwd=PROJECT)

        return in_folder

    exact = shutil.which("valgrind") is not None
    measure, unit = (instructions, "million instructions") if exact else (timed, "seconds")
    whole = {name: run(*step) for name, step in steps.items()}
    ended = {f"{name}!": run(python, f"{code}\nimport os; os._exit(0)") for name, (python, code) in steps.items()}
    took = in_turn(whole | ended, 1 if exact else 10 * options.rounds)
    lines = [f"whole processes, and what of it the interpreter's end takes, in {unit}:"]
    for name in steps:
        lines.append(f"{took[name]:9.4g} {max(0, took[name] - took[f'{name}!']):7.3g}  {name}")
    return "\n".join([*lines, "", *imported()])


def instructions(command: list[str], **options: object) -> float:
    """How many million instructions a process runs, which other processes do not change."""
    counting = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    variables = {**ENVIRONMENT, "PYTHONHASHSEED": "0"}
    done = subprocess.run(counting, capture_output=True, text=True, env=variables, check=True, **options)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]) / 1e6


def script(name: str) -> str:
    """The code that runs a script as it is."""
    return f"exec(open({name!r}).read())"


def imported() -> list[str]:
    """What our test imports and the raw calls do not: microseconds of each module, without what it imports."""
    raw, own = (import_times(ours(), name) for name in ("cold_raw.py", "cold.py"))
    more = {name: took for name, took in own.items() if name not in raw}
    dearest = sorted(more.items(), key=lambda item: -item[1])[:MODULES]
    return [
        f"{len(more)} modules more than the raw calls need: {sum(more.values()) / 1000:.1f} ms; the dearest, in us:",
        *(f"{took:14.0f} {name}" for name, took in dearest),
    ]


def import_times(python: Path, name: str) -> dict[str, float]:
    """The least microseconds that each module's import took in some runs."""
    times: dict[str, list[int]] = {}
    for _ in range(10):
        with folder() as to:
            command = [str(python), "-X", "importtime", name, to]
            done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, cwd=PROJECT)
        for took, module in LINE.findall(done.stderr):
            times.setdefault(module, []).append(int(took))
    return {module: min(each) for module, each in times.items()}


def serve(options: Namespace) -> str:
    """The functions of ours in which the tests of the row ``serve`` spend most time, by cProfile."""
    code = (
        "import cProfile, io, pstats, sys; sys.argv = ['tasks.py', 'serve', '/tmp', '0'];"
        f"sys.stdin = io.StringIO('20\\n{TESTS}\\n'); profile = cProfile.Profile();"
        f"profile.run({script('tasks.py')!r}); pstats.Stats(profile).sort_stats('tottime').print_stats('pact_ffi', 40)"
    )
    lines = output([str(ours()), "-c", code], cwd=PROJECT).splitlines()
    table = [re.sub(r"/\S+/site-packages/", "", line) for line in lines if not line.startswith("[[")]
    return "\n".join([f"{TESTS + 20} tests; the profiler makes Python some three times as slow", *table])


PROFILES = {"cold": cold, "serve": serve}
