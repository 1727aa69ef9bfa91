"""Whatever becomes of what a command prints, its exit code says what was found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shlex import join

import pytest
from pact_broker import StandInBroker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the redirections are a shell's")

CONSUMER, PROVIDER = "Käufer→日本", "Bär→"
UNPRINTED = "the standard output cannot be written: No space left on device"


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def pact(folder: Path, path: str) -> Path:
    file = folder / "pact.json"
    request = {"request": {"method": "GET", "path": path}, "response": {"status": 200}}
    parties = {"consumer": {"name": CONSUMER}, "provider": {"name": PROVIDER}}
    file.write_text(json.dumps({**parties, "interactions": [{"description": "ä→", **request}]}))
    return file


SURROUNDINGS: dict[str, tuple[str, dict[str, str], int | None]] = {
    # redirections, variables, and the exit code where a result could not be printed
    "ASCII": ("", {"PYTHONIOENCODING": "ascii:strict"}, None),
    "code page 1252": ("", {"PYTHONIOENCODING": "cp1252:strict"}, None),
    "the locale C": ("", {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, None),
    "no standard output": (">&-", {}, None),
    "no standard error": ("2>&-", {}, None),
    "no standard streams": ("<&- >&- 2>&-", {}, None),
    "a reader who has gone": ("| head -c 0; exit ${PIPESTATUS[0]}", {}, None),
    "a full disk for results": (">/dev/full", {}, 2),
    "a full disk for errors": ("2>/dev/full", {}, None),
    "a full disk": (">/dev/full 2>&1", {}, 2),
}


@pytest.mark.parametrize("where", SURROUNDINGS)
def test_the_exit_code_is_right_whatever_becomes_of_the_output(
    where: str, broker: StandInBroker, provider: str, tmp_path: Path
) -> None:
    redirections, variables, unprinted = SURROUNDINGS[where]
    verify = ["pact_ffi", "verify", "--provider", PROVIDER, "--provider-url", provider]
    old_verify = ["pact_ffi.cli.pact_verifier", "--provider-base-url", provider]
    commands: list[tuple[list[str], str, int]] = [
        (["pact_ffi", "publish", "PACT", "--version", "1"], "/", 0),
        (["pact_ffi", "describe-version", "-a", CONSUMER, "--output", "json"], "/", 0),
        ([*verify, "PACT"], "/", 0),
        ([*verify, "PACT"], "/missing", 1),
        ([*verify, "/nowhere.json"], "/", 2),
        ([*old_verify, "PACT"], "/", 0),
    ]
    for command, path, code in commands:
        arguments = [str(pact(tmp_path, path)) if argument == "PACT" else argument for argument in command]
        done = subprocess.run(
            ["bash", "-c", f"{join([sys.executable, '-m', *arguments])} {redirections}"],
            env={**os.environ, "PACT_BROKER_BASE_URL": broker.url, **variables},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            timeout=60,
        )
        said = done.stderr.decode(errors="replace")
        assert done.returncode == (unprinted if unprinted and code == 0 else code), (command, said)
        assert "Traceback" not in said and "Exception ignored" not in said
        if redirections == ">/dev/full" and code == 0:
            assert UNPRINTED in said
        if where == "no standard error":
            assert done.stdout, command  # the results are where they always are
