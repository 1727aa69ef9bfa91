"""Pacts to verify: what a broker selects, or one by its URL, fetched and checked as pact files are."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pact_ffi.broker.address import shown
from pact_ffi.broker.hal import HalClient, Resource
from pact_ffi.broker.selectors import BrokerSelectorBuilder
from pact_ffi.errors import BrokerError
from pact_ffi.pact_file.document import PactDocument, check_pact

_log = logging.getLogger("pact.broker")
_BEFORE, _AFTER = "before_verification", "after_verification"
_OWN = ("_links", "createdAt")  # what a broker adds to a pact


class Delivery(NamedTuple):
    """A pact as the broker sent it: its URL, its content, and what the broker says of it (``verificationProperties``).

    It is made of what JSON can hold.
    """

    url: str
    content: dict[str, Any]
    properties: dict[str, Any]


@dataclass(frozen=True)
class FetchedPact:
    """A pact that came by URL.

    Attributes:
        document: The pact, checked; it is pending where its failures do not count yet.
        name: What the broker calls it, such as ``Pact between Web (1) and Api``, or its URL.
        url: Where it came from.
        notices: What the broker says of it, as pairs of *when* and text.
        resource: What the broker sent, with the pact's links.
        client: What it was fetched with.
    """

    document: PactDocument
    name: str
    url: str
    notices: list[tuple[str, str]]
    resource: Resource = field(repr=False)
    client: HalClient = field(repr=False)

    def said_before(self) -> list[str]:
        """Return the notices for a person to read before the verification."""
        return [text for when, text in self.notices if when == _BEFORE]

    def said_after(self, success: bool, published: bool) -> list[str]:
        """Return the notices that are true after a verification with this outcome."""
        outcome = f"{_AFTER}:success_{str(success).lower()}_published_{str(published).lower()}"
        return [text for when, text in self.notices if when in (_AFTER, outcome)]


@dataclass(frozen=True)
class PactSource:
    """Where pacts are fetched: one at ``url``, or (with a ``selection``) what the broker there selects."""

    client: HalClient = field(repr=False)
    url: str
    selection: BrokerSelectorBuilder[Any] | None = None

    def __repr__(self) -> str:
        return f"<PactSource {shown(self.url)}>"

    def fetch(self, provider: str, branch: str | None = None, tags: Sequence[str] = ()) -> list[FetchedPact]:
        """Fetch the pacts to verify ``provider`` with; a version of its ``branch``, with these ``tags``.

        Raises:
            BrokerError: There was no answer, or the wrong one.
            PactFileError: What came is not a pact, or not one for ``provider``.
        """
        return [self.read(provider, delivery) for delivery in self.deliveries(provider, branch, tags)]

    def deliveries(self, provider: str, branch: str | None = None, tags: Sequence[str] = ()) -> list[Delivery]:
        """Return what the broker sends, unread; see `fetch`. Raises `BrokerError`."""
        if self.selection is None:
            return [Delivery(self.url, self.client.send("GET", self.url).content, {})]
        asked = self.selection.question(branch, tags)
        index = self.client.index()
        url = index.required("pb:provider-pacts-for-verification", provider=provider)
        _log.info("asking %s for the pacts to verify %s with", self.client.url, provider)
        try:
            found = self.client.send("POST", url, asked)
        except BrokerError as error:
            if error.status != 404:
                raise
            _log.warning("%s", error)  # a provider that nobody has published a pact for
            return []
        pacts = [(item, item.required("self")) for item in found.objects("_embedded", "pacts")]
        return [
            Delivery(url, self.client.send("GET", url).content, item.value(dict, "verificationProperties", default={}))
            for item, url in pacts
        ]

    def read(self, provider: str, delivery: Delivery) -> FetchedPact:
        """Check a pact that came; raises `PactFileError`, and `BrokerError` for what is no pact of a broker at all."""
        settings = self.client.settings
        address = settings.scrub(shown(delivery.url))
        resource = Resource(delivery.content, f"GET {address}", settings)
        properties = Resource(delivery.properties, f"GET {address}", settings)
        content = {key: value for key, value in resource.content.items() if key not in _OWN}
        document = check_pact(content, address)
        document.check_provider(provider)
        own = resource.value(dict, "_links", default={}).get("self")
        name = settings.scrub(str(own.get("name") or "")) if isinstance(own, dict) else None
        notices = [
            (notice.value(str, "when", default=_BEFORE), settings.scrub(notice.value(str, "text", default="")))
            for notice in properties.objects("notices")
        ]
        document = document._replace(pending=properties.value(bool, "pending", default=False))
        return FetchedPact(document, name or address, delivery.url, notices, resource, self.client)
