"""A consumer's pact in a test: what was served and handled is remembered, and checked when the test ends."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Literal

import pytest

from pact_ffi.consumer import unfinished
from pact_ffi.consumer.delivery import Handler
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.consumer.pact import Pact
from pact_ffi.consumer.server import PactServer
from pact_ffi.errors import InteractionVerificationError, PactError, PactVerificationError, UsageError
from pact_ffi.pytest_plugin import markers
from pact_ffi.pytest_plugin.failures import NotMet


class _Server(PactServer):
    """A mock server that remembers which interactions it served, and may start when its address is asked for."""

    on_demand = False
    served: tuple[Interaction, ...] = ()

    def start(self) -> None:
        super().start()
        plain = self.transport in ("http", "https")
        self.served = tuple(self._pact.interactions("HTTP" if plain else "All"))

    @property
    def port(self) -> int | None:
        if self.on_demand and self._server is None:  # by now the test has described its interactions
            self.start()
        return super().port


class TestedPact(Pact):
    """A `Pact` that belongs to a test."""

    __test__ = False

    def __init__(self, consumer: str, provider: str, directory: Path) -> None:
        super().__init__(consumer, provider)
        self._directory = directory
        self._servers: list[_Server] = []
        self._handled: list[Interaction] = []
        self._errors: list[InteractionVerificationError] = []
        self._text = ""

    def serve(self, addr: str | None = None, *args: Any, **options: Any) -> PactServer:
        """Return a mock server, as `Pact.serve` does."""
        self._servers.append(_Server(self, addr, *args, **options))
        return self._servers[-1]

    def serve_on_demand(self) -> PactServer:
        """Return a mock server that starts when its address is first asked for, and stops with the test."""
        self.serve()
        self._servers[-1].on_demand = True
        return self._servers[-1]

    def verify(self, handler: Handler, kind: Literal["Async", "Sync"], *, raises: bool = True) -> Any:
        """Hand each message to ``handler``, as `Pact.verify` does."""
        errors = super().verify(handler, kind, raises=False) or []
        self._handled += self.interactions(kind)
        self._errors += errors
        if raises and errors:
            raise PactVerificationError(errors)
        return None if raises else errors

    def finish(self, failed: bool) -> None:
        """Stop what still runs; fails the test with the report of what was not met."""
        unseen = [server for server in self._servers if server._running or unfinished.is_open(server)]
        for server in unseen:
            server.stop()
        reports = [server.report() for server in unseen if server.mismatches]
        if not failed:
            called = {*self._handled, *(each for server in self._servers for each in server.served)}
            reports += [_idle(each) for each in self.interactions("All") if each not in called]
        with contextlib.suppress(PactError) if failed or reports else contextlib.nullcontext():
            self._text = self.text() if self.interactions("All") else ""
        if reports:
            raise NotMet("\n".join(reports), pytrace=False)
        if not failed and not self.interactions("All"):
            raise NotMet(
                f"the pact between {self.consumer!r} and {self.provider!r} describes no interaction, so this test"
                " checks nothing; describe one with upon_receiving(...)",
                pytrace=False,
            )

    def records(self, outcome: str) -> list[dict[str, Any]]:
        """Return the pact and whether it was met."""
        reports = [server.report() for server in self._servers if server.mismatches] + [str(e) for e in self._errors]
        record = {"side": "consumer", "consumer": self.consumer, "provider": self.provider, "text": self._text}
        record |= {"specification": str(self.specification), "directory": str(self._directory)}
        record |= {"outcome": "failed" if reports and outcome == "passed" else outcome, "report": "\n".join(reports)}
        return [record] if self._text else []

    def close(self) -> None:
        """Give everything back to the core."""
        for server in self._servers:
            server.stop()
        super().close()


def _idle(interaction: Interaction) -> str:
    todo = (
        "no mock server served it" if interaction.kind == "HTTP" else f"no verify(handler, {interaction.kind!r}) came"
    )
    return f"Interaction {interaction.title!r} was never called: {todo}."


def tested_pact(item: pytest.Item, given: dict[str, Any]) -> TestedPact:
    """Return the pact of a test: what is not ``given`` comes from its markers, then from the ini file."""
    for mark in item.iter_markers("pact"):  # the closest first
        given = {**markers.options(mark, "consumer", "provider", "specification", "directory"), **given}
    return _configured(item.config, **given)


def _configured(
    config: pytest.Config, *, consumer: str = "", provider: str = "", specification: Any = None, directory: Any = None
) -> TestedPact:
    def party(side: str, name: str) -> str:
        found: str = name or config.getini(f"pact_{side}")
        if not found:
            raise UsageError(
                f"the {side} has no name: mark the test with pact({side}=...), or set pact_{side} in the ini file"
            )
        return found

    if asked := config.getoption("pact_dir"):
        folder = Path(config.invocation_params.dir, asked)
    else:
        folder = Path(config.rootpath, directory or config.getini("pact_directory") or "pacts")
    pact = TestedPact(party("consumer", consumer), party("provider", provider), folder)
    return pact.with_specification(specification or config.getini("pact_specification") or "V4")
