"""What holds for all tests."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

# A shell without job control has its background jobs ignore Ctrl-C, and their children inherit that; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path.insert(0, str(Path(__file__).parent))  # for what several rooms' tests use: pact_broker


@pytest.fixture(scope="session")
def served() -> Callable[[Any], AbstractContextManager[int]]:
    """Serve a WSGI application on loopback, in a thread; the port is what the context manager yields."""

    @contextmanager
    def serving(app: Any) -> Iterator[int]:
        class Quiet(WSGIRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

        class Threaded(ThreadingMixIn, WSGIServer):
            daemon_threads = True

        with make_server("127.0.0.1", 0, app, Threaded, Quiet) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            yield server.server_port
            server.shutdown()
            thread.join()

    return serving
