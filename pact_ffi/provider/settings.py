"""What a verifier was told: where the provider and its pacts are, and what runs on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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
