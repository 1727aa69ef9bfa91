"""The pact of the classic API: builders, a mock service that runs from start to stop, ``with`` blocks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pact_ffi.classic.base import BasePact
from pact_ffi.classic.provider import Provider
from pact_ffi.classic.service import MockService, opened
from pact_ffi.consumer import unfinished
from pact_ffi.consumer.explain import explain
from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.errors import MismatchesError, PactException
from pact_ffi.reporting.differences import annotate, coloured_terminal
from pact_ffi.values.url import bracketed

if TYPE_CHECKING:
    from pact_ffi.classic.consumer import Consumer
    from pact_ffi.classic.replay import PactReplay


class Pact(BasePact):
    """What a `Consumer` expects of a `Provider`; made by ``Consumer.has_pact_with``."""

    HEADERS: Mapping[str, str] = {"X-Pact-Mock-Service": "true"}
    MANDATORY_FIELDS = frozenset({"description", "request", "response"})

    host_name: str = "localhost"
    port: int = 1234
    log_dir: str | None = None
    ssl: bool = False
    sslcert: str | None = None
    sslkey: str | None = None
    cors: bool = False
    specification_version: str = "4.0"

    def __init__(self, consumer: Consumer, provider: Provider, **options: Any) -> None:
        """Make the pact; the options are those of ``Consumer.has_pact_with``."""
        super().__init__(consumer, provider, **options)
        self._begin(self.specification_version)
        self._draft: dict[str, Any] = {}  # what was said about the next interaction
        self._interactions: list[HttpInteraction] = []
        self._service: MockService | None = None

    @property
    def uri(self) -> str:
        """Where the mock service listens."""
        if self._service is not None:
            return str(self._service.url)
        return f"{'https' if self.ssl else 'http'}://{bracketed(self.host_name)}:{self.port}"

    @property
    def mock_service(self) -> MockService:
        """The running mock service; ``mock_service.url`` is its address."""
        if self._service is None:
            raise PactException("the mock service is not running; call start_service() first")
        return self._service

    def given(self, provider_state: str) -> Pact:
        """Name the provider state that the next interaction needs; the last one given wins."""
        return self._say(state=provider_state)

    def upon_receiving(self, scenario: str) -> Pact:
        """Describe the interaction."""
        return self._say(description=scenario)

    def with_request(
        self,
        method: str,
        path: Any,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | str | None = None,
    ) -> Pact:
        """Say which request is expected; path, body, headers and query may hold matchers."""
        return self._say(request=(method, path, body, headers, query))

    def will_respond_with(self, status: int, headers: Mapping[str, Any] | None = None, body: Any = None) -> Pact:
        """Say what the provider answers; the interaction is complete and served when it has all three."""
        return self._say(response=(status, headers, body))

    def start_service(self) -> None:
        """Begin to listen at ``uri``; raises `MockServerError` when the port is taken."""
        if self._service is None:
            self._written = False
            certificate = (self.sslcert, self.sslkey) if self.ssl and self.sslcert else None
            self._service = MockService(
                self._contract, self.host_name, self.port, ssl=self.ssl, cors=self.cors, certificate=certificate
            )
            opened(self)
            if self._interactions:
                self._service.expect(self._interactions)

    def stop_service(self) -> None:
        """Verify what was not verified yet, write it, stop listening, and publish if that was asked for."""
        if self._service is None:
            return
        try:
            self.verify()
        finally:
            log, self._service = self._service.close(), None
            unfinished.closed(self)
            if self.log_dir is not None:
                (Path(self.log_dir) / "pact-mock-service.log").write_text(log, encoding="utf-8")
        if self.publish_to_broker:
            self.publish_own()

    def setup(self) -> None:
        """Replace what the mock service expects by the interactions that were described since the last `verify`."""
        if self._draft:
            missing = ", ".join(sorted(self.MANDATORY_FIELDS - self._draft.keys()))
            raise PactException(f"Interaction incomplete, missing field(s): {missing}")
        self.start_service()
        self.mock_service.expect(self._interactions, afresh=True)

    def verify(self) -> None:
        """Raise `MismatchesError` unless all interactions were called as described; then write them to the file."""
        service = self._service
        if service is None or not (self._interactions or self._draft):
            return
        interactions, mismatches = service.interactions, service.outcome()
        self._clear()
        if mismatches:
            raise MismatchesError(*mismatches, report=explain(mismatches, interactions, colour=coloured_terminal()))
        self._write(interactions)

    def __enter__(self) -> Pact:
        self.setup()
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self.verify()
            return
        if self._service is not None and (mismatches := self._service.outcome()):
            annotate(error, explain(mismatches, self._service.interactions))
        self._clear()

    def from_path(self, path: str | Path) -> PactReplay:
        """Load a pact file, to check a real provider's responses against it."""
        from pact_ffi.classic.replay import PactReplay

        return PactReplay.from_path(path)

    def _say(self, **said: Any) -> Pact:
        """Take a part of the next interaction; one that has all parts is served, so that the next request meets it."""
        self._draft.update(said)
        if self._draft.keys() >= self.MANDATORY_FIELDS:
            draft, self._draft = self._draft, {}
            interaction = _interaction(**draft)
            if self._service is not None:
                self._service.expect([*self._interactions, interaction])
            self._interactions.append(interaction)
        return self

    def _clear(self) -> None:
        self._draft, self._interactions = {}, []
        if self._service is not None:
            self._service.expect([], afresh=True)


def _interaction(
    description: str, request: tuple[Any, ...], response: tuple[Any, ...], state: str | None = None
) -> HttpInteraction:
    """Return an interaction in the engine's words."""
    interaction = HttpInteraction(description)
    if state:
        interaction.given(state)
    method, path, request_body, request_headers, query = request
    interaction.with_request(method, path, headers=request_headers, query=query, body=request_body)
    status, response_headers, response_body = response
    return interaction.will_respond_with(status, headers=response_headers, body=response_body)
