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
    "eventlet": "import eventlet; eventlet.monkey_patch()",
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
