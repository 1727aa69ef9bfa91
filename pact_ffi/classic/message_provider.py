"""The message provider of the classic API."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pact_ffi.classic.verifier import ClassicEngine, Options
from pact_ffi.errors import PactFileError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.reading import find_pact
from pact_ffi.provider.verifier import Verifier

logger = logging.getLogger("pact.message_provider")


class MessageProvider:
    """Verifies the messages that ``message_providers`` produce: functions (or messages) by provider state.

    The pact is ``{consumer}-{provider}.json`` in ``pact_dir``, by default the current directory or ``pacts`` below it.
    ``version``, ``proxy_host`` and ``proxy_port`` are accepted and have no effect. As ever, the functions return
    contents only, so metadata that the pact declares is not verified; `Verifier.message_handler` does that.

    >>> provider = MessageProvider({"an order exists": lambda: {"id": 12}}, "orders", "shipping", "messages")
    >>> with provider:
    ...     provider.verify()
    """

    def __init__(
        self,
        message_providers: Mapping[str, Any],
        provider: str,
        consumer: str,
        pact_dir: str | None = None,
        version: str = "3.0.0",
        proxy_host: str = "localhost",
        proxy_port: str = "1234",
    ) -> None:
        self.message_providers = message_providers
        self.provider = provider
        self.consumer = consumer
        self.pact_dir = pact_dir
        self.version = version
        self.proxy_host = proxy_host
        self.proxy_port = proxy_port

    def __enter__(self) -> MessageProvider:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def verify(self) -> None:
        """Verify the pact file.

        Raises `VerificationError` (an AssertionError) with a report, and `PactFileError` when there is no such file.
        """
        self._verifier().add_source(self._file()).verify()

    def verify_with_broker(
        self, enable_pending: bool = False, include_wip_pacts_since: str | None = None, **options: Any
    ) -> None:
        """Verify what a broker selects; the keywords are those of the classic `Verifier`. Raises as `verify` does."""
        pending = {"enable_pending": enable_pending, "include_wip_pacts_since": include_wip_pacts_since}
        read, verifier = Options.read({**options, **pending}), self._verifier().filter_consumers(self.consumer)
        read.select(verifier)
        read.publish(verifier)
        verifier.verify()

    def _verifier(self) -> Verifier:
        return ClassicEngine(self.provider, _without_metadata).message_handler(self.message_providers)

    def _file(self) -> Path:
        name = f"{self.consumer}-{self.provider}.json"
        try:
            return find_pact(Path(self.pact_dir or ".", name))
        except PactFileError:
            if self.pact_dir is not None:
                raise
            return find_pact(Path("pacts", name))


def _without_metadata(document: PactDocument) -> PactDocument:
    """Return the pact without the metadata of messages, which the functions cannot return; content types stay."""
    names = [name for name in ("interactions", "messages") if name in document.data]
    return document.replaced({name: [_stripped(item) for item in document.data[name]] for name in names})


def _stripped(item: dict[str, Any]) -> dict[str, Any]:
    for key in ("metadata", "metaData"):
        declared = item.get(key) or {}
        types = [value for name, value in declared.items() if name.lower().replace("-", "") == "contenttype"]
        kept = {"contentType": types[0]} if types else {}  # the spelling that the core reads and sends
        if len(declared) > len(kept):
            logger.warning("metadata of message %r is not verified", item["description"])
        if key in item:
            item = {**item, key: kept}
    return item
