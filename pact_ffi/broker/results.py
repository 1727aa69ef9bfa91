"""Verification results, on their way back to the broker."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from pact_ffi.broker.selection import FetchedPact
from pact_ffi.errors import BrokerError

_log = logging.getLogger("pact.broker")


@dataclass(frozen=True)
class ProviderVersion:
    """The version of the provider that is verified, as the broker shall know it."""

    number: str
    branch: str | None = None
    tags: Sequence[str] = ()
    build_url: str | None = None

    def announce(self, pact: FetchedPact) -> None:
        """Put the version on its branch and give it its tags, at the broker that ``pact`` came from.

        This comes before the first result, so that the broker's webhooks see it. Raises `BrokerError`.
        """
        if not (self.branch or self.tags):
            return
        provider = pact.client.send("GET", pact.resource.required("pb:provider"))
        if self.branch:
            url = provider.required("pb:branch-version", branch=self.branch, version=self.number)
            pact.client.send("PUT", url, {})
        for tag in self.tags:
            pact.client.send("PUT", provider.required("pb:version-tag", version=self.number, tag=tag), {})

    def publish(self, pact: FetchedPact, success: bool, tests: Sequence[dict[str, Any]]) -> None:
        """Publish what came of ``pact`` (``pb:publish-verification-results``).

        ``tests`` has an object for each interaction: ``interactionId``, ``success``, and ``mismatches`` if it failed.

        Raises:
            BrokerError: The broker did not take it, or the pact did not come from a broker.
        """
        resource = pact.resource
        url = resource.link("pb:publish-verification-results")
        if url is None:
            raise BrokerError(f"{pact.name} has no link pb:publish-verification-results: it is not a broker's pact")
        build = {"buildUrl": self.build_url} if self.build_url else {}
        result = {
            "success": success,
            "providerApplicationVersion": self.number,
            **build,
            "testResults": list(tests),
            "verifiedBy": {"implementation": "pact-ffi", "version": _own_version()},
        }
        _log.info("publishing the result of %s: %s", pact.name, "success" if success else "failure")
        pact.client.send("POST", url, result, repeatable=False)


def _own_version() -> str:
    try:
        return metadata.version("pact-ffi")
    except metadata.PackageNotFoundError:
        return "unknown"
