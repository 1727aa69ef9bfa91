"""What a verifier was told: where the provider and its pacts are, and what runs on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from pact_ffi.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pact_ffi.broker.results import ProviderVersion
    from pact_ffi.broker.selection import PactSource
    from pact_ffi.pact_file.document import PactDocument
    from pact_ffi.provider.messages import MessageFunction
    from pact_ffi.provider.states import StateFunction
    from pact_ffi.provider.wire import RequestFilter, Response


class Transport(NamedTuple):
    """One address of the provider."""

    protocol: str
    host: str
    port: int
    path: str
    scheme: str


def provider_address(url: str) -> tuple[str, str, int | None, str]:
    """Return scheme, host, port and path of a provider's URL; raises `InvalidInputError`, without its credentials."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInputError(f"invalid URL of a provider: {error}") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidInputError(
            f"the URL of the provider at {host} has credentials, which would not be sent: call add_custom_header("
            "'Authorization', ...)"
        )
    if scheme not in ("http", "https") or not host or re.search(r"\s", url):
        raise InvalidInputError(f"invalid URL of a provider {url!r}: write http://host:port/path")
    if parts.query or parts.fragment:
        raise InvalidInputError(f"the URL of a provider must not have a query or a fragment, as {url!r} has")
    return scheme, host, port, parts.path


class Settings:
    """Everything that a verifier was told; `calls` are options that only the core need understand."""

    def __init__(self, name: str, host: str = "127.0.0.1") -> None:
        self.name = name
        self.host = host
        self.transports: list[Transport] = []
        self.files: list[tuple[Path, bool]] = []
        self.documents: list[PactDocument] = []
        self.remotes: list[PactSource] = []
        self.app: Any = None
        self.replay: Response | None = None
        self.prepare: Callable[[PactDocument], PactDocument] | None = None  # changes a pact before it is verified
        self.state: StateFunction | None = None
        self.teardown = False
        self.message: MessageFunction | None = None
        self.request_filter: RequestFilter | None = None
        self.filters: list[str] = []
        self.consumers: list[str] = []
        self.publish: ProviderVersion | None = None
        self.calls: list[tuple[Any, ...]] = []
        self.request_timeout_ms = 5000
        self.time_limit: float | None = None
        self.workers = 1
        self.independent_states = False
        self.disable_ssl = False
        self.follow_redirects = True
        self.empty_is_error = True
