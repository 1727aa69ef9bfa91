"""The loopback server on an event loop: on any that can serve, so without `add_reader`, which Windows' own lacks."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from pact_ffi.core import clock
from pact_ffi.provider.connection import Connection, Handler, answered
from pact_ffi.provider.limits import LONGEST_WAIT_SECONDS, TimeLimitReached
from pact_ffi.provider.wire import Request


class AsyncioSide:
    """The server's sockets on an event loop: protocols that queue the requests for the one task that answers them."""

    def __init__(self, handler: Handler, connected: Callable[[], Connection]) -> None:
        self._handler = handler
        self.connected = connected
        self._loop = asyncio.get_running_loop()
        self._queue: deque[tuple[asyncio.Transport, Connection, Request]] = deque()
        self._transports: set[asyncio.Transport] = set()
        self._something = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def listen(self, listener: socket.socket) -> None:
        """Accept connections from now on."""
        # The loop closes the socket that it is given, in its own time.
        self._server = await self._loop.create_server(lambda: _Protocol(self), sock=listener.dup())

    def wake(self) -> None:
        """Let `answer_until` look around."""
        self._something.set()

    def wake_from_another_thread(self) -> None:
        """Do so from a thread that the event loop does not know."""
        with suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self.wake)

    async def answer_until(self, done: Callable[[], bool], timeout: float) -> None:
        """Answer what arrives until ``done``; raises `TimeLimitReached` after ``timeout`` seconds."""
        deadline = clock.now() + timeout
        while not done():
            remaining = deadline - clock.now()
            if remaining <= 0:
                raise TimeLimitReached
            self._something.clear()
            if not self._queue and not done():
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._something.wait(), min(remaining, LONGEST_WAIT_SECONDS))
            while self._queue:
                await self._answer(*self._queue.popleft())

    async def _answer(self, transport: asyncio.Transport, connection: Connection, request: Request) -> None:
        if transport.is_closing():  # a call that nobody waits for any more would reach a user's handler too late
            return
        transport.write(await answered(self._handler, connection, request))
        self.advance(transport, connection)

    def advance(self, transport: asyncio.Transport, connection: Connection) -> None:
        """Queue the next request of a connection, if it is complete."""
        self._transports.add(transport)
        while isinstance(asked := connection.next_request(), bytes):
            transport.write(asked)
        if asked is not None:
            self._queue.append((transport, connection, asked))
            self.wake()
        elif connection.closing:
            self.drop(transport)

    def drop(self, transport: asyncio.Transport) -> None:
        """Forget a connection."""
        self._transports.discard(transport)
        transport.close()

    async def settled(self) -> None:
        """Let the loop do what `close` has told it: its connections end in its next round."""
        await asyncio.sleep(0)

    def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
        for transport in list(self._transports):
            transport.abort()


class _Protocol(asyncio.Protocol):
    def __init__(self, side: AsyncioSide) -> None:
        self._side = side
        self._connection = side.connected()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._connection.receive(data)
        self._side.advance(self._transport, self._connection)

    def connection_lost(self, error: Exception | None) -> None:
        self._side.drop(self._transport)
