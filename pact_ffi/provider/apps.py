"""Calling the provider's own WSGI or ASGI application, where the test runs: no server, no thread, no port.

PEP 3333 and the ASGI specification (3.0, with lifespan 2.0) say how an application is called.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import io
import sys
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import unquote_to_bytes

from pact_ffi.errors import PactError, PactWarning, UsageError
from pact_ffi.provider.calling import Caller, outside_of_the_loop
from pact_ffi.provider.connection import check_sendable
from pact_ffi.provider.inline import here, inline_threads
from pact_ffi.provider.wire import Request, Response

_LIFESPAN_SECONDS = 30
_MOST_BYTES = 128 << 20
# Frameworks that answer an exception by a 500 of their own tell it by this signal.
_SIGNAL, _SIGNALLING = "got_request_exception", ("flask", "quart", "django.core.signals")
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_ADDRESS = ("127.0.0.1", 80)


class ApplicationError(PactError):
    """The application did not answer as WSGI or ASGI demand, or not in time."""


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
            lifespan = _Lifespan(self._app, self._state)
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
            exchange = _Exchange(request, self._state, self._seconds)
            if self._is_django and not self._caller.on_the_running_loop and not self._caller.on_another_loop:
                from asgiref.sync import async_to_sync  # its synchronous views run in this thread then

                async_to_sync(exchange.called)(self._app)
            else:
                await self._caller.wait(exchange.called(self._app))
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
        if not self._caller.on_the_running_loop:
            return call()
        if self._is_django:
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
    limit = _Limit(seconds)
    body = bytearray()

    def write(data: bytes) -> None:
        body.extend(data)
        limit.check(len(body))

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        if started and exc_info is None:
            raise ApplicationError("the application called start_response twice")
        try:
            started[:] = [(int(status.split(" ", 1)[0]), list(headers))]
        except (ValueError, AttributeError):
            raise ApplicationError(f"the application's status must read '200 OK', not {status!r}") from None
        return write

    parts: Iterable[bytes] = app(_environ(request), start_response)
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
        "SERVER_NAME": _ADDRESS[0],
        "SERVER_PORT": str(_ADDRESS[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": _ADDRESS[0],
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


class _Limit:
    """Ends an answer that has no end: once it has begun it may take so many seconds, and so many bytes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0

    def start(self) -> None:
        """Begin to count, if that was not done before."""
        self._end = self._end or time.monotonic() + self._seconds

    def check(self, size: int) -> None:
        """Raise `ApplicationError` if it has gone on for too long."""
        if size > _MOST_BYTES:
            raise ApplicationError(f"the application's answer has more than {_MOST_BYTES >> 20} MB")
        if self._end and time.monotonic() > self._end:
            raise ApplicationError(f"the application's answer did not end within {self._seconds:g} s")


class _Exchange:
    """One request to an ASGI application, and what it sends."""

    def __init__(self, request: Request, state: dict[str, Any], seconds: float) -> None:
        path, _, query = request.target.partition("?")
        self._scope = {
            "type": "http",
            "asgi": _ASGI,
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "surrogateescape"),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers.items()],
            "client": _ADDRESS,
            "server": _ADDRESS,
            "state": state.copy(),
        }
        self._asked: bytes | None = request.body
        self._start: MutableMapping[str, Any] | None = None
        self._body = bytearray()
        self._complete = False
        self._seconds = seconds
        self._limit = _Limit(seconds)
        self.error: BaseException | None = None

    async def called(self, app: Any) -> None:
        """Call the application and wait until it returns, background tasks included."""
        self._over = asyncio.Event()
        self._patience = _Patience(self._seconds)
        try:
            with here():
                await app(self._scope, self._receive, self._send)
        except (Exception, SystemExit) as error:
            self.error = error
        except asyncio.CancelledError:
            if not self._patience.lost:
                raise
            self.error = ApplicationError(f"the application did not answer within {self._seconds:g} s")
        finally:
            self._patience.end()

    def response(self) -> Response | None:
        """Return the answer, if there is one; one that broke off is none."""
        if self._start is None or not self._complete:
            return None
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._start.get("headers", ())]
        return Response(int(self._start["status"]), bytes(self._body), headers)

    async def _receive(self) -> dict[str, Any]:
        if self._asked is not None:
            body, self._asked = self._asked, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and not self._complete:
            if self._start is None:
                raise ApplicationError("the application sent a body before it started the response")
            self._limit.start()
            self._body += message.get("body", b"")
            self._limit.check(len(self._body))
            if not message.get("more_body", False):
                self._complete = True
                self._over.set()
                self._patience.end()


class _Patience:
    """Cancels the running task once its event loop has waited for ``seconds``; a debugger's time does not count."""

    _TICKS = 10

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._tick_seconds = seconds / self._TICKS
        self._ticks = 0
        self.lost = False
        self._wait()

    def _wait(self) -> None:
        self._timer = self._loop.call_later(self._tick_seconds, self._tick)

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks < self._TICKS:
            self._wait()
        elif self._task is not None:
            self.lost = True
            self._task.cancel()

    def end(self) -> None:
        """Stop waiting."""
        self._timer.cancel()
        if self.lost and self._task is not None and sys.version_info >= (3, 11):
            self._task.uncancel()


class _Lifespan:
    """The start-up and the shutdown of an ASGI application, in a task that lives as long as it runs."""

    def __init__(self, app: Any, state: dict[str, Any]) -> None:
        self._app = app
        self._scope = {"type": "lifespan", "asgi": _ASGI, "state": state}
        self._events = ["lifespan.startup"]
        self._said: dict[str, str] = {}

    async def start(self) -> None:
        """Run the start-up; raises `UsageError` when it fails. An application may know no lifespan."""
        self._changed = asyncio.Event()
        self._shutdown = asyncio.Event()
        with here():
            self._task = asyncio.ensure_future(self._app(self._scope, self._receive, self._send))
        self._task.add_done_callback(lambda _: self._changed.set())
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._changed.wait(), _LIFESPAN_SECONDS)
        if "lifespan.startup.complete" in self._said:
            return
        failed = self._said.get("lifespan.startup.failed")
        if not self._task.done():
            self._task.cancel()
            if failed is None:
                raise UsageError(f"the ASGI application did not start within {_LIFESPAN_SECONDS} s")
        await asyncio.wait([self._task])
        error = None if self._task.cancelled() else self._task.exception()
        if failed is not None or not isinstance(error, Exception):
            if error is None and failed is None:
                return
            said = f"{type(error).__name__}: {error}" if error else (failed or "").strip()
            raise UsageError(f"the ASGI application did not start; its start-up failed: {said}") from error

    async def stop(self) -> None:
        """Run the shutdown, if the application knows a lifespan; warns when that fails."""
        if self._task.done():
            return
        self._shutdown.set()
        await asyncio.wait([self._task], timeout=_LIFESPAN_SECONDS)
        if not self._task.done():
            self._task.cancel()
            warnings.warn(f"the ASGI application did not shut down within {_LIFESPAN_SECONDS} s", PactWarning, 2)
        elif (error := self._task.exception()) is not None:
            text = f"the shutdown of the ASGI application failed: {type(error).__name__}: {error}"
            warnings.warn(text, PactWarning, stacklevel=2)

    async def _receive(self) -> dict[str, str]:
        if self._events:
            return {"type": self._events.pop()}
        await self._shutdown.wait()
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self._said[message["type"]] = message.get("message", "")
        self._changed.set()
