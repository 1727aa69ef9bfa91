"""Names stay in the folder, servers on loopback, secrets secret; nothing phones home; the library is the locked one."""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from platforms import needs_linux

from pact import Consumer, MessageConsumer, Pact, Provider, Verifier
from pact.error import PactError

pytestmark = needs_linux

ROOT = Path(__file__).parents[2]
NAMES = ["../x", "..", "a/b", "/etc/x", "a\\b", "a\0b", "a\nb", "x" * 300, "../" * 20 + "x", "C:\\x", "."]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_the_pact_directory(name: str, tmp_path: Path) -> None:
    inner = tmp_path / "pacts"

    def modern() -> None:
        pact = Pact(name, "p")
        pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
        pact.write_file(inner)

    def classic() -> None:
        with MessageConsumer(name).has_pact_with(Provider("p"), pact_dir=str(inner)) as messages:
            messages.expects_to_receive("m").with_content({"a": 1}).with_metadata({})

    for write in (modern, classic, lambda: Consumer("c").has_pact_with(Provider(name), pact_dir=str(inner))):
        try:
            write()
        except PactError:
            continue
    assert [each for each in tmp_path.rglob("*") if each.is_file() and each.parent != inner] == []


def listeners() -> set[str]:
    """The addresses on which this process listens."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            inherited = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with inherited:
            try:
                if inherited.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.add(str(inherited.getsockname()[0]))
            except OSError:
                continue
    return found


def test_all_servers_listen_on_loopback_only(tmp_path: Path) -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").given("s").will_respond_with(200)
    pact.write_file(tmp_path)
    seen: set[str] = set()
    with pact.serve(raises=False, verbose=False):
        seen |= listeners()
    service = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=str(tmp_path))
    service.start_service()
    seen |= listeners()
    service.stop_service()

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    verifier = Verifier("p").add_source(tmp_path).app(app).request_filter(lambda request: None)
    verifier.state_handler(lambda state: seen.update(listeners())).verify()
    assert seen
    assert seen <= {"127.0.0.1", "::1"}


SECRETS = """
    import http.client, http.server, logging, os, sys, threading, traceback
    logging.basicConfig(level=1, stream=sys.stderr)
    from pact import Pact, Verifier
    from pact.error import PactError

    def told(call):
        try:
            call()
        except PactError as error:
            print(repr(error), str(error), error.args)
            traceback.print_exc()

    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").with_header("Authorization", "Bearer SECRET-1").given("s")
    pact.write_file(".")
    def serve():
        with pact.serve("127.0.0.1") as server:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("GET", "/", headers={"Authorization": "Bearer SECRET-2", "X-Api-Key": "SECRET-3"})
            connection.getresponse().read()
    told(serve)

    class Provider(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(500)
            self.send_header("Set-Cookie", "session=SECRET-4")
            self.end_headers()
        do_POST = do_GET
        def log_message(self, *_):
            pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    def verifier():
        found = Verifier("p").add_transport(url=url).add_custom_header("Authorization", "Basic SECRET-5")
        return found.add_custom_header("X-Token", "SECRET-6")
    told(lambda: verifier().add_source(".").verify())
    for login in ({"token": "SECRET-7"}, {"username": "u", "password": "SECRET-8"}):
        found = verifier().broker_source(url, **login)
        print(found, repr(found), found._settings)
        told(found.verify)
        told(lambda: print(found.logs, found.output(), found.results))
    told(lambda: verifier().broker_source(f"http://u:SECRET-9@127.0.0.1:{server.server_port}").verify())
    told(lambda: verifier().add_source(f"http://u:SECRET-9@127.0.0.1:{server.server_port}/p.json").verify())
    told(lambda: verifier().state_handler(f"http://u:SECRET-9@127.0.0.1:{server.server_port}/s", body=True))
"""


def test_secrets_are_in_no_log_report_representation_or_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    hidden = textwrap.dedent(SECRETS).replace("SECRET-", r"\x53ECRET-")  # a traceback shows its lines
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", hidden],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = done.stdout + done.stderr
    assert [line for line in told.splitlines() if "SECRET-" in line] == []
    assert "***" in told


def test_the_statistics_of_the_core_are_off() -> None:
    code = 'import os, pact; pact.Pact("c", "p").serve(); print(os.environ["PACT_DO_NOT_TRACK"])'
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PACT_")}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.stdout.strip() == "true", done.stderr


def test_the_library_in_place_is_the_one_of_the_lock() -> None:
    fetch: Any = runpy.run_path(str(ROOT / "vendor" / "fetch.py"))
    lock = json.loads((ROOT / "vendor" / "lock.json").read_text())
    hashes = json.dumps(lock["platforms"][fetch["this_platform"]()])
    (library,) = (ROOT / "pact_ffi" / "core" / "lib").glob("*pact_ffi.*")
    assert hashlib.sha256(library.read_bytes()).hexdigest() in hashes
