"""The verifier of the classic API: answers with a return code instead of raising."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pact_ffi.broker.hal import HalClient
from pact_ffi.broker.settings import BrokerSettings
from pact_ffi.errors import BrokerError, InvalidInputError, PactException, PactFileError, VerificationError
from pact_ffi.pact_file.reading import find_pact, read_pacts_for
from pact_ffi.provider.report import render_report
from pact_ffi.provider.states import announce
from pact_ffi.provider.verifier import Verifier as Engine

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
        """Take what is known; the rest, which the Ruby verifier may have known, is named in the log."""
        unknown = sorted(set(given) - set(cls.__dataclass_fields__))
        if unknown:
            logger.warning("%s: no effect here; known are %s", ", ".join(unknown), ", ".join(cls.__dataclass_fields__))
        options = cls(**{key: value for key, value in given.items() if value is not None and key not in unknown})
        if options.publish_verification_results and not options.publish_version:
            raise PactException("publish_verification_results needs publish_version, the provider's version")
        return options

    def login(self) -> dict[str, Any]:
        """Return the broker's credentials as keyword arguments."""
        return {"username": self.broker_username, "password": self.broker_password, "token": self.broker_token}

    def select(self, engine: Engine) -> None:
        """Add what the broker selects to ``engine``."""
        builder = engine.broker_source(self.broker_url, **self.login(), selector=True)
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
        self._engine(Options(), None)

    def __str__(self) -> str:
        return f"Verifier for {self.provider} with url {self.provider_base_url}"

    def verify_pacts(self, *pacts: str, **options: Any) -> tuple[int, str]:
        """Verify pact files, folders and URLs; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Raises `PactFileError` for missing files; see `Options` for the keywords.
        """
        read, found, missing = Options.read(options), [], []
        for pact in map(str, pacts):
            try:
                found.append(pact if _is_url(pact) or Path(pact).is_dir() else str(find_pact(pact)))
            except PactFileError:
                missing.append(pact)
        if missing or not pacts:
            raise PactFileError(f"Missing pact files {missing}")

        def select(engine: Engine) -> None:
            for pact in found:
                engine.add_source(pact, **(read.login() if _is_url(pact) else {}))

        return self._verified(read, (name for pact in found for name in self._consumers(pact, read)), select)

    def verify_with_broker(self, **options: Any) -> tuple[int, str]:
        """Verify the pacts that a broker selects; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Raises `PactException` without ``broker_url`` (or ``PACT_BROKER_BASE_URL``); see `Options` for the keywords.
        """
        read = Options.read(options)
        try:
            broker = HalClient(BrokerSettings(read.broker_url, **read.login()))
        except InvalidInputError as error:
            raise PactException(f"Pact urls or Pact broker required: {error}") from None
        return self._verified(read, self._consumers_at(broker), read.select)

    def _consumers(self, pact: str, options: Options) -> Iterator[str]:
        if _is_url(pact):
            login = BrokerSettings(pact, **options.login(), use_env=False)
            yield HalClient(login).send("GET", login.url).value(str, "consumer", "name")
        else:
            yield from (document.consumer for document in read_pacts_for(self.provider, [(Path(pact), False)]))

    def _consumers_at(self, broker: HalClient) -> Iterator[str]:
        url = broker.index().required("pb:latest-provider-pacts", provider=self.provider)
        links = broker.send("GET", url).objects("_links", "pb:pacts")
        yield from (link.value(str, "name") for link in links)

    def _verified(
        self, options: Options, consumers: Iterable[str], select: Callable[[Engine], None]
    ) -> tuple[int, str]:
        """Verify what ``select`` adds: with a state URL a run for each consumer, as it is told whose state it is."""
        code, reports, interactions = 0, [], 0
        try:
            runs = list(dict.fromkeys(consumers)) if options.provider_states_setup_url else []
            for consumer in runs or (None,):
                engine = self._engine(options, consumer)
                select(engine)
                if consumer and len(runs) > 1:
                    engine.filter_consumers(consumer).set_error_on_empty_pact(enabled=False)
                try:
                    engine.verify()
                    reports += [render_report(engine.result)] if engine.result else []
                except VerificationError as error:
                    code = 1
                    reports.append(str(error))
                interactions += len(engine.result.interactions) if engine.result else 0
        except (BrokerError, PactFileError) as error:
            code = 1
            reports.append(str(error))
        if code == 0 and interactions == 0:
            code, reports = 1, [f"nothing was verified: there is no pact for {self.provider!r}"]
        text = "\n".join(reports)
        logger.log(logging.ERROR if code else logging.INFO, "%s", text)
        return code, text

    def _engine(self, options: Options, consumer: str | None) -> Engine:
        engine = Engine(self.provider).add_transport(url=self.provider_base_url)
        for header in options.headers:
            name, colon, value = header.partition(":")
            if not colon:
                raise InvalidInputError(f"a header must read 'Name: value', not {name!r}")
            engine.add_custom_header(name.strip(), value.strip())
        if options.timeout is not None:
            engine.set_request_timeout(int(options.timeout * 1000))
        url = options.provider_states_setup_url
        if url:

            def change(state: str, parameters: dict[str, Any]) -> Any:
                """Post what classic state URLs expect."""
                named = {"consumer": consumer, "state": state, "states": [state]}
                return announce(url, {**named, "params": parameters, "action": "setup"}) if state else None

            engine.state_handler(change)
        options.publish(engine)
        return engine


def _is_url(pact: str) -> bool:
    return pact.startswith(("http://", "https://"))
