"""However a process ends, nothing of it stays: no thread, port, process or temporary file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from platforms import needs_linux

from pact import Pact, Verifier

pytestmark = needs_linux

ROOT = Path(__file__).parents[2]

OPEN = """
    import os, sys, threading, time
    from pact import Consumer, Pact, Provider, Verifier
    folder = os.environ["TMPDIR"]
    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
    server = pact.serve("127.0.0.1", raises=False, verbose=False)
    server.__enter__()
    pact.write_file(os.path.join(folder, "..", "pacts"))
    service = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=folder + "/../pacts")
    service.start_service()
    import socket
    silent = socket.create_server(("127.0.0.1", 0))
    verifier = Verifier("p").add_transport(url=f"http://127.0.0.1:{silent.getsockname()[1]}")
    verifier.add_source(folder + "/../pacts").set_request_timeout(20000)
    ports = f"{server.port} {service.mock_service.url.port}"
"""


def begin(code: str, tmp_path: Path) -> subprocess.Popen[str]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    program = textwrap.dedent(OPEN) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def nothing_is_left(process: subprocess.Popen[str], ports: str, tmp_path: Path) -> None:
    for port in ports.split():
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", int(port))) != 0
    assert list((tmp_path / "temporary").iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_the_interpreter_may_exit_with_everything_open(tmp_path: Path) -> None:
    process = begin(
        """
        threading.Thread(target=verifier.verify, daemon=True).start()
        time.sleep(0.3)
        print(ports, flush=True)
        sys.exit(3)
        """,
        tmp_path,
    )
    out, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (3, "")
    nothing_is_left(process, out, tmp_path)


@pytest.mark.parametrize("busy", ["verifier.verify()", "time.sleep(30)", "threading.Event().wait()"])
def test_ctrl_c_ends_it_at_once(busy: str, tmp_path: Path) -> None:
    process = begin(f"print(ports, flush=True)\n{busy}", tmp_path)
    assert process.stdout
    ports = process.stdout.readline()
    time.sleep(0.4)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - started < 3
    assert process.returncode in (-signal.SIGINT, 1)
    assert "KeyboardInterrupt" in errors
    nothing_is_left(process, ports, tmp_path)


def test_an_exception_leaves_no_thread_and_no_port() -> None:
    before = set(threading.enumerate())
    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
    port = 0
    with pytest.raises(ZeroDivisionError), pact.serve("127.0.0.1", verbose=False, raises=False) as server:
        port = server.port or 0
        raise ZeroDivisionError
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0
    assert {each for each in threading.enumerate() if not each.name.startswith("Dummy")} <= before


def test_a_run_that_fails_leaves_no_thread_descriptor_or_file(tmp_path: Path) -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").given("s").will_respond_with(200)
    pact.write_file(tmp_path)

    def handler(state: str) -> None:
        raise KeyboardInterrupt

    def run() -> None:
        with pytest.raises(KeyboardInterrupt):
            Verifier("p").add_transport(url="http://127.0.0.1:9").add_source(tmp_path).state_handler(handler).verify()

    run()
    time.sleep(0.5)
    descriptors, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(5):
        run()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and (
        len(os.listdir("/proc/self/fd")) > descriptors or threading.active_count() > threads
    ):
        time.sleep(0.05)
    assert (len(os.listdir("/proc/self/fd")) <= descriptors, threading.active_count() <= threads) == (True, True)


SUB_INTERPRETER = """
    import sys
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    code = '''
    import socket  # http.client would import ssl, which ends some Pythons 3.12 at a sub-interpreter's end
    try:
        from pact import Pact
        pact = Pact("c", "p")
        pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
        with pact.serve("127.0.0.1") as server:
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(b"GET / HTTP/1.1\\\\r\\\\nHost: localhost\\\\r\\\\n\\\\r\\\\n")
                print("answered", connection.recv(1000).split()[1].decode(), flush=True)
    except ImportError as error:
        print("refused", error, flush=True)
    '''
    import textwrap
    one = interpreters.create()
    result = (getattr(interpreters, "exec", None) or interpreters.run_string)(one, textwrap.dedent(code))
    assert not result, result
    interpreters.destroy(one)
    print("the main one lives", flush=True)
"""


def test_a_sub_interpreter_works_or_says_why_not() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SUB_INTERPRETER)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert first == "answered 200" or first.startswith("refused")
    assert last == "the main one lives"
