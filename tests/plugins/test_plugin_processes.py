"""No process of a plugin is left: not behind a pact, not behind the program that used it."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from platforms import needs_fork

from pact import Pact

from .conftest import LABELS, PluginFolder

ROOT = Path(__file__).parents[2]
USE = f"""
from pact import Pact
pact = Pact("consumer", "provider").using_plugin("labels")
pact.upon_receiving("a question", "Sync").with_plugin_contents({{"request": {{"a": "b"}}}}, {LABELS!r})
"""


def make(name: str) -> Pact:
    pact = Pact("consumer", name).using_plugin("labels")
    pact.upon_receiving("a person").with_request("POST", "/").with_plugin_contents(
        {"a": "b"}, LABELS
    ).will_respond_with(200)
    return pact


def start(code: str, use: str = USE) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", use + textwrap.dedent(code)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_process_ends_with_the_last_pact_that_uses_it(plugins: PluginFolder, tmp_path: Path) -> None:
    first, second = make("one"), make("two")
    for pact in (first, second):
        pact.write_file(tmp_path)
        with pact.serve(raises=False, verbose=False):
            pass
    del pact, first
    gc.collect()
    assert len(plugins.running()) == 1
    second.write_file(tmp_path / "again")
    del second
    gc.collect()
    assert plugins.nothing_runs()


def test_a_pact_that_changes_all_the_time_leaves_nothing(plugins: PluginFolder, tmp_path: Path) -> None:
    pact = make("one")
    for number in range(5):
        pact.upon_receiving(f"number {number}").with_request("POST", "/").with_plugin_contents(
            {"a": "b"}, LABELS
        ).will_respond_with(200)
        pact.write_file(tmp_path)
    del pact
    gc.collect()
    assert plugins.nothing_runs()
    assert len(plugins.calls("InitPlugin")) == 1


def test_a_pact_that_could_not_be_built_leaves_nothing(plugins: PluginFolder) -> None:
    pact = make("one")
    pact.upon_receiving("bad").with_request("POST", "/").with_plugin_contents({"a": 5}, LABELS)
    with pytest.raises(Exception, match="has to be a text"):
        pact.write_file()
    del pact
    gc.collect()
    assert plugins.nothing_runs()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("", 0),
        ("raise RuntimeError('a bug of the test')", 1),
        ("pact.serve('127.0.0.1', transport='lines', raises=False).start()", 0),
    ],
)
def test_the_end_of_the_program_ends_the_plugin(plugins: PluginFolder, code: str, status: int) -> None:
    with start(code) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == status, errors
    assert len(plugins.calls("InitPlugin")) == 1
    assert plugins.nothing_runs()


@pytest.mark.parametrize(
    "code",
    [
        "with pact.serve('127.0.0.1', transport='lines'): raise SystemExit(3)",
        "server = pact.serve('127.0.0.1', transport='lines'); server.start()",
        "import threading; threading.Thread(target=pact.serve('127.0.0.1', transport='lines').start).start()",
    ],
)
def test_the_end_of_a_program_whose_contract_was_not_met_ends_the_plugin_too(plugins: PluginFolder, code: str) -> None:
    with start(code) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 120, errors  # as CPython ends then, see tests/consumer/test_outcomes.py
    assert errors.splitlines()[-2:] == [
        "The contract was not met:",
        "consumer -> provider: a question: 'a question' was not called",
    ]
    assert len(plugins.calls("InitPlugin")) == 1
    assert plugins.nothing_runs()


def test_ctrl_c_ends_the_plugin(plugins: PluginFolder) -> None:
    code = "import time\nwith pact.serve('127.0.0.1', transport='lines'):\n    print(1, flush=True)\n    time.sleep(30)"
    with start(code) as process:
        assert process.stdout and process.stdout.readline() == "1\n"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode != 0
    assert plugins.nothing_runs()


def test_ctrl_c_in_a_verification_ends_the_plugin(plugins: PluginFolder, tmp_path: Path) -> None:
    pact = Pact("consumer", "provider").using_plugin("labels")
    contents = {"request": {"a": "b"}, "response": {"c": "d"}}
    pact.upon_receiving("a question", "Sync").with_plugin_contents(contents, LABELS)
    with pact.serve("127.0.0.1", transport="lines", raises=False, verbose=False):
        pass
    pact.write_file(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code = f"""
        from pact import Verifier
        verifier = Verifier("provider", "127.0.0.1").add_source({str(tmp_path)!r})
        verifier.add_transport(protocol="lines", port={silent.getsockname()[1]}).verify()
        """
        with start(code, use="") as process:
            assert plugins.until(lambda: bool(plugins.calls("VerifyInteraction")), 20)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        del pact
        gc.collect()
        assert plugins.nothing_runs()
    assert errors.splitlines()[-1] == "KeyboardInterrupt"


@needs_fork
def test_a_forked_child_leaves_the_plugin_to_its_parent(plugins: PluginFolder) -> None:
    code = """
    import os, sys
    child = os.fork()
    if child == 0:
        sys.exit(0)  # with its exit functions
    assert os.waitpid(child, 0)[1] == 0
    pact._built.changing()
    pact.build(pact.interactions("All"))
    """
    with start(code) as process:
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert len(plugins.calls("InitPlugin")) == 1
    assert plugins.nothing_runs()
