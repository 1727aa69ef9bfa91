"""The verifier of the classic API: answers with a return code instead of raising."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pact_ffi.errors import BrokerError, InvalidInputError, PactException, PactFileError, VerificationError
from pact_ffi.pact_paths import find_pact
from pact_ffi.provider.report import render_report
from pact_ffi.provider.sources import read_folder, read_pact
from pact_ffi.provider.states import announce
from pact_ffi.provider.verifier import Verifier as Engine

if TYPE_CHECKING:
    from pact_ffi.hal import BrokerSettings

logger = logging.getLogger("pact.verifier")


@dataclass
class Options:
    """What `Verifier.verify_pacts` and `verify_with_broker` take; the names are the classic ones.

    ``headers`` are texts ``"Name: value"``; ``timeout`` is in seconds for each request. ``log_dir``, ``log_level`` and
    ``verbose`` are accepted and have no effect: the log goes to Python's logging.
    """

    enable_pending: bool = False
    include_wip_pacts_since: str | None = None
    provider_states_setup_url: str | None = None
    headers: Sequence[str] = ()
    timeout: float | None = None
    consumer_tags: Sequence[str] = ()
    provider_tags: Sequence[str] = ()
    consumer_version_selectors: Sequence[dict[str, Any]] = ()
    provider_version_branch: str | None = None
    publish_version: str | None = None
    publish_verification_results: bool = False
    broker_url: str | None = None
    broker_username: str | None = None
    broker_password: str | None = None
    broker_token: str | None = None
    log_dir: str | None = None
    log_level: str | None = None
    verbose: bool = False

    @classmethod
    def read(cls, given: dict[str, Any]) -> Options:
        """Check the names; raises `InvalidInputError` for one that does not exist."""
        unknown = sorted(set(given) - set(cls.__dataclass_fields__))
        if unknown:
            raise InvalidInputError(f"unknown {', '.join(unknown)}; known are {', '.join(cls.__dataclass_fields__)}")
        options = cls(**{key: value for key, value in given.items() if value is not None})
        if options.publish_verification_results and not options.publish_version:
            raise PactException("publish_verification_results needs publish_version, the provider's version")
        return options

    def select(self, engine: Engine) -> None:
        """Add what the broker selects to ``engine``."""
        login: dict[str, Any] = {
            "username": self.broker_username,
            "password": self.broker_password,
            "token": self.broker_token,
        }
        builder = engine.broker_source(self.broker_url, **login, selector=True)
        builder.consumer_versions(*self.consumer_version_selectors)
        builder.consumer_tags(*self.consumer_tags).provider_tags(*self.provider_tags)
        if self.provider_version_branch:
            builder.provider_branch(self.provider_version_branch)
        if self.enable_pending:
            builder.include_pending()
        if self.include_wip_pacts_since:
            builder.include_wip_since(self.include_wip_pacts_since)

    def publish(self, engine: Engine) -> None:
        """Let ``engine`` publish its results, if that was asked for."""
        if self.publish_verification_results and self.publish_version:
            engine.set_publish_options(self.publish_version, None, self.provider_version_branch, self.provider_tags)


class Verifier:
    """Verifies the provider that runs at ``provider_base_url``; further keywords are accepted and ignored, as ever."""

    def __init__(self, provider: str, provider_base_url: str, **kwargs: object) -> None:
        self.provider = provider
        self.provider_base_url = provider_base_url
        self._new_engine()

    def __str__(self) -> str:
        return f"Verifier for {self.provider} with url {self.provider_base_url}"

    def verify_pacts(self, *pacts: str, **options: Any) -> tuple[int, str]:
        """Verify pact files, folders and URLs; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Raises `PactFileError` for missing files; see `Options` for the keywords.
        """
        read = Options.read(options)
        sources: list[tuple[str | None, str]] = []
        missing: list[str] = []
        for pact in pacts:
            if str(pact).startswith(("http://", "https://")):
                sources.append((None, str(pact)))
                continue
            try:
                sources += self._local(str(pact))
            except PactFileError as error:
                if Path(pact).exists():
                    return self._failed(str(error))
                missing.append(str(pact))
        if missing or not pacts:
            raise PactFileError(f"Missing pact files {missing}")
        # One run for each consumer: the state URL is told whose state it is.
        consumers = list(dict.fromkeys(consumer for consumer, _ in sources))
        runs = []
        for consumer in consumers:
            engine = self._engine(read, consumer)
            for _, path in (source for source in sources if source[0] == consumer):
                if consumer is None:
                    engine.add_source(
                        path, username=read.broker_username, password=read.broker_password, token=read.broker_token
                    )
                else:
                    engine.add_source(path)
            runs.append(engine)
        return self._verified(runs)

    def verify_with_broker(self, **options: Any) -> tuple[int, str]:
        """Verify the pacts that a broker selects; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Raises `PactException` without ``broker_url`` (or ``PACT_BROKER_BASE_URL``); see `Options` for the keywords.
        """
        read = Options.read(options)
        from pact_ffi.hal import BrokerSettings

        login = (read.broker_url, read.broker_username, read.broker_password, read.broker_token)
        try:
            broker = BrokerSettings(*login)
            consumers: list[str | None] = self._consumers(broker) if read.provider_states_setup_url else [None]
        except InvalidInputError as error:
            raise PactException(f"Pact urls or Pact broker required: {error}") from None
        runs = []
        for consumer in consumers:
            engine = self._engine(read, consumer)
            read.select(engine)
            if len(consumers) > 1 and consumer is not None:
                engine.filter_consumers(consumer).set_error_on_empty_pact(enabled=False)
            runs.append(engine)
        return self._verified(runs)

    def _new_engine(self) -> Engine:
        return Engine(self.provider).add_transport(url=self.provider_base_url)

    def _engine(self, options: Options, consumer: str | None) -> Engine:
        engine = self._new_engine()
        for header in options.headers:
            name, colon, value = header.partition(":")
            if not colon:
                raise InvalidInputError(f"a header must read 'Name: value', not {name!r}")
            engine.add_custom_header(name.strip(), value.strip())
        if options.timeout is not None:
            engine.set_request_timeout(int(options.timeout * 1000))
        if options.provider_states_setup_url:
            engine.state_handler(_state_relay(options.provider_states_setup_url, consumer))
        options.publish(engine)
        return engine

    def _local(self, pact: str) -> list[tuple[str | None, str]]:
        if Path(pact).is_dir():
            documents = [doc for doc in read_folder(Path(pact), False) if doc.provider == self.provider]
            if not documents:
                raise PactFileError(f"no pact in folder {pact} is for provider {self.provider!r}")
        else:
            documents = [read_pact(find_pact(pact))]
        return [(document.consumer, str(document.path)) for document in documents]

    def _consumers(self, broker: BrokerSettings) -> list[str | None]:
        """Return who has pacts with this provider, as the state URL wants to know it and the core does not say."""
        from pact_ffi.hal import HalClient

        client = HalClient(broker, True, 30)
        try:
            url = client.required(client.index(), "pb:latest-provider-pacts", provider=self.provider)
            links = client.send("GET", url).get("_links", {}).get("pb:pacts", [])
        except BrokerError as error:
            logger.warning("the state URL will not be told the consumer: %s", error)
            return [None]
        return list(dict.fromkeys(link.get("name") for link in links)) or [None]

    def _verified(self, engines: Sequence[Engine]) -> tuple[int, str]:
        code, reports, interactions = 0, [], 0
        for engine in engines:
            try:
                engine.verify()
                if engine.result:
                    reports.append(render_report(engine.result))
            except VerificationError as error:
                code = 1
                reports.append(str(error))
            interactions += len(engine.result.interactions) if engine.result else 0
        if code == 0 and interactions == 0:
            return self._failed(f"nothing was verified: the broker has no pact for {self.provider!r}")
        text = "\n".join(reports)
        if code:
            return self._failed(text)
        logger.info("%s", text)
        return 0, text

    def _failed(self, text: str) -> tuple[int, str]:
        logger.error("%s", text)
        return 1, text


def _state_relay(url: str, consumer: str | None) -> Callable[[str, dict[str, Any]], Any]:
    """Return a state handler that posts what classic state URLs expect."""

    def change(state: str, parameters: dict[str, Any]) -> Any:
        if not state:
            return None
        named = {"consumer": consumer, "state": state, "states": [state]}
        return announce(url, {**named, "params": parameters, "action": "setup"})

    return change
