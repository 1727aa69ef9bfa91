"""Calling an ASGI application: one request, and the start-up and shutdown around all of them."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import sys
import types
import warnings
from collections.abc import Callable, Coroutine, Generator, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes

from pact_ffi.core import clock
from pact_ffi.errors import PactError, PactWarning, UsageError
from pact_ffi.provider.inline import here
from pact_ffi.provider.wire import Request, Response

_LIFESPAN_SECONDS = 30
_BACKGROUND_SECONDS = 30
_MOST_BYTES = 128 << 20
_ASGI = {"version": "3.0", "spec_version": "2.3"}
ADDRESS = ("127.0.0.1", 80)  # of client and server, as an application is told


class ApplicationError(PactError):
    """The application did not answer as WSGI or ASGI demand, or not in time."""


class Limit:
    """Ends an answer that has no end: once it has begun it may take so many seconds, and so many bytes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0

    def start(self) -> None:
        """Begin to count, if that was not done before."""
        self._end = self._end or clock.now() + self._seconds

    def check(self, size: int) -> None:
        """Raise `ApplicationError` if it has gone on for too long."""
        if size > _MOST_BYTES:
            raise ApplicationError(f"the application's answer has more than {_MOST_BYTES >> 20} MB")
        if self._end and clock.now() > self._end:
            raise ApplicationError(f"the application's answer did not end within {self._seconds:g} s")


def checked(data: Any) -> Any:
    """Return a part of a body; raises `ApplicationError` where it is not bytes."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise ApplicationError(f"the application's body must be bytes, not {data!r:.100}")
    return data


def _is_cancelled() -> bool:
    """Whether somebody wants the running task to end (unknown, so possible, before Python 3.11)."""
    task = asyncio.current_task()
    return sys.version_info < (3, 11) or (task is not None and task.cancelling() > 0)


@types.coroutine
def _isolated(context: contextvars.Context, work: Coroutine[Any, Any, object]) -> Generator[Any, Any, object]:
    """Run ``work`` in the running task, with the variables of ``context``."""
    step: Callable[[], Any] = functools.partial(work.send, None)
    while True:
        try:
            waited_for = context.run(step)
        except StopIteration as end:
            return end.value
        try:
            step = functools.partial(work.send, (yield waited_for))
        except BaseException as error:
            step = functools.partial(work.throw, error)


class Exchange:
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
            "client": ADDRESS,
            "server": ADDRESS,
            "state": state.copy(),
        }
        self._asked: bytes | None = request.body
        self._start: MutableMapping[str, Any] | None = None
        self._body = bytearray()
        self._complete = False
        self._seconds = seconds
        self._limit = Limit(seconds)
        self.error: BaseException | None = None

    async def called(self, app: Any, may_be_cancelled: bool) -> None:
        """Call the application, as a server does with context variables of its own, and wait until it returns.

        Background tasks are waited for, too. Where nobody else may cancel this, it was the application who did.
        """
        self._over = asyncio.Event()
        self._patience = _Patience(self._seconds)
        try:
            with here():
                await _isolated(contextvars.copy_context(), app(self._scope, self._receive, self._send))
        except (Exception, SystemExit) as error:
            self.error = error
        except asyncio.CancelledError as error:
            if self._patience.lost:
                self._lose_patience()
            elif may_be_cancelled and _is_cancelled():
                raise
            else:
                self.error = ApplicationError("the application was cancelled, and not by the verification")
                self.error.__cause__ = error
        finally:
            self._patience.end()

    def _lose_patience(self) -> None:
        if not self._complete:
            self.error = ApplicationError(f"the application did not answer within {self._seconds:g} s")
            return
        subject = f"{self._scope['method']} {self._scope['path']}"
        text = (
            f"a background task of the application was cancelled, {_BACKGROUND_SECONDS} s after its answer to {subject}"
        )
        warnings.warn(text, PactWarning, stacklevel=2)

    def response(self) -> Response | None:
        """Return the answer, if there is one; one that broke off is none."""
        if self._start is None or not self._complete:
            return None
        status, pairs = self._start.get("status"), self._start.get("headers", ())
        try:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]
        except (TypeError, ValueError, AttributeError):
            raise ApplicationError("the application's headers must be pairs of bytes") from None
        if not isinstance(status, int):
            raise ApplicationError(f"the application's status must be an integer, not {status!r:.100}")
        return Response(int(status), bytes(self._body), headers)

    async def _receive(self) -> dict[str, Any]:
        if self._asked is not None:
            body, self._asked = self._asked, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            if self._start is not None:
                raise ApplicationError("the application started the response twice")
            self._start = message
        elif message["type"] == "http.response.body" and not self._complete:
            if self._start is None:
                raise ApplicationError("the application sent a body before it started the response")
            self._limit.start()
            self._body += checked(message.get("body", b""))
            self._limit.check(len(self._body))
            if not message.get("more_body", False):
                self._complete = True
                self._over.set()
                self._patience.end()
                self._patience = _Patience(_BACKGROUND_SECONDS)


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


class Lifespan:
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
            self._task = asyncio.ensure_future(self._called())
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

    async def _called(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
        except SystemExit as end:  # which would end the test, perhaps with success
            if "lifespan.startup.complete" in self._said:
                raise ApplicationError(f"it ended the program: {end!r}") from end
            self._said["lifespan.startup.failed"] = f"it ended the program: {end!r}"

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
