"""The core's blocking work has a thread of the operating system to itself, under green threads, too."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from pact_ffi.core import threads

sys.path.insert(0, str(Path(__file__).parent))
from process import output  # noqa: E402

PATCH = {
    "plain": "",
    "gevent": "from gevent import monkey; monkey.patch_all()",
}
CODE = """
import os, threading
from pact_ffi.core import threads
real = __import__("_thread").get_native_id
read, write = os.pipe()
ids = []

def work():
    ids.append(real())
    os.write(write, b"x")

threads.start(work, "a thread")
os.read(read, 1)
print(ids != [real()])
"""


@pytest.mark.parametrize("kind", PATCH)
def test_it_runs_in_another_thread_of_the_system(kind: str) -> None:
    assert output(f"import warnings; warnings.simplefilter('ignore')\n{PATCH[kind]}\n{CODE}") == "True"


def test_the_size_of_other_threads_stacks_stays() -> None:
    before = threading.stack_size()
    ended = threading.Event()
    threads.start(ended.set, "a thread")
    assert ended.wait(5)
    assert threading.stack_size() == before


def test_eventlet_is_refused_by_name_where_a_provider_is_verified() -> None:
    code = """
    import warnings; warnings.simplefilter("ignore")
    import eventlet; eventlet.monkey_patch()
    import sys, tempfile
    from pact import Pact, Verifier
    pact = Pact("consumer", "provider")
    pact.upon_receiving("a message", "Async").with_body({"a": 1})
    with tempfile.TemporaryDirectory() as folder:
        pact.write_file(folder)
        try:
            Verifier("provider").message_handler(lambda: {"a": 1}).add_source(folder).verify()
        except Exception as error:
            print(type(error).__name__, str(error)[:83])
    """
    said = "UsageError a provider cannot be verified in a process that eventlet.monkey_patch() has changed"
    assert output(code) == said


STORY = """
import sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pact import Pact, Verifier

class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.05)
        self.send_response(200 if self.path == "/good" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass

server = HTTPServer(("127.0.0.1", 0), Provider)
threading.Thread(target=server.serve_forever, daemon=True).start()

def verify(path, states):
    pact = Pact("consumer", "provider")
    pact.upon_receiving("a request").given("a state").with_request("GET", path).will_respond_with(200)
    pact.upon_receiving("a message", "Async").with_body({"a": 1})
    with tempfile.TemporaryDirectory() as folder:
        pact.write_file(folder)
        verifier = Verifier("provider").add_transport(url=f"http://127.0.0.1:{server.server_port}")
        verifier.state_handler(lambda state, parameters: states.append(state) if state else None)
        verifier.message_handler(lambda: {"a": 1}).add_source(folder).verify()

"""


def test_a_provider_of_green_threads_is_verified_under_gevent() -> None:
    code = f"""{PATCH["gevent"]}
{STORY}
import gevent
states = []
gevent.joinall([gevent.spawn(verify, "/good", states) for _ in range(3)], raise_error=True)
print(states)
try:
    verify("/bad", states)
except AssertionError as error:
    print("200" in str(error), "404" in str(error))
"""
    said = output(code, RUST_BACKTRACE="1", RUST_LIB_BACKTRACE=None)  # walking a greenlet's stack would end the process
    assert said.splitlines() == ["['a state', 'a state', 'a state']", "True True"]


def test_green_threads_that_write_into_one_folder() -> None:
    code = f"""{PATCH["gevent"]}
import gevent, json, sys, tempfile
from pact import Pact
folder = tempfile.mkdtemp()
def write(number):
    pact = Pact("consumer", "provider")
    pact.upon_receiving(f"request {{number}}").with_request("GET", f"/{{number}}").will_respond_with(200)
    pact.write_file(folder)
gevent.joinall([gevent.spawn(write, number) for number in range(20)], raise_error=True)
with open(folder + "/consumer-provider.json") as file:
    print(len(json.load(file)["interactions"]))
"""
    assert output(code) == "20"
