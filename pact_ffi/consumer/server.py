"""A mock server for the length of a ``with`` block."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from pact_ffi.consumer import unfinished
from pact_ffi.consumer.comparing import check_served
from pact_ffi.consumer.contract import Contract
from pact_ffi.core import logs
from pact_ffi.core.server import MockServer
from pact_ffi.errors import InvalidInputError, MismatchesError, PactWarning, UsageError
from pact_ffi.values import texts
from pact_ffi.values.url import URL, bracketed, port_number

if TYPE_CHECKING:
    from pact_ffi.reporting.mismatches import Mismatch

_HTTP = ("http", "https")


class PactServer:
    """The mock server of a pact: a context manager (also ``async with``) that listens inside the block.

    Leaving the block stops it and raises `MismatchesError` when the requests were not those of the pact,
    unless ``raises`` is false or the block itself raised.

    >>> answered = pact.upon_receiving("are you there?").with_request("GET", "/").will_respond_with(204)
    >>> with pact.serve(raises=False) as server:
    ...     requests.get(f"{server.url}/who").status_code
    500
    >>> [mismatch.type for mismatch in server.mismatches]
    ['RequestNotFound', 'MissingRequest']
    """

    def __init__(
        self,
        pact: Contract,
        host: str | None = None,
        port: int | str = 0,
        transport: str = "http",
        transport_config: Mapping[str, Any] | str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
    ) -> None:
        self._pact = pact
        self._asked_port = port_number(port)
        self._transport = transport or "http"
        self._host = texts.text(host or _default_host(self._transport), "the address of the mock server")
        self._config = _config(transport_config)
        self._raises = raises
        self._verbose = verbose
        self._server: MockServer | None = None
        self._outcome: list[Mismatch] = []
        self._seen: list[Mismatch] = []  # of the outcome, what somebody asked for
        self._last_logs: str | None = None

    @property
    def port(self) -> int | None:
        """The port it listens on; ``None`` before."""
        return self._server.port if self._server else self._asked_port or None

    @property
    def host(self) -> str:
        """The host as it was asked for; where nobody asked, ``localhost``, or 127.0.0.1 on Windows."""
        return self._host

    @property
    def transport(self) -> str:
        """``http``, ``https`` or a plugin's transport."""
        return self._transport

    @property
    def url(self) -> URL:
        """The address; it is text, and ``url / "path"`` appends to it.

        Raises `UsageError` before the start, unless the port was chosen.
        """
        port = self.port
        if not port:
            raise UsageError("the mock server has no address before it starts; use it in the block of pact.serve()")
        return URL(f"{self._transport}://{bracketed(self._host)}:{port}")

    def __str__(self) -> str:
        return str(self.url)

    def __repr__(self) -> str:
        return f"<PactServer: {self.url if self._server or self._asked_port else 'not started'}>"

    def __truediv__(self, segment: str) -> URL:
        return self.url / segment

    @property
    def matched(self) -> bool:
        """Whether all interactions were called as described and nothing else came, so far."""
        return not self.mismatches

    @property
    def mismatches(self) -> list[Mismatch]:
        """What did not match so far; after the block, what had not matched at its end."""
        self._seen = self._found()
        if self._running is None:
            unfinished.closed(self)
        return self._seen

    def _found(self) -> list[Mismatch]:
        if self._running is not None:
            found = self._running.mismatches()
            if found or self._outcome:
                from pact_ffi.reporting.mismatches import as_objects  # only what fails pays for it

                self._outcome = as_objects(found)
        return self._outcome

    @property
    def logs(self) -> str | None:
        """The server's log; ``None`` before it started."""
        if self._running is not None:
            self._last_logs = self._running.logs()
        return self._last_logs

    def report(self, *, colour: bool = False) -> str:
        """Return the mismatches as a person reads them, told by the names of the interactions."""
        from pact_ffi.consumer.explain import explain  # only what fails pays for it

        return explain(self.mismatches, self._pact.interactions("All"), colour=colour)

    def certificate(self) -> str:
        """Return the certificate (PEM) of a running ``https`` server, for clients to trust.

        The core makes a new self-signed one for ``localhost`` with every server.
        """
        if self._running is None or self._transport != "https":
            raise UsageError(f"only a running https server has a certificate; this is {self._transport}")
        import ssl  # only https pays for it

        return ssl.get_server_certificate((self._host.strip("[]"), self._running.port))

    def write_file(self, directory: Path | str | None = None, *, overwrite: bool = False) -> None:
        """Write the pact file, as ``Pact.write_file`` does."""
        self._pact.write_file(directory, overwrite=overwrite)

    def start(self) -> None:
        """Begin to listen; entering the block does it."""
        if self._running is not None:
            raise UsageError(f"the mock server on {self.url} is already running")
        kind: Literal["HTTP", "All"] = "HTTP" if self._transport in _HTTP else "All"
        interactions = self._pact.interactions(kind)
        if not interactions:
            what = "HTTP interaction" if kind == "HTTP" else "interaction"
            message = f"the pact has no {what}, so the mock server answers no request; describe one before serve()"
            warnings.warn(message, PactWarning, stacklevel=3)
        check_served(interactions)
        handle = self._pact._build_kind(kind)
        self._server = MockServer(handle, self._host, self._asked_port, self._transport, self._config)
        self._pact._built.serving += 1
        unfinished.opened(self, self._finish)
        for interaction in interactions:
            interaction._tried = True
        if self._transport not in _HTTP:
            self._pact._served(interactions, self._transport)

    def stop(self) -> None:
        """Stop listening, keeping what was found; leaving the block does it.

        It raises nothing: ask for `matched`, `mismatches` or `report()` then, else what was not met fails the run.
        """
        if self._running is None or self._server is None:
            return
        try:
            _ = self._found(), self.logs
        finally:
            self._pact._built.serving -= 1
            self._server.close()
        if not self._raises or self._outcome == self._seen:
            unfinished.closed(self)

    def _caused(self, error: BaseException) -> bool:
        """Say whether ``error`` may come of what the server answered; it cannot where nothing wrong was asked."""
        wrong = any(mismatch.type != "MissingRequest" for mismatch in self._outcome)
        return wrong and isinstance(error, Exception) and not unfinished.ends_a_test(error)

    def _unmet(self) -> str:
        return f"{self._pact.consumer} -> {self._pact.provider}: {self.report()}"

    def _finish(self) -> str | None:
        """End a server that nobody stopped; return what was not met."""
        self.stop()
        return self._unmet() if unfinished.is_open(self) else None

    @property
    def _running(self) -> MockServer | None:
        return self._server if self._server is not None and not self._server.closed else None

    def __enter__(self) -> PactServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        if not self.mismatches:
            return
        from pact_ffi.reporting.differences import annotate, coloured_terminal

        if self._verbose and (logger := logs.pact_logger()):
            logger.getChild("pact").error("Mismatches:\n%s", self.report())  # the name that drop-in users filter by
        if self._raises and (error is None or self._caused(error)):
            raise MismatchesError(*self._outcome, report=self.report(colour=coloured_terminal())) from error
        if error is not None:
            annotate(error, self.report())
            if self._raises:
                unfinished.unmet(self._unmet(), error)

    async def __aenter__(self) -> PactServer:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)


def _default_host(transport: str) -> str:
    """Return the name of this machine in a server's URL.

    Windows tries ``localhost`` at ::1 first, where nobody listens, and takes two seconds over that. The certificate of
    an https server knows no other name.
    """
    return "127.0.0.1" if sys.platform == "win32" and transport != "https" else "localhost"


def _config(given: Mapping[str, Any] | str | None) -> dict[str, Any]:
    if given is None:
        return {}
    try:
        config = json.loads(given) if isinstance(given, str) else given
        json.dumps(config, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"the transport configuration {given!r:.200} is no JSON: {error}") from None
    return dict(texts.mapping(config, "the transport configuration"))
