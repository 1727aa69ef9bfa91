"""Pacts that the core fetches itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from pact_ffi.broker.hal import BrokerSettings, HalClient
from pact_ffi.broker.selectors import BrokerSelectorBuilder

_PROBE_SECONDS = 30


@dataclass(frozen=True)
class RemoteSource:
    """Pacts that the core fetches: one by its URL, or what a broker selects (then there is a `selection`)."""

    url: str
    login: BrokerSettings
    selection: BrokerSelectorBuilder[Any] | None = None

    def call(self) -> tuple[Any, ...]:
        """Return what to call the core's verifier with.

        Raises `BrokerError` when there is no answer, or the wrong one: the core would ask for two minutes, and not say.
        """
        trusted = os.environ.get("SSL_CERT_FILE") or True  # what the core goes by
        client = HalClient(self.login, trusted, _PROBE_SECONDS)
        credentials = (self.login.username, self.login.password, self.login.token)
        if self.selection is None:
            client.send("GET", self.url)
            return "url_source", self.url, *credentials
        client.index()
        return "broker_source_with_selectors", self.url, *credentials, *self.selection.values()
