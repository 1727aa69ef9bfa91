"""The pact of the classic API: builders, a mock service that runs from start to stop, ``with`` blocks."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from pact_ffi.classic.base import BasePact
from pact_ffi.classic.service import MockService, ServiceLog, opened
from pact_ffi.consumer import unfinished
from pact_ffi.consumer.explain import explain
from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.errors import MismatchesError, PactError, PactException, PactWarning
from pact_ffi.reporting.differences import annotate, coloured_terminal
from pact_ffi.reporting.mismatches import MissingRequest
from pact_ffi.values.url import bracketed

if TYPE_CHECKING:
    from pact_ffi.classic.parties import Party, Provider
    from pact_ffi.classic.replay import PactReplay


@dataclass(eq=False, repr=False)
class Pact(BasePact):
    """What a `Consumer` expects of a `Provider`; ``Consumer.has_pact_with`` makes it and explains the options.

    >>> pact = Consumer("shop").has_pact_with(Provider("orders"), pact_dir="pacts", port=0)
    >>> pact.start_service()
    >>> described = pact.given("order 7 exists").upon_receiving("a request for order 7")
    >>> described = described.with_request("GET", "/orders/7").will_respond_with(200, body={"id": Like(7)})
    >>> with pact:
    ...     requests.get(f"{pact.uri}/orders/7").json()
    {'id': 7}
    >>> pact.stop_service()
    """

    HEADERS: ClassVar[Mapping[str, str]] = {"X-Pact-Mock-Service": "true"}
    MANDATORY_FIELDS: ClassVar[frozenset[str]] = frozenset({"description", "request", "response"})

    consumer: Party
    provider: Provider
    host_name: str = "localhost"
    port: int = 1234
    log_dir: str | None = None
    ssl: bool = False
    sslcert: str | None = None
    sslkey: str | None = None
    cors: bool = False
    publish_to_broker: bool = False
    broker_base_url: str | None = None
    broker_username: str | None = None
    broker_password: str | None = None
    broker_token: str | None = None
    pact_dir: str = ""
    specification_version: str | None = None
    file_write_mode: str = "overwrite"
    file_name: str = ""

    def __post_init__(self) -> None:
        self._begin(self.specification_version)
        self._draft: dict[str, Any] = {}  # what was said about the next interaction
        self._interactions: list[HttpInteraction] = []
        self._service: MockService | None = None
        self._log = ServiceLog(self.log_dir)

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
        if isinstance(status, str) and status.isdecimal():  # from the environment, or from a table of cases
            status = int(status)
        return self._say(response=(status, headers, body))

    def start_service(self) -> None:
        """Begin to listen at ``uri``; raises `MockServerError` when the port is taken."""
        if self._service is None:
            self._written = False
            certificate = (self.sslcert, self.sslkey) if self.ssl and self.sslcert else None
            self._service = MockService(
                self._contract, self.host_name, self.port, ssl=self.ssl, cors=self.cors, certificate=certificate
            )
            self._log.say(f"listening at {self.uri} for {self.consumer.name!r} as {self.provider.name!r}")
            opened(self)
            if self._interactions:
                self._service.expect(self._interactions)

    def stop_service(self) -> None:
        """Verify what was not verified yet, write it, stop listening, and publish if that was asked for.

        Raises `MismatchesError` as `verify` does, and `PactException` for an interaction that is incomplete, or that
        was described when the service had stopped already, so that nothing has checked it.
        """
        running = self._service is not None
        try:
            self.verify()
        except PactError as error:
            if unfinished.process_ends():
                unfinished.unmet(f"{self._contract.consumer} -> {self._contract.provider}: {error}", error)
            raise
        finally:
            unfinished.closed(self)
            if self._service is not None:
                self._service.close()
                self._service = None
                self._log.say("stopped")
        if running and self.publish_to_broker:
            self._publish()

    def setup(self) -> None:
        """Replace what the mock service expects by the interactions that were described since the last `verify`."""
        if self._draft:
            self._refuse(self._incomplete())
        self.start_service()
        served = self.mock_service.interactions
        if wrong := self.mock_service.expect(self._interactions, afresh=True):
            report = explain(wrong, served)
            warnings.warn(f"requests that nobody checks came before the block:\n{report}", PactWarning, stacklevel=3)

    def verify(self) -> None:
        """Raise `MismatchesError` unless all interactions were called as described; then write them to the file.

        A request that nobody described is a mismatch, also where no interaction was described.

        Raises `PactException` for an interaction that is incomplete, or that no mock service has served.
        """
        service = self._service
        mismatches = service.outcome() if service else []
        if not self._interactions and not self._draft and not mismatches:
            return
        if service is None:
            titles = ", ".join(repr(each.title) for each in self._interactions) or "an incomplete one"
            self._refuse(f"the mock service does not run, so nothing checks these interactions: {titles}")
        interactions = service.interactions
        if mismatches:
            self._clear()
            error = MismatchesError(*mismatches, report=explain(mismatches, interactions, colour=coloured_terminal()))
            self._log.say(f"not met: {explain(mismatches, interactions)}")
            raise error
        if self._draft:
            self._refuse(self._incomplete())
        self._clear()
        self._log.say(*(f"met: {each.title}" for each in interactions))
        self._write(interactions)

    def __enter__(self) -> Pact:
        self.setup()
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self.verify()
            return
        if self._service is not None and (mismatches := self._service.outcome()):
            report = explain(mismatches, self._service.interactions)
            asked = any(not isinstance(mismatch, MissingRequest) for mismatch in mismatches)
            annotate(error, report, explains=asked and isinstance(error, Exception))
            if asked or not isinstance(error, Exception):  # pact-python 2 leaves it at an error of the test's own
                unfinished.unmet(f"{self._contract.consumer} -> {self._contract.provider}: {report}", error)
            self._log.say(f"not met: {report}")
        self._log.say(f"the test raised {type(error).__name__}")
        self._clear()

    def from_path(self, path: str | Path) -> PactReplay:
        """Load a pact file, to check a real provider's responses against it.

        >>> pact = Consumer("shop").has_pact_with(Provider("orders"), port=0)
        >>> replay = pact.from_path("pacts/shop-orders.json")
        >>> replay.verify_provider_app_func(lambda: requests.get(f"{provider_url}/orders/7"))
        <Response [200]>
        """
        from pact_ffi.classic.replay import PactReplay

        return PactReplay.from_path(path)

    def _say(self, **said: Any) -> Pact:
        """Take a part of the next interaction; one that has all parts is served, so that the next request meets it."""
        opened(self)
        self._draft.update(said)
        if self._draft.keys() >= self.MANDATORY_FIELDS:
            draft, self._draft = self._draft, {}
            interaction = _interaction(**draft)
            self._log.expects(interaction.title, draft["request"], draft["response"])
            if self._service is not None:
                self._service.expect([*self._interactions, interaction])
            self._interactions.append(interaction)
        return self

    def _incomplete(self) -> str:
        missing = ", ".join(sorted(self.MANDATORY_FIELDS - self._draft.keys()))
        return f"Interaction incomplete, missing field(s): {missing}"

    def _refuse(self, text: str) -> NoReturn:
        """Forget what was described, as it is told now, and raise."""
        self._clear()
        raise PactException(text)

    def _clear(self) -> None:
        self._draft, self._interactions = {}, []
        if self._service is None:
            unfinished.closed(self)
        else:
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
