"""Calling the provider's own WSGI or ASGI application, where the test runs: no server, no thread, no port.

PEP 3333 and the ASGI specification (3.0, with lifespan 2.0) say how an application is called.
"""

from __future__ import annotations

import functools
import inspect
import io
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import unquote_to_bytes

from pact_ffi.provider.asgi import ADDRESS, ApplicationError, Exchange, Lifespan, Limit, checked
from pact_ffi.provider.calling import Caller, outside_of_the_loop
from pact_ffi.provider.connection import check_sendable
from pact_ffi.provider.inline import inline_threads
from pact_ffi.provider.wire import Request, Response

# Frameworks that answer an exception by a 500 of their own tell it by this signal.
_SIGNAL, _SIGNALLING = "got_request_exception", ("flask", "quart", "django.core.signals")


class Application:
    """A WSGI or ASGI application; ``seconds`` is how long its answer may go on, or be waited for.

    `errors` has the exceptions of the last request, also those that the application answered by a 500 of its own.
    """

    def __init__(self, app: Any, caller: Caller, seconds: float) -> None:
        self._app = app
        self._caller = caller
        self._seconds = seconds
        self._is_asgi = is_asgi(app)
        self._is_django = type(app).__module__.partition(".")[0] in ("django", "channels")
        caller.thread_sensitive = self._is_django
        self._state: dict[str, Any] = {}
        self.errors: list[BaseException] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the application up and shut it down again; raises `UsageError` when it does not start."""
        with self._heard(), inline_threads():
            if not self._is_asgi:
                yield
                return
            lifespan = Lifespan(self._app, self._state)
            await self._caller.wait(lifespan.start())
            try:
                yield
            finally:
                await self._caller.wait(lifespan.stop())

    async def answer(self, request: Request) -> Response:
        """Return the application's answer; what it raises without one is raised.

        Raises `ApplicationError` for an answer that nobody could send.
        """
        self.errors.clear()
        if self._is_asgi:
            exchange = Exchange(request, self._state, self._seconds)
            if self._is_django and not self._caller.on_the_running_loop and not self._caller.on_another_loop:
                from asgiref.sync import async_to_sync  # its synchronous views run in this thread then

                async_to_sync(exchange.called)(self._app, may_be_cancelled=False)
            else:
                may_be_cancelled = self._caller.on_the_running_loop
                await self._caller.wait(exchange.called(self._app, may_be_cancelled))
            error, response = exchange.error, exchange.response()
        else:
            error, response = None, await self._wsgi(request)
        if error is not None and error not in self.errors:
            self.errors.append(error)
        if response is None:
            raise error or ApplicationError("the application returned without an answer")
        try:
            check_sendable(response, request.method)
        except ValueError as unsendable:
            raise ApplicationError(f"the application's answer cannot be sent: {unsendable}") from None
        return response

    async def _wsgi(self, request: Request) -> Response:
        call = functools.partial(_wsgi_answer, self._app, request, self._seconds)
        if not self._caller.on_the_running_loop and not self._caller.on_another_loop:
            return call()
        if self._is_django and self._caller.on_the_running_loop:
            from asgiref.sync import sync_to_async  # where a test's own asynchronous queries run, too

            return await sync_to_async(call)()
        with outside_of_the_loop():
            return call()

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Hear of exceptions that a framework turns into an answer."""

        def hear(*_: Any, exception: BaseException | None = None, **__: Any) -> None:
            error = exception or sys.exc_info()[1]
            if error is not None:
                self.errors.append(error)

        modules = [sys.modules[name] for name in _SIGNALLING if name in sys.modules]
        signals = [getattr(module, _SIGNAL) for module in modules if hasattr(module, _SIGNAL)]
        for signal in signals:
            signal.connect(hear, weak=False)
        try:
            yield
        finally:
            for signal in signals:
                signal.disconnect(hear)


def is_asgi(app: Any) -> bool:
    """Whether ``app`` is an ASGI application rather than a WSGI one."""
    if any(inspect.iscoroutinefunction(candidate) for candidate in (app, getattr(app, "__call__", None))):  # noqa: B004
        return True
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return False
    needed = [item for item in parameters if item.default is item.empty and item.kind <= item.POSITIONAL_OR_KEYWORD]
    return len(needed) == 3


def _wsgi_answer(app: Callable[..., Any], request: Request, seconds: float) -> Response:
    started: list[tuple[int, list[tuple[str, str]]]] = []
    limit = Limit(seconds)
    body = bytearray()

    def write(data: bytes) -> None:
        body.extend(checked(data))
        limit.check(len(body))

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        if started and exc_info is None:
            raise ApplicationError("the application called start_response twice")
        found = re.fullmatch(r"(\d{3})( [^\r\n\0]*)?", status) if isinstance(status, str) else None
        if found is None:
            raise ApplicationError(f"the application's status must read '200 OK', not {status!r:.100}")
        started[:] = [(int(found[1]), list(headers))]
        return write

    parts: Any = app(_environ(request), start_response)
    wrong = bool(parts) if isinstance(parts, (str, bytes, Mapping)) else not isinstance(parts, Iterable)
    if wrong:
        raise ApplicationError(f"the application must return parts of a body, such as [b'...'], not {parts!r:.100}")
    limit.start()
    try:
        for part in parts:
            write(part)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    if not started:
        raise ApplicationError("the application did not call start_response")
    status, headers = started[0]
    return Response(status, bytes(body), headers)


def _environ(request: Request) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": ADDRESS[0],
        "SERVER_PORT": str(ADDRESS[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": ADDRESS[0],
        "CONTENT_LENGTH": str(len(request.body)) if request.body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            key = f"HTTP_{key}"
            joined = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    return environ
