"""An application verified in the same process, or behind a server.

Usage: inprocess.py flask|fastapi here|server FOLDER

Prints one JSON line of seconds. With BENCH_CLOCK=cpu that is what this process and the server take of the processor.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from clock import CPU, now
from order import example

FRAMEWORK, WHERE, FOLDER = sys.argv[1:4]
ROUNDS = 3


def application() -> Any:
    """The application, which answers each POST to ``/orders/N`` with an order."""
    order = example(1)
    if FRAMEWORK == "flask":
        import flask

        app = flask.Flask("orders")
        app.post("/orders/<int:number>")(lambda number: flask.jsonify(order))
        return app
    import fastapi

    async def orders(number: int, request: fastapi.Request) -> Any:
        await request.json()
        return order

    app = fastapi.FastAPI()
    orders.__annotations__ = {"number": int, "request": fastapi.Request}
    app.post("/orders/{number}")(orders)
    return app


def serve(port: int) -> None:
    """Serve it by the usual server of its kind."""
    if FRAMEWORK == "flask":
        import waitress

        waitress.serve(application(), host="127.0.0.1", port=port)
    else:
        import uvicorn

        uvicorn.run(application(), host="127.0.0.1", port=port, log_level="error")


def spent(process: subprocess.Popen[bytes] | None) -> float:
    """The time of the clock, with what the server has taken of the processor."""
    if process is None or not CPU:
        return now()
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return now() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def verified(url: str | None) -> None:
    """Verify the pact once."""
    from pact import Verifier

    verifier = Verifier("bench-provider", host="127.0.0.1").add_source(FOLDER)
    (verifier.app(application()) if url is None else verifier.add_transport(url=url)).verify()


def main() -> None:
    """Verify several times and print what the median took; the first time is not counted."""
    process, url = None, None
    if WHERE == "server":
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen([sys.executable, __file__, FRAMEWORK, str(port), FOLDER])
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
    times = []
    try:
        for _ in range(1 + ROUNDS):
            start = spent(process)
            verified(url)
            times.append(spent(process) - start)
    finally:
        if process is not None:
            process.kill()
            process.wait()
    print(json.dumps([sorted(times[1:])[ROUNDS // 2]]))


if WHERE.isdigit():
    serve(int(WHERE))
else:
    main()
