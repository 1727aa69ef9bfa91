"""An HTTP server for the core's own calls: state changes, messages, the application, replayed responses, a relay.

It has no thread. `LoopbackServer.answer_while` puts the blocking work (the core's verification) into a worker, and
`run` answers its requests in the calling thread; `answer_while_async` does so in the calling task, on its event loop.
The code of a test so runs where the test runs: same thread-locals, same database connection, same debugger, and
Ctrl-C ends it at once. Several may be at work at the same time: each of them is a lane.
"""

from __future__ import annotations

import math
import secrets
import selectors
import socket
import time
import types
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pact_ffi.core import clock, threads
from pact_ffi.provider.connection import Connection, Handler, answered
from pact_ffi.provider.limits import LONGEST_WAIT_SECONDS, TimeLimitReached

if TYPE_CHECKING:
    from pact_ffi.provider.loopback_asyncio import AsyncioSide

Result = TypeVar("Result")
_READ_BYTES = 1 << 18
_SEND_SECONDS = 30
_GRACE_WAITS, _GRACE_SECONDS = 30, 0.01


class LoopbackServer:
    """Listens on 127.0.0.1 at a free port; only requests below the random path of `url` reach ``handler``.

    ``handler`` must answer every request; what it raises ends `run` and reaches its caller. In `run` it must not wait
    for an event loop.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.path = f"/{secrets.token_urlsafe(16)}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        woken, self._waker = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(1))
        self._asyncio: AsyncioSide | None = None
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The address under which the server answers."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def run(self, lanes: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Run coroutines that wait for nothing but `answer_while`, by turns, in this thread.

        Raises what one of them or the handler raised; the server is then closed, and the others are.
        """
        waiting = list(lanes)
        try:
            while waiting:
                deadlines = []
                for lane in list(waiting):
                    try:
                        deadlines.append(lane.send(None))
                    except StopIteration:
                        waiting.remove(lane)
                remaining = min(deadlines, default=0.0) - clock.now()
                if waiting and remaining > 0:
                    for key, _ in self._selector.select(min(remaining, LONGEST_WAIT_SECONDS)):
                        key.data()
        except BaseException:
            self.close()
            raise
        finally:
            for lane in waiting:
                lane.close()

    async def answer_while(self, work: Callable[[], Result], timeout: float = math.inf) -> Result:
        """Run ``work`` in a worker thread, wait while requests are answered by `run`, return what it returned.

        Raises what ``work`` raised, and `TimeLimitReached` after ``timeout`` seconds; the server is then closed, and a
        worker that does not end soon is left to itself.
        """

        def wake() -> None:
            with suppress(OSError):  # nobody waits any more
                self._waker.send(b"\0")

        deadline = clock.now() + timeout
        with self._outcome(work, wake) as outcome:
            while not outcome.done:
                if clock.now() >= deadline:
                    raise TimeLimitReached
                await _next_turn(deadline)
        return outcome.get()

    async def run_async(self, lanes: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Do what `run` does, on the running event loop: coroutines that wait for `answer_while_async`, or anything.

        One alone is run by the task that calls this, several by tasks of their own.
        """
        first, *others = lanes
        if not others:
            await first
            return
        import asyncio

        tasks = [asyncio.ensure_future(lane) for lane in (first, *others)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def answer_while_async(self, work: Callable[[], Result], timeout: float = math.inf) -> Result:
        """Do what `answer_while` does, in the running task: the handler may wait for the event loop."""
        if self._asyncio is None:
            from pact_ffi.provider.loopback_asyncio import AsyncioSide  # only async tests pay for it

            self._asyncio = AsyncioSide(self._handler, lambda: Connection(self.path))
            await self._asyncio.listen(self._listener)
        side = self._asyncio
        with self._outcome(work, side.wake_from_another_thread) as outcome:
            try:
                await side.answer_until(lambda: outcome.done, timeout)
            except BaseException:
                self.close()
                await side.settled()
                raise
        return outcome.get()

    @contextmanager
    def _outcome(self, work: Callable[[], Result], wake: Callable[[], None]) -> Iterator[_Outcome[Result]]:
        outcome = _Outcome(work, wake)
        try:
            yield outcome
        except BaseException:
            self.close()
            outcome.give_time()
            raise

    def close(self) -> None:
        """Stop listening and drop every connection; may be called twice."""
        if self._asyncio is not None:
            self._asyncio.close()
        self._waker.close()
        for key in list((self._selector.get_map() or {}).values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def __enter__(self) -> LoopbackServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the client has gone already
            client, _ = self._listener.accept()
            client.settimeout(_SEND_SECONDS)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self.path)
            self._selector.register(client, selectors.EVENT_READ, lambda: self._receive(client, connection))

    def _receive(self, client: socket.socket, connection: Connection) -> None:
        """Take what has arrived, which never blocks, and answer the requests that are complete."""
        data = b""
        with suppress(OSError):
            data = client.recv(_READ_BYTES)
        connection.receive(data)
        while (asked := connection.next_request()) is not None and not _gone(client):
            answer = asked if isinstance(asked, bytes) else finished(answered(self._handler, connection, asked))
            with suppress(OSError):  # a client that has gone is dropped when it is read
                client.sendall(answer)
        if connection.closing or not data:
            self._selector.unregister(client)
            client.close()


class _Outcome(Generic[Result]):
    """What work in a thread of its own led to; without a lock, which green threads would have replaced."""

    def __init__(self, work: Callable[[], Result], wake: Callable[[], None]) -> None:
        self._work = work
        self._wake = wake
        self._value: Result | None = None
        self._error: BaseException | None = None
        self.done = False
        threads.start(self._run, "pact-core")

    def _run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:
            self._error = error
        self.done = True
        self._wake()

    def give_time(self) -> None:
        """Wait a moment for work that nobody answers any more: it mostly ends at once, and then ends in order."""
        for _ in range(_GRACE_WAITS):
            if not self.done:
                time.sleep(_GRACE_SECONDS)

    def get(self) -> Result:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return cast(Result, self._value)


def _gone(client: socket.socket) -> bool:
    """Whether a client waits for no answer any more: its call would reach a user's handler too late."""
    try:
        client.setblocking(False)
        return not client.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        client.settimeout(_SEND_SECONDS)


@types.coroutine
def _next_turn(deadline: float) -> Generator[float, None, None]:
    """Let the other lanes go on, and requests be answered, until ``deadline`` at most."""
    yield deadline


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end what does not wait for an event loop, and return what it returns."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast(Result, end.value)
    work.close()
    raise RuntimeError("this waited for an event loop, and there is none")
