"""The verifier of the classic API: answers with a return code instead of raising."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pact_ffi.classic.options import read_option
from pact_ffi.errors import BrokerError, InvalidInputError, PactException, PactFileError, VerificationError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import find_pact
from pact_ffi.provider.report import render_report
from pact_ffi.provider.states import announce, state_url
from pact_ffi.provider.verifier import Verifier as Engine
from pact_ffi.values.http import header_line

logger = logging.getLogger("pact.verifier")


@dataclass
class Options:
    """What `Verifier.verify_pacts` and `verify_with_broker` take; the names are the classic ones.

    ``headers`` are texts ``"Name: value"``; ``timeout`` is in seconds for each request. Numbers and flags may be text,
    as environment variables have them, and one text may stand for a list of one. ``log_dir``, ``log_level`` and
    ``verbose`` are accepted and have no effect: the log goes to Python's logging.
    """

    enable_pending: bool = False
    include_wip_pacts_since: str | None = None
    provider_states_setup_url: str | None = None
    headers: Sequence[str] = ()
    timeout: float | str | None = None
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
        known = {option.name: option.default for option in fields(cls)}
        unknown = sorted(given.keys() - known)
        if unknown:
            logger.warning("%s: no effect here; known are %s", ", ".join(unknown), ", ".join(known))
        taken = {name: read_option(name, value, known[name]) for name, value in given.items() if name in known}
        options = cls(**taken)
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


class ClassicEngine(Engine):
    """The verifier with what the classic API needs of it besides: pacts can be changed before they are verified."""

    def __init__(self, name: str, prepare: Callable[[PactDocument], PactDocument]) -> None:
        super().__init__(name)
        self._settings.prepare = prepare


class Verifier:
    """Verifies the provider that runs at ``provider_base_url``; further keywords are accepted and ignored, as ever.

    >>> Verifier("orders", provider_url).verify_pacts("pacts/shop-orders.json")[0]
    0
    """

    def __init__(self, provider: str, provider_base_url: str, **kwargs: object) -> None:
        self.provider = provider
        self.provider_base_url = provider_base_url
        self._engine(Options())

    def __str__(self) -> str:
        return f"Verifier for {self.provider} with url {self.provider_base_url}"

    def verify_pacts(self, *pacts: str, **options: Any) -> tuple[int, str]:
        """Verify pact files, folders and URLs; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Redirects are not followed: a pact says what the provider itself answers. Raises `PactFileError` for missing
        files; see `Options` for the keywords.
        """
        read, sources, missing = Options.read(options), [], []
        for pact in map(str, pacts):
            try:
                sources.append(pact if _is_url(pact) or Path(pact).is_dir() else find_pact(pact))
            except PactFileError:
                missing.append(pact)
        if missing or not pacts:
            raise PactFileError(f"Missing pact files {missing}")
        engine = self._engine(read)
        for source in sources:
            engine.add_source(source, **(read.login() if _is_url(str(source)) else {}))
        return self._verified(engine)

    def verify_with_broker(self, **options: Any) -> tuple[int, str]:
        """Verify the pacts that a broker selects; returns ``(0, report)``, or ``(1, report)`` for a broken pact.

        Raises `PactException` without ``broker_url`` (or ``PACT_BROKER_BASE_URL``); see `Options` for the keywords.
        """
        read = Options.read(options)
        engine = self._engine(read)
        try:
            read.select(engine)
        except InvalidInputError as error:
            raise PactException(f"Pact urls or Pact broker required: {error}") from None
        return self._verified(engine)

    def _verified(self, engine: Engine) -> tuple[int, str]:
        """Verify what was selected; returns the code and the report."""
        try:
            engine.verify()
            code, text = 0, render_report(engine.result) if engine.result else ""
        except (VerificationError, BrokerError, PactFileError) as error:
            code, text = 1, str(error)
        logger.log(logging.ERROR if code else logging.INFO, "%s", text)
        return code, text

    def _engine(self, options: Options) -> Engine:
        current: list[str] = []  # the consumer whose pact is verified now

        def prepare(document: PactDocument) -> PactDocument:
            current[:] = [document.consumer]
            return document

        engine = ClassicEngine(self.provider, prepare).add_transport(url=self.provider_base_url).follow_redirects(False)
        for header in options.headers:
            engine.add_custom_header(*header_line(header, "a header"))
        if options.timeout is not None:
            engine.set_request_timeout(_milliseconds(options.timeout))
        url = options.provider_states_setup_url
        if url:
            state_url(url)

            def change(state: str, parameters: dict[str, Any]) -> Any:
                """Post what classic state URLs expect."""
                named = {"consumer": current[0], "state": state, "states": [state]}
                return announce(url, {**named, "params": parameters, "action": "setup"}) if state else None

            engine.state_handler(change)
        options.publish(engine)
        return engine


def _is_url(pact: str) -> bool:
    return pact.startswith(("http://", "https://"))


def _milliseconds(seconds: float | str) -> int:
    try:
        return int(float(seconds) * 1000)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInputError(f"timeout must be a number of seconds, not {seconds!r}") from None
