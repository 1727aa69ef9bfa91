"""Serving the provider's own application object on loopback for the time of a verification."""

from __future__ import annotations

import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pact_ffi.core.stdout import loud
from pact_ffi.errors import InvalidInputError, UsageError

_START_SECONDS = 30


def check_app(app: Any) -> None:
    """Raise `InvalidInputError` for what is neither a WSGI nor an ASGI application."""
    if not callable(app) or isinstance(app, type):
        raise InvalidInputError(f"an application is a WSGI or ASGI callable, not {app!r}")


@contextmanager
def served(app: Any) -> Iterator[int]:
    """Serve ``app`` (by waitress when it is WSGI, by uvicorn when it is ASGI) and yield the port.

    An ASGI application's lifespan hooks run; the server is gone afterwards. Raises `UsageError` when the server
    is not installed or the application does not start.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serve = _uvicorn if _is_asgi(app) else _waitress
        with serve(app, listener):
            yield listener.getsockname()[1]


def _is_asgi(app: Any) -> bool:
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None))  # noqa: B004


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

    started = threading.Event()
    failures: list[BaseException] = []

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))

    def run() -> None:
        try:
            server.run(sockets=[listener])
        except BaseException as error:
            failures.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="pact-provider", daemon=True)
    thread.start()
    if not started.wait(_START_SECONDS) or not server.started:
        server.should_exit = True
        cause = failures[0] if failures else None
        raise UsageError(f"the ASGI application did not start; its start-up hook failed: {cause}") from cause
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
