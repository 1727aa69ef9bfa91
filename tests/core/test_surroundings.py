"""Whatever the process around us is like, a verification says what is so, and leaves all as it was."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from platforms import needs_posix

sys.path.insert(0, str(Path(__file__).parent))
from process import output, run  # noqa: E402

STORY = """
import os, sys, threading, http.server
from pact import Pact, Verifier

class Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
threading.Thread(target=server.serve_forever, daemon=True).start()
FOLDER = os.environ["PACTS"]

def verifier(consumer="consumer", state=None, status=200):
    pact = Pact(consumer, "provider")
    interaction = pact.upon_receiving("a request")
    if state: interaction.given(state)
    interaction.with_request("GET", "/").will_respond_with(status)
    pact.write_file(FOLDER, overwrite=True)
    url = f"http://127.0.0.1:{server.server_port}"
    return Verifier("provider").add_transport(url=url).add_source(f"{FOLDER}/{consumer}-provider.json")

def say(text):
    sys.stderr.write(str(text))
"""


def story(code: str, tmp_path: Path, *, shell: str = "", **environment: str | None) -> tuple[int, str, str]:
    """Run ``code`` after the story; returns exit code, what went to stdout, and to stderr."""
    program = STORY + textwrap.dedent(code)
    if not shell:
        result = run(program, PACTS=str(tmp_path / "pacts"), **environment)
        return result.returncode, result.stdout, result.stderr
    script = tmp_path / "story.py"
    script.write_text(program, encoding="utf-8")
    command = ["bash", "-c", f"PACTS={tmp_path}/pacts {sys.executable} {script} {shell}"]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2])
    return process.returncode, process.stdout, process.stderr


@needs_posix
@pytest.mark.parametrize("shell", [">&-", "<&- >&-", ">/dev/full"])
def test_a_standard_output_that_nobody_reads(shell: str, tmp_path: Path) -> None:
    assert story("verifier().verify(); say('verified')", tmp_path, shell=shell) == (0, "", "verified")


@needs_posix
def test_another_file_in_the_place_of_the_standard_output_is_never_written_to(tmp_path: Path) -> None:
    script = tmp_path / "late.py"
    script.write_text(
        f"mine = open({str(tmp_path / 'mine')!r}, 'w')\nassert mine.fileno() == 1\n{STORY}\n"
        "try:\n    verifier().verify()\nexcept Exception as error:\n    say(f'{type(error).__name__}: {error}')\n",
        encoding="utf-8",
    )
    command = ["bash", "-c", f"PACTS={tmp_path}/pacts {sys.executable} {script} >&-"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2]).stderr
    assert said.startswith("UsageError: this process was started without standard output")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nowhere.pem"),
        ("SSL_CERT_DIR", "/nowhere"),
        ("REQUESTS_CA_BUNDLE", "/nowhere.pem"),
        ("CURL_CA_BUNDLE", "/nowhere.pem"),
        ("TMPDIR", "/nowhere"),
        ("TMPDIR", "/proc"),
        ("PYTHONIOENCODING", "ascii"),
        ("HOME", None),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("PACT_PLUGIN_DIR", "/nowhere"),
    ],
)
def test_variables_that_lead_nowhere(name: str, value: str | None, tmp_path: Path) -> None:
    assert story("verifier().verify(); say('verified')", tmp_path, **{name: value}) == (0, "", "verified")


@needs_posix
def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    code = """
    ready = verifier()
    os.mkdir(FOLDER + "/gone"); os.chdir(FOLDER + "/gone"); os.rmdir(FOLDER + "/gone")
    ready.verify()
    say("verified")
    """
    assert story(code, tmp_path) == (0, "", "verified")


def test_verifications_inside_of_a_state_handler(tmp_path: Path) -> None:
    code = """
    def handler(state, parameters):
        print("before", flush=True)
        verifier("good").verify()
        try:
            verifier("bad", status=201).verify()
        except AssertionError:
            print("broken", flush=True)
        os.write(1, b"after\\n")
    verifier(state="a state").state_handler(handler).verify()
    print("end")
    """
    assert story(code, tmp_path) == (0, "before\nbroken\nafter\nend\n", "")


def test_what_a_handler_prints_comes_at_once_and_nothing_else_does(tmp_path: Path) -> None:
    code = """
    def handler(state, parameters):
        os.write(1, b"from the handler\\n")
    verifier(state="a state").state_handler(handler).verify()
    """
    assert story(code, tmp_path) == (0, "from the handler\n", "")


def test_a_fake_file_system_is_refused_by_name(tmp_path: Path) -> None:
    code = """
    from pyfakefs.fake_filesystem_unittest import Patcher
    ready, pact = verifier(), Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/").will_respond_with(200)
    with Patcher() as patcher:
        patcher.fs.add_real_directory(FOLDER)
        for action in (ready.verify, lambda: pact.write_file("/pacts")):
            try:
                action()
            except Exception as error:
                say(f"{type(error).__name__}: {str(error)[:38]}\\n")
        with pact.serve(raises=False):
            pass
        patcher.pause()
        ready.verify()
        patcher.resume()
    """
    said = "UsageError: a fake file system (pyfakefs) is activ\n" * 2
    assert story(code, tmp_path) == (0, "", said)


def test_a_user_without_a_home_folder() -> None:
    code = """
    import pathlib
    def nobody(cls=None): raise RuntimeError("Could not determine home directory.")
    pathlib.Path.home = nobody
    from pact import Pact
    from pact.error import PactError
    from pact_ffi.cli.info import describe
    try:
        Pact("c", "p").using_plugin("avro")
    except PactError as error:
        print(error)
    print(dict(describe())["plugins"])
    """
    (first, second) = output(code, PACT_PLUGIN_DIR=None).splitlines()
    assert first == second
    assert first.startswith("the folder of the plugins is unknown: PACT_PLUGIN_DIR is not set")


CLOCKS = {
    "stands still": "lambda: 5.0",
    "jumps ahead": "iter(range(0, 10**9, 10**5)).__next__",
    "goes back": "iter(range(10**9, 0, -1000)).__next__",
    "is none": "lambda: None",
}
SLOW = """
import socket, time
from unittest import mock
listener = socket.create_server(("127.0.0.1", 0))
def talk():
    while True:
        client, _ = listener.accept()
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 1000\\r\\n\\r\\n")
        try:
            while True:
                client.sendall(b"x")
                real_sleep(0.05)
        except OSError:
            pass
real_sleep = time.sleep
threading.Thread(target=talk, daemon=True).start()
slow = f"http://127.0.0.1:{listener.getsockname()[1]}"
verifier()
def slowly():
    return Verifier("provider").add_transport(url=slow).add_source(f"{FOLDER}/consumer-provider.json")
def told(verifier, words):
    try:
        verifier.verify()
    except AssertionError as error:
        say("" if words in str(error) else error)
    else:
        say("green")
"""


@pytest.mark.parametrize("kind", CLOCKS)
def test_a_clock_that_a_test_has_changed_neither_hangs_nor_ends_a_verification(kind: str, tmp_path: Path) -> None:
    code = f"""
    {{}}
    ready = verifier(state="s").state_handler(lambda state: None).set_time_limit(20)
    ready.verify()
    with mock.patch("time.monotonic", {CLOCKS[kind]}), mock.patch("time.time", lambda: 0.0):
        ready.verify()
        told(slowly().set_request_timeout(300), "timeout: no whole answer from the provider")
        told(slowly().request_filter(lambda request: None).set_request_timeout(300), "within 0.3 s")
        told(slowly().set_request_timeout(60000).set_time_limit(0.3), "time limit of 0.3 seconds")
        sleeping = verifier(state="s").state_handler(lambda state: real_sleep(5)).set_time_limit(0.3)
        told(sleeping, "time limit of 0.3 seconds, in provider state handler")
    say("verified")
    """
    assert story(textwrap.dedent(code).format(SLOW), tmp_path) == (0, "", "verified")


CHILDREN = {
    "exits": "sys.exit(0)",
    "exits with a number": "sys.exit(3)",
    "exits with a text": "sys.exit('no')",
    "raises": "raise LookupError('in the child')",
    "comes back": "pass",
    "is interrupted": "raise KeyboardInterrupt",
}


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork")
@pytest.mark.parametrize("child", CHILDREN)
def test_a_child_that_a_handler_forked_never_goes_on_with_the_verification(child: str, tmp_path: Path) -> None:
    code = f"""
    ended = []
    def handler(*_):
        child = os.fork()
        if child:
            ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        else:
            {CHILDREN[child]}
    verifier(state="s").state_handler(handler).request_filter(handler).verify()
    print(ended)
    say("verified")
    """
    expected = {"exits": 0, "exits with a number": 3}.get(child, 1)
    status, out, errors = story(code, tmp_path)
    assert (status, out) == (0, f"{[expected] * 2}\n") and errors.endswith("verified")
    assert errors.count("forked a process that came back from it") == (0 if child.startswith("exits") else 2)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("tempfile.tempdir = '/nowhere'", "cannot verify: no temporary file to be had: No such file or directory"),
        ("tempfile.tempdir = '/proc'", "cannot verify: no temporary file to be had"),
        (
            "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))",
            "Too many open files",
        ),
        ("mock.patch('socket.create_server', side_effect=OSError(1, 'Not now')).start()", "to be had: Not now"),
        ("mock.patch('threading.Thread.start', side_effect=RuntimeError('no thread')).start()", "has no thread left"),
    ],
)
def test_what_the_system_does_not_give_is_named(trouble: str, words: str, tmp_path: Path) -> None:
    code = f"""
    import resource, tempfile
    from unittest import mock
    from pact.error import PactError
    ready = verifier()
    ready.verify()
    {trouble}
    try:
        ready.verify()
    except PactError as error:
        os.write(2, str(error).encode())
    """
    status, out, errors = story(code, tmp_path)
    assert (status, out) == (0, "") and words in errors


def test_a_loop_that_is_not_asyncios_is_refused_by_name(tmp_path: Path) -> None:
    code = """
    from pact.error import PactError
    try:
        verifier().verify_async().send(None)
    except PactError as error:
        say(error)
    """
    _, _, errors = story(code, tmp_path)
    assert errors.startswith("verify_async() needs a running event loop of asyncio")


def test_the_place_of_the_standard_error_is_not_given_to_a_file(tmp_path: Path) -> None:
    code = "mine = open(FOLDER + '-mine', 'w')\nassert mine.fileno() > 2\nverifier().verify()\nprint('verified')"
    assert story(code, tmp_path, shell="2>&-") == (0, "verified\n", "")
    code = "mine = open(FOLDER + '-mine', 'w')\nassert mine.fileno() > 2\nverifier().verify()\nsys.exit(5)"
    assert story(code, tmp_path, shell="<&- >&- 2>&-") == (5, "", "")


ABANDONED = {
    "the time limit": "verifier(state='s').state_handler(sleeps).set_time_limit(0.3).verify()",
    "the time limit on a loop": "asyncio.run(limited().verify_async())",
    "a task that is cancelled": "asyncio.run(cancelled())",
    "Ctrl-C": "verifier(state='s').state_handler(stops).verify()",
    "Ctrl-C on a loop": "asyncio.run(verifier(state='s').state_handler(stops).verify_async())",
    "a test that is skipped": "verifier(state='s').state_handler(skips).verify()",
    "a test that is skipped on a loop": "asyncio.run(verifier(state='s').state_handler(skips).verify_async())",
}


@pytest.mark.parametrize("how", ABANDONED)
def test_a_verification_that_is_abandoned_prints_nothing(how: str, tmp_path: Path) -> None:
    code = f"""
    import asyncio, pytest, time
    def sleeps(state): time.sleep(5)
    async def waits(state): await asyncio.sleep(5)
    def limited(): return verifier(state="s").state_handler(waits).set_time_limit(0.3)
    def stops(state): raise KeyboardInterrupt
    def skips(state): pytest.skip("not here")
    async def cancelled():
        await asyncio.wait_for(verifier(state="s").state_handler(waits).verify_async(), 0.3)
    try:
        {ABANDONED[how]}
    except BaseException as error:
        say(type(error).__name__)
    """
    status, out, errors = story(code, tmp_path)
    expected = {"the": "VerificationError", "Ctrl-C": "KeyboardInterrupt"}.get(how.split()[0], "Skipped")
    assert (status, out) == (0, "") and errors == ("TimeoutError" if "cancelled" in how else expected)
