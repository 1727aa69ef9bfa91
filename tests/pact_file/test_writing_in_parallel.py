"""Many writers of one pact file: nothing is lost, whoever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from platforms import needs_posix

from pact import Pact

WRITER = """
import sys
from pact import Pact
folder, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for number in range(count):
    pact = Pact("consumer", "provider")
    interaction = pact.upon_receiving(f"{name}-{number}").with_request("GET", f"/{name}/{number}")
    interaction.will_respond_with(200).with_body({"n": "x" * 200})
    pact.write_file(folder)
"""


def start(folder: Path, name: str, count: int) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(count)], env=environment, stderr=subprocess.PIPE
    )


def interactions(folder: Path) -> list[str]:
    text = (folder / "consumer-provider.json").read_text()
    return [item["description"] for item in json.loads(text)["interactions"]]


def test_eight_processes_with_fifty_interactions_each_make_four_hundred(tmp_path: Path) -> None:
    writers = [start(tmp_path, f"w{number}", 50) for number in range(8)]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert (writer.returncode, errors) == (0, b"")
    found = interactions(tmp_path)
    assert len(found) == len(set(found)) == 400
    assert [file.name for file in tmp_path.iterdir()] == ["consumer-provider.json"]


def test_threads_lose_nothing(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for number in range(10):
            pact = Pact("consumer", "provider")
            pact.upon_receiving(f"{name}-{number}").with_request("GET", f"/{name}/{number}").will_respond_with(200)
            pact.write_file(tmp_path)

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(interactions(tmp_path))) == 80


@needs_posix
def test_a_killed_writer_leaves_a_whole_file_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    for kill in range(8):
        writer = start(tmp_path, f"k{kill}", 10_000)
        try:
            deadline = time.monotonic() + 20
            while not list(tmp_path.glob("*.json")) and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.15 + 0.01 * kill)
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
        assert interactions(tmp_path)
    assert start(tmp_path, "last", 1).wait(timeout=30) == 0
    assert "last-0" in interactions(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["consumer-provider.json"]
