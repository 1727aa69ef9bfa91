"""The pact of the classic API: builders, a mock service that runs from start to stop, ``with`` blocks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pact_ffi.classic.provider import Provider
from pact_ffi.classic.publishing import Publishing
from pact_ffi.classic.service import MockService, closed, opened
from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.recording import Recording
from pact_ffi.errors import MismatchesError, PactException
from pact_ffi.report import annotate, coloured_terminal
from pact_ffi.specification import PactSpecification

if TYPE_CHECKING:
    from pact_ffi.classic.consumer import Consumer
    from pact_ffi.classic.replay import PactReplay


class Pact(Publishing):
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
        specification = PactSpecification.parse(self.specification_version)
        self._contract = Contract(consumer.name, provider.name, specification)
        self._interactions: list[_Draft] = []
        self._written = False
        self._service: MockService | None = None

    @property
    def uri(self) -> str:
        """Where the mock service listens."""
        return (
            str(self._service.url)
            if self._service
            else f"{'https' if self.ssl else 'http'}://{self.host_name}:{self.port}"
        )

    @property
    def mock_service(self) -> MockService:
        """The running mock service; ``mock_service.url`` is its address."""
        if self._service is None:
            raise PactException("the mock service is not running; call start_service() first")
        return self._service

    @property
    def path(self) -> Path:
        """The pact file."""
        return Path(self.pact_dir) / self.file_name

    def given(self, provider_state: str) -> Pact:
        """Name the provider state that the next interaction needs; the last one given wins."""
        self._current.state = provider_state
        return self

    def upon_receiving(self, scenario: str) -> Pact:
        """Describe the interaction."""
        self._current.description = scenario
        return self

    def with_request(
        self,
        method: str,
        path: Any,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | str | None = None,
    ) -> Pact:
        """Say which request is expected; path, body, headers and query may hold matchers."""
        self._current.request = (method, path, body, headers, query)
        return self._defined()

    def will_respond_with(self, status: int, headers: Mapping[str, Any] | None = None, body: Any = None) -> Pact:
        """Say what the provider answers; the interaction is complete and served when it has all three."""
        self._current.response = (status, headers, body)
        return self._defined()

    def start_service(self) -> None:
        """Begin to listen at ``uri``; raises `MockServerError` when the port is taken."""
        if self._service is None:
            self._written = False
            self._service = MockService(
                self._contract,
                self.host_name,
                self.port,
                transport="https" if self.ssl else "http",
                config={"corsPreflight": self.cors},
                certificate=(self.sslcert, self.sslkey) if self.ssl and self.sslcert else None,
            )
            opened(self)
            self._defined()

    def stop_service(self) -> None:
        """Verify what was not verified yet, write it, stop listening, and publish if that was asked for."""
        if self._service is None:
            return
        try:
            if self._interactions:
                self.verify()
        finally:
            log, self._service = self._service.close(), None
            closed(self)
            if self.log_dir is not None:
                (Path(self.log_dir) / "pact-mock-service.log").write_text(log, encoding="utf-8")
        if self.publish_to_broker:
            self.publish_own()

    def setup(self) -> None:
        """Replace what the mock service expects by the interactions that were described since the last `verify`."""
        for draft in self._interactions:
            missing = self.MANDATORY_FIELDS - draft.fields()
            if missing:
                raise PactException(f"Interaction incomplete, missing field(s): {', '.join(sorted(missing))}")
        self.start_service()
        self.mock_service.expect(self._recordings(), afresh=True)

    def verify(self) -> None:
        """Raise `MismatchesError` unless all interactions were called as described; then write them to the file."""
        if self._service is None or not self._interactions:
            return
        recordings, service = self._recordings(), self._service
        mismatches = service.outcome()
        report = service.explain(mismatches, colour=coloured_terminal())
        self._clear()
        if mismatches:
            raise MismatchesError(*mismatches, report=report)
        if recordings and self.file_write_mode != "never":
            overwrite = self.file_write_mode == "overwrite" and not self._written
            self._contract.only(recordings).write(self.path, overwrite=overwrite)
            self._written = True

    def __enter__(self) -> Pact:
        self.setup()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            mismatches = self._service.outcome() if self._service else []
            if self._service and mismatches:
                annotate(error, self._service.explain(mismatches))
            self._clear()
            return
        self.verify()

    def from_path(self, path: str | Path) -> PactReplay:
        """Load a pact file, to check a real provider's responses against it."""
        from pact_ffi.classic.replay import PactReplay

        return PactReplay.from_path(path)

    @property
    def _current(self) -> _Draft:
        if not self._interactions or self._interactions[-1].fields() == self.MANDATORY_FIELDS:
            self._interactions.append(_Draft())
        return self._interactions[-1]

    def _defined(self) -> Pact:
        """Serve what is complete, so that the next request meets it."""
        if self._service is not None and self._interactions:
            self._service.expect(self._recordings())
        return self

    def _recordings(self) -> list[Recording]:
        return [each.recording() for each in self._interactions if each.fields() == self.MANDATORY_FIELDS]

    def _clear(self) -> None:
        self._interactions = []
        if self._service is not None:
            self._service.expect([], afresh=True)


class _Draft:
    """An interaction that is being described."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.description: str | None = None
        self.request: tuple[Any, ...] | None = None
        self.response: tuple[Any, ...] | None = None
        self._recording: tuple[tuple[Any, ...], Recording] | None = None

    def fields(self) -> set[str]:
        """Return the names of the mandatory fields that it has."""
        said = {"description": self.description, "request": self.request, "response": self.response}
        return {name for name, value in said.items() if value is not None}

    def recording(self) -> Recording:
        """Return it in the engine's words."""
        if self.description is None or self.request is None or self.response is None:
            raise PactException("Interaction incomplete")
        said = (self.state, self.description, self.request, self.response)
        if self._recording is None or self._recording[0] != said:
            self._recording = said, self._record(self.description, self.request, self.response)
        return self._recording[1]

    def _record(self, description: str, request: tuple[Any, ...], response: tuple[Any, ...]) -> Recording:
        recording = Recording("HTTP", description)
        if self.state:
            recording.given(self.state, None)
        method, path, body, headers, query = request
        status, response_headers, response_body = response
        recording.request(method, path)
        if query is not None:
            recording.query(query)
        recording.message_of("Request", headers, body)
        recording.status(status)
        recording.message_of("Response", response_headers, response_body)
        return recording
