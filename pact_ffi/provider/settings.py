"""What a verifier was told: where the provider and its pacts are, and what runs on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

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


@dataclass
class Settings:
    """Everything that a verifier was told; `calls` are options that only the core need understand."""

    name: str
    host: str = "127.0.0.1"
    transports: list[Transport] = field(default_factory=list)
    files: list[tuple[Path, bool]] = field(default_factory=list)
    documents: list[PactDocument] = field(default_factory=list)
    remotes: list[PactSource] = field(default_factory=list)
    app: Any = None
    replay: Response | None = None
    prepare: Callable[[PactDocument], PactDocument] | None = None  # changes a pact before it is verified
    state: StateFunction | None = None
    teardown: bool = False
    message: MessageFunction | None = None
    request_filter: RequestFilter | None = None
    filters: list[str] = field(default_factory=list)
    consumers: list[str] = field(default_factory=list)
    publish: ProviderVersion | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list, repr=False)
    request_timeout_ms: int = 5000
    time_limit: float | None = None
    workers: int = 1
    independent_states: bool = False
    disable_ssl: bool = False
    follow_redirects: bool = True
    empty_is_error: bool = True
