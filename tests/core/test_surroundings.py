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
