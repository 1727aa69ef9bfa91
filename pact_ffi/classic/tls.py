"""TLS with a certificate of the user's own, in front of a mock server: the core can only make its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from pact_ffi.errors import InvalidInputError, MockServerError


class TlsFront:
    """Listens with TLS on ``host:port`` and passes what comes on to ``target()``, a port on loopback."""

    def __init__(self, host: str, port: int, certificate: str, key: str | None, target: Callable[[], int]) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(certificate, key)
        except (OSError, ssl.SSLError) as error:
            raise InvalidInputError(f"sslcert {certificate!r} with sslkey {key!r} cannot be used: {error}") from None
        self._target = target
        self._loop = asyncio.new_event_loop()
        try:
            opening = asyncio.start_server(self._relay, host, port, ssl=context)
            self._server = self._loop.run_until_complete(opening)
        except OSError as error:
            self._loop.close()
            raise MockServerError(f"no https mock server on {host}:{port}: {error.strerror or error}") from None
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="pact-tls", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and drop what is connected."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop)
            self._thread.join()
            self._loop.close()

    def _stop(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_later(0.01, self._loop.stop)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target())
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
