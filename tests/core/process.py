"""Run a piece of Python in a process of its own; crashes and import errors are then something to look at."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]

SERVE = """
import http.client
from pact_ffi.core.library import ffi, lib, listening

def serve(status=200):
    pact = lib.pactffi_new_pact(b"consumer", b"provider")
    interaction = lib.pactffi_new_interaction(pact, b"a request")
    lib.pactffi_with_request(interaction, b"GET", b"/")
    lib.pactffi_response_status(interaction, status)
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", ffi.NULL)
    assert port > 0, port
    listening(port, True)
    return port

def get(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
"""


def run(code: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run ``code`` with changes of the environment (None removes a variable)."""
    wanted: dict[str, str | None] = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    variables = {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(code)],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def output(code: str, **environment: str | None) -> str:
    """As `run`, for code that has to end well and write nothing to stderr."""
    result = run(code, **environment)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return result.stdout.strip()
