"""The mock service of the classic API: its address stays while its interactions change."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pact_ffi.classic.tls import TlsFront
from pact_ffi.consumer import unfinished
from pact_ffi.consumer.comparing import check_served
from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.explain import Described
from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.server import MockServer
from pact_ffi.errors import PactError
from pact_ffi.reporting.mismatches import Mismatch, MissingRequest, as_objects
from pact_ffi.reporting.scan import redact
from pact_ffi.values.encoding import plain
from pact_ffi.values.url import URL, bracketed

logger = logging.getLogger("pact.mock_service")


class MockService:
    """Serves whatever interactions it was last told; what happened before a change is not forgotten.

    ``url`` is the address, the same for the life of the service; ``interactions`` is what it serves.
    """

    def __init__(
        self,
        contract: Contract,
        host: str,
        port: int,
        *,
        ssl: bool,
        cors: bool,
        certificate: tuple[str, str | None] | None,
    ) -> None:
        """Begin to listen; with ``certificate`` (files of certificate and key) by TLS of its own."""
        self._contract = contract
        scheme = "https" if ssl else "http"
        inner_host, inner_port, inner_scheme = ("127.0.0.1", 0, "http") if certificate else (host, port, scheme)
        self._serve = partial(MockServer, host=inner_host, transport=inner_scheme, config={"corsPreflight": cors})
        self.interactions: list[Interaction] = []
        self._met: list[Interaction] = []
        self._wrong: list[Mismatch] = []
        self._server = self._serve(contract.build([]), port=inner_port)
        self._front = TlsFront(host, port, *certificate, target=lambda: self._server.port) if certificate else None
        self.url = URL(f"{scheme}://{bracketed(host)}:{(self._front or self._server).port}")

    def expect(self, interactions: Sequence[Interaction], *, afresh: bool = False) -> list[Mismatch]:
        """Serve exactly ``interactions`` from the next request on.

        With ``afresh`` what came before is forgotten; of that, the wrong requests are returned.
        """
        check_served(interactions)
        self._harvest()
        wrong = self._wrong if afresh else []
        if afresh:
            self._met, self._wrong = [], []
        handle, port = self._contract.build(interactions), self._server.port
        self.interactions = list(interactions)
        self._server.close()  # the core serves what a pact had when the server began; on the same port: 0.15 ms
        self._server = self._serve(handle, port=port)
        return wrong

    def outcome(self) -> list[Mismatch]:
        """Return what did not match since the service began, or began afresh."""
        missing = self._harvest()
        return [*self._wrong, *(each for each, interaction in missing if interaction not in self._met)]

    def close(self) -> None:
        """Stop listening."""
        if self._front is not None:
            self._front.close()
        self._server.close()

    def _harvest(self) -> list[tuple[MissingRequest, HttpInteraction | None]]:
        found = as_objects(self._server.mismatches())
        described = Described(self.interactions)
        missing = [(each, described.missing(each)) for each in found if isinstance(each, MissingRequest)]
        self._wrong += [each for each in found if not isinstance(each, MissingRequest) and each not in self._wrong]
        uncalled = [interaction for _, interaction in missing]
        self._met += [each for each in self.interactions if each not in uncalled and each not in self._met]
        return missing


class ServiceLog:
    """The file ``pact-mock-service.log`` in ``folder``: what was expected, what came, what differed.

    Trouble with it goes to Python's logging and stops nothing; without a folder there is no log.
    """

    def __init__(self, folder: str | None) -> None:
        self._file = Path(folder, "pact-mock-service.log") if folder else None

    def say(self, *texts: str) -> None:
        """Append a line for each text."""
        if self._file is None:
            return
        lines = [f"{time.strftime('%Y-%m-%d %H:%M:%S')} {redact(text)}\n" for text in texts]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(lines)
        except (OSError, ValueError) as error:
            logger.warning("no log in %s: %s", self._file, error)
            self._file = None

    def expects(self, title: str, request: Sequence[Any], response: Sequence[Any]) -> None:
        """Append what the service will expect and answer."""
        if self._file is not None:
            method, path, *asked = plain(request)
            status, *answered = plain(response)
            self.say(f"expects: {title}: {method} {path} {_shown(asked)} -> {status} {_shown(answered)}".rstrip())


def _shown(parts: Sequence[Any]) -> str:
    return " ".join(json.dumps(part, ensure_ascii=False) for part in parts if part is not None)


def opened(pact: Any) -> None:
    """Remember a pact whose service runs, for the end of the process."""

    def finish() -> str | None:
        try:
            pact.stop_service()
        except PactError as error:
            return f"{pact.consumer.name} -> {pact.provider.name}: {error}"
        return None

    unfinished.opened(pact, finish)
