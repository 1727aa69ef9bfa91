"""A running mock server of the core."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

from pact_ffi.core import clock, library, logs
from pact_ffi.core.library import lib
from pact_ffi.core.owned import Owned
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.text import c_text, copied, last_error
from pact_ffi.errors import MockServerError

_PORT_TAKEN = -3
# A server that the core has taken back leaves its port when the last connection is done, on a busy machine a bit later.
_LEAVES_SECONDS, _PAUSE_SECONDS = 3.0, 0.005
_closed: deque[tuple[int, float]] = deque(maxlen=64)  # ports on which this process closed a server, and when
_CODES = {
    -1: "the pact is closed",
    -2: "the transport configuration is not valid JSON",
    -3: "the port is taken, or the transport is unknown",
    -4: "the core panicked",
    -5: "the address is not valid",
}
_TAKEN = (
    "; port 0 takes a free one. Tests that need this port cannot run in parallel: "
    "under pytest-xdist mark them with xdist_group and run --dist loadgroup"
)


class MockServer(Owned):
    """Serves the interactions that ``pact`` has at this moment; later ones are not seen."""

    def __init__(
        self, pact: PactHandle, host: str, port: int, transport: str = "http", config: dict[str, Any] | None = None
    ) -> None:
        options = json.dumps(config) if config else "{}"
        texts = c_text(transport, "the transport"), c_text(options, "the transport configuration")
        address = c_text(_address(host.strip("[]")), "the address")
        while True:
            with logs.captured_errors() as errors:
                found = lib.pactffi_create_mock_server_for_transport(pact.raw, address, port, *texts)
            if found != _PORT_TAKEN or not _was_ours(port):
                break
            time.sleep(_PAUSE_SECONDS)
        if found <= 0:
            reason = "; ".join(errors) or last_error() or _CODES.get(found, f"code {found}")
            way_out = _TAKEN if found == _PORT_TAKEN and transport in ("http", "https") else ""
            raise MockServerError(f"no {transport} mock server on {host}:{port}: {reason}{way_out}")
        self.port: int = found
        self._pact = pact
        super().__init__(found, "pactffi_cleanup_mock_server")
        library.listening(found, True)

    def mismatches(self) -> list[dict[str, Any]]:
        """What did not match, as the core's JSON; the core keeps a copy until the server closes."""
        if lib.pactffi_mock_server_matched(self.raw):  # the quick question first
            return []
        text = copied(lib.pactffi_mock_server_mismatches(self.raw))
        if text is None:
            raise MockServerError(f"the core has lost the mock server on port {self.port}: {last_error()}")
        found: list[dict[str, Any]] = json.loads(text)
        return found

    def logs(self) -> str:
        """The server's own log so far; empty where all goes to Python's logging.

        The core is only asked where it keeps something: it never frees what it answers.
        """
        if not logs.buffered():
            return ""
        from pact_ffi.reporting.scan import redact  # slow to import

        return redact(copied(lib.pactffi_mock_server_logs(self.raw)) or "")

    def close(self) -> None:
        """Stop listening; doing so again does nothing."""
        if not self.closed:
            library.listening(self.port, False)
            super().close()
            _closed.append((self.port, clock.now()))


def _was_ours(port: int) -> bool:
    """Whether this process had a server on ``port`` a moment ago."""
    now = clock.now()
    return any(known == port and now < when + _LEAVES_SECONDS for known, when in list(_closed))


def _address(host: str) -> str:
    """Resolve a host name: the core takes seconds over one, and panics over some."""
    if host in ("localhost", "127.0.0.1", "::1"):
        return host
    import ipaddress
    import socket

    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError) as error:
        raise MockServerError(
            f"no mock server on {host!r}: it is no address, and no host of that name: {error}"
        ) from None
