"""Long loops that `ci/robustness` runs: ``python cycles.py WHAT [NUMBER]``; a line of figures each, exit 1 when bad."""

from __future__ import annotations

import http.client
import http.server
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pact import Pact, Verifier

MEGABYTE = 1 << 20
LIMIT = 5  # MB that may be gained after warming up
ROOT = Path(__file__).parents[2]


def resident() -> float:
    """Resident memory in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def steady(what: str, count: int, turn: Callable[[int], None]) -> None:
    """Repeat ``turn``, and require that memory, descriptors and threads stay as they are after a tenth of it."""
    warm = max(count // 10, 1)
    for number in range(warm):
        turn(number)
    before = resident(), descriptors(), threads()
    started = time.monotonic()
    for number in range(warm, warm + count):
        turn(number)
    seconds = time.monotonic() - started
    after = resident(), descriptors(), threads()
    gained = after[0] - before[0]
    each = seconds / count * 1000
    print(
        f"{what}: {count:,} times after {warm:,} to warm up: {gained:+.1f} MB (of {after[0]:.0f}),"
        f" descriptors {before[1]} -> {after[1]}, threads {before[2]} -> {after[2]}, {each:.2f} ms each"
    )
    sys.exit(gained >= LIMIT or after[1] > before[1] or after[2] > before[2])


def ask(port: int, target: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def new(number: int = 0) -> Pact:
    pact = Pact("c", "p")
    story = pact.upon_receiving(f"r{number}").with_request("GET", "/").with_query_parameter("n", str(number))
    story.will_respond_with(200).with_body({"n": number, "text": "x" * 200})
    return pact


def serve(count: int) -> None:
    """Create, serve, request, close."""

    def turn(number: int) -> None:
        pact = new(number)
        with pact.serve("127.0.0.1") as server:
            assert ask(server.port or 0, f"/?n={number}") == 200

    steady("create, serve, request, close", count, turn)


def verify(count: int) -> None:
    """Verify one pact file again and again."""

    class Provider(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            body = b'{"n": 0, "text": "' + b"x" * 200 + b'"}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        new().write_file(folder)

        def turn(number: int) -> None:
            found = Verifier("p").add_transport(url=f"http://127.0.0.1:{server.server_port}").add_source(folder)
            found.state_handler(lambda state: None).verify()

        steady("verify", count, turn)


def pacts(count: int) -> None:
    """More pacts than the core has numbers for, in one process."""
    started, kept = time.monotonic(), []
    for number in range(count):
        pact = new(number)
        pact.build(pact.interactions("All"))
        kept.append(pact)
        if len(kept) > 100:
            kept.pop(0)
    with new().serve("127.0.0.1") as server:
        assert ask(server.port or 0, "/?n=0") == 200
    print(f"pacts of one process: {count:,}, in {time.monotonic() - started:.1f} s, and the next one still serves")


def write(folder: str, name: str, count: int) -> None:
    """Write ``count`` interactions, one at a time."""
    for number in range(count):
        pact = Pact("consumer", "provider")
        story = pact.upon_receiving(f"{name}-{number}").with_request("GET", f"/{name}/{number}")
        story.will_respond_with(200).with_body({"n": "x" * 2000})
        pact.write_file(folder)


def _writer(folder: str, name: str, count: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, __file__, "write", folder, name, str(count)], env=environment)


def kill(count: int) -> None:
    """Kill a writer at any moment; the file must be whole each time, and hold what was there before."""
    bad = lost = empty = 0
    known: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "consumer-provider.json"
        for number in range(count):
            if len(known) > 1000:
                path.unlink()
                known = set()
            before = path.stat().st_mtime_ns if path.exists() else 0
            process = _writer(folder, f"k{number}", 10**6)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and (not path.exists() or path.stat().st_mtime_ns == before):
                time.sleep(0.002)
            time.sleep(random.random() * 0.03)
            process.send_signal(signal.SIGKILL)
            process.wait()
            try:
                found = {item["description"] for item in json.loads(path.read_text())["interactions"]}
            except (OSError, ValueError, KeyError):
                bad += 1
                continue
            lost += not known <= found
            empty += not found - known
            known = found
        Pact("consumer", "provider")
        write(folder, "last", 1)
        left = [each.name for each in Path(folder).iterdir() if each != path]
    print(f"kill -9: {count} kills, {bad} bad files, {lost} with something lost, {len(left)} files left behind")
    sys.exit(bool(bad or lost or left or empty == count))


def parallel(count: int) -> None:
    """Eight processes with fifty interactions each make four hundred, ``count`` times."""
    totals = []
    for _ in range(count):
        with tempfile.TemporaryDirectory() as folder:
            writers = [_writer(folder, f"w{number}", 50) for number in range(8)]
            codes = [writer.wait() for writer in writers]
            content = json.loads((Path(folder) / "consumer-provider.json").read_text())
            totals.append(len({item["description"] for item in content["interactions"]}))
            assert codes == [0] * 8, codes
    print(f"8 processes x 50 interactions, {count} times: {totals}")
    sys.exit(totals != [400] * count)


def disk(_: int) -> None:
    """Fill a small disk; the old file must survive."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
        try:
            refused = ""
            path = Path(folder) / "consumer-provider.json"
            before = b""
            for number in range(1000):
                try:
                    write(folder, f"d{number}", 1)
                    before = path.read_bytes()
                except OSError as error:
                    refused = str(error)
                    break
            whole = path.read_bytes() == before and len(list(Path(folder).iterdir())) == 1
            held = len(json.loads(path.read_text())["interactions"])
        finally:
            subprocess.run(["umount", folder], check=True)
    print(f"full disk: {refused}; the file with {held} interactions is {'whole' if whole else 'BROKEN'}")
    sys.exit(not (refused and whole))


def _child(number: int) -> int:
    with new(number).serve("127.0.0.1") as server:
        return ask(server.port or 0, f"/?n={number}")


def fork(count: int) -> None:
    """A pool of forked children, each with servers of its own, while the parent serves."""
    context = multiprocessing.get_context("fork")
    started = time.monotonic()
    with new().serve("127.0.0.1") as server:
        ask(server.port or 0, "/?n=0")
        with context.Pool(4) as pool:
            found = pool.map(_child, range(count))
        assert ask(server.port or 0, "/?n=0") == 200
    good = found.count(200)
    print(f"fork: {good} of {count} children's servers answered, the parent's too, {time.monotonic() - started:.1f} s")
    sys.exit(good != count)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        globals()[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 0)
