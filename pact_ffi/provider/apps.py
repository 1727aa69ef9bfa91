"""Serving the provider's own application object on loopback for the time of a verification."""

from __future__ import annotations

import inspect
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pact_ffi.core.stdout import loud
from pact_ffi.errors import UsageError

_START_SECONDS = 30


@contextmanager
def served(app: Any) -> Iterator[int]:
    """Serve ``app`` (by waitress when it is WSGI, by uvicorn when it is ASGI) and yield the port.

    An ASGI application's lifespan hooks run; the server is gone afterwards. Raises `UsageError` when the server
    is not installed or the application does not start.
    """
    asgi = any(inspect.iscoroutinefunction(each) for each in (app, getattr(app, "__call__", None)))  # noqa: B004
    serve = _uvicorn if asgi else _waitress
    with socket.create_server(("127.0.0.1", 0)) as listener, serve(app, listener):
        yield listener.getsockname()[1]


def _missing(server: str, kind: str) -> UsageError:
    return UsageError(f"serving a {kind} application needs {server}: pip install 'pact-ffi[{kind.lower()}]'")


@contextmanager
def _waitress(app: Callable[..., Any], listener: socket.socket) -> Iterator[None]:
    try:
        from waitress import wasyncore
        from waitress.server import create_server
    except ImportError:
        raise _missing("waitress", "WSGI") from None

    def audible(environ: dict[str, Any], start_response: Any) -> Any:
        with loud():
            return app(environ, start_response)

    sockets: dict[Any, Any] = {}
    server: Any = create_server(audible, map=sockets, sockets=[listener], threads=4, ident=None)
    thread = threading.Thread(target=server.run, name="pact-provider", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@contextmanager
def _uvicorn(app: Any, listener: socket.socket) -> Iterator[None]:
    try:
        import uvicorn
    except ImportError:
        raise _missing("uvicorn", "ASGI") from None

    refusals: list[str] = []

    async def audible(scope: Any, receive: Any, send: Any) -> None:
        async def heard(message: Any) -> None:
            if message["type"] == "lifespan.startup.failed":
                refusals.append(message.get("message", "").strip())
            await send(message)

        await app(scope, receive, heard if scope["type"] == "lifespan" else send)

    config = uvicorn.Config(audible, log_config=None, access_log=False, timeout_graceful_shutdown=1, interface="asgi3")
    server = uvicorn.Server(config)

    def run() -> None:
        with suppress(SystemExit):  # how uvicorn says that the start-up failed
            server.run(sockets=[listener])

    thread = threading.Thread(target=run, name="pact-provider", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.002)
        if not server.started:
            said = f"; its start-up hook failed:\n{refusals[0]}" if refusals else " in time"
            raise UsageError(f"the ASGI application did not start{said}")
        yield
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
