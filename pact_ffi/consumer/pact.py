"""The pact of the modern API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.interaction import AsyncMessageInteraction, HttpInteraction, Interaction, SyncMessageInteraction
from pact_ffi.consumer.server import PactServer
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InteractionVerificationError, InvalidInputError, PactVerificationError

_INTERACTIONS: dict[str, type[Any]] = {
    "HTTP": HttpInteraction,
    "Async": AsyncMessageInteraction,
    "Sync": SyncMessageInteraction,
}


_Self = TypeVar("_Self", bound="Pact")


class Pact:
    """What ``consumer`` expects of ``provider``: describe interactions, serve them, write the pact file."""

    def __init__(self, consumer: str, provider: str) -> None:
        for side, name in (("Consumer", consumer), ("Provider", provider)):
            if not name:
                raise InvalidInputError(f"{side} name cannot be empty")
        self._contract = Contract(consumer, provider, PactSpecification.V4)
        self._interactions: list[Interaction] = []

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        return self._contract.consumer

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._contract.provider

    @property
    def specification(self) -> PactSpecification:
        """The version of the specification that is written; V4 unless changed."""
        return self._contract.specification

    def __str__(self) -> str:
        return f"{self.consumer} -> {self.provider}"

    def __repr__(self) -> str:
        return f"<Pact: {self} ({self.specification}, {len(self._interactions)} interactions)>"

    def with_specification(self: _Self, version: str | PactSpecification) -> _Self:
        """Choose the specification version: ``"V1"``, ``"V1.1"``, ``"V2"``, ``"V3"``, ``"V4"`` or without the V.

        What a version cannot express is refused when the pact is served or written, not dropped.
        """
        self._contract.changing()
        self._contract.specification = PactSpecification.parse(version)
        return self

    def with_metadata(self: _Self, namespace: str, metadata: Mapping[str, str]) -> _Self:
        """Add entries to the pact file's metadata, below ``namespace``."""
        self._contract.annotate(namespace, metadata)
        return self

    def using_plugin(self: _Self, name: str, version: str | None = None, delay: int | None = None) -> _Self:
        """Load a plugin; it is looked for in ``PACT_PLUGIN_DIR`` or ``~/.pact/plugins``.

        Args:
            name: The plugin's name.
            version: The version to take; the newest where it is not given.
            delay: What to wait for it after it is loaded, in ms; 0 where it is not given.

        Raises:
            PluginError: It is not installed, or does not start.
        """
        self._contract.plugin(name, version, delay or 0)
        return self

    @overload
    def upon_receiving(self, description: str, interaction: Literal["HTTP"] = ...) -> HttpInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Async"]) -> AsyncMessageInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Sync"]) -> SyncMessageInteraction: ...

    def upon_receiving(self, description: str, interaction: Literal["HTTP", "Async", "Sync"] = "HTTP") -> Any:
        """Begin an interaction: HTTP, an asynchronous message, or a synchronous one."""
        if not isinstance(interaction, str) or interaction not in _INTERACTIONS:
            raise InvalidInputError(f"Invalid interaction type: {interaction!r}; it is 'HTTP', 'Async' or 'Sync'")
        begun = _INTERACTIONS[interaction](self._contract.add(interaction, description))
        self._interactions.append(begun)
        return begun

    def serve(
        self,
        addr: str = "localhost",
        port: int = 0,
        transport: str = "http",
        transport_config: Mapping[str, Any] | str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
    ) -> PactServer:
        """Return a mock server for this pact's HTTP interactions, to be used in a ``with`` block.

        Args:
            addr: The address to listen on; IPv6 too.
            port: The port; 0 takes a free one.
            transport: ``http``, ``https``, or the transport of a plugin.
            transport_config: The core's options, for example ``{"corsPreflight": True}``.
            raises: Whether the end of the block raises `MismatchesError`.
            verbose: Whether mismatches are logged, on the logger ``pact.pact``.
        """
        return PactServer(self._contract, addr, port, transport, transport_config, raises=raises, verbose=verbose)

    def interactions(self, kind: Literal["HTTP", "Sync", "Async", "All"] = "HTTP") -> list[Interaction]:
        """Return the interactions of one kind, in the order in which they were begun."""
        if kind == "All":
            return list(self._interactions)
        if not isinstance(kind, str) or kind not in _INTERACTIONS:
            raise InvalidInputError(f"Unknown interaction type: {kind!r}; it is 'HTTP', 'Sync', 'Async' or 'All'")
        return [each for each in self._interactions if isinstance(each, _INTERACTIONS[kind])]

    def verify(
        self,
        handler: Callable[[str | bytes | None, dict[str, Any]], object],
        kind: Literal["Async", "Sync"],
        *,
        raises: bool = True,
    ) -> list[InteractionVerificationError] | None:
        """Hand each message of the pact to ``handler(body, metadata)``, as the consumer would receive it.

        For ``"Sync"`` the handler gets the request. Returns the failures, or raises `PactVerificationError`; a pact
        without such messages is a failure too.
        """
        if kind not in ("Async", "Sync"):
            raise InvalidInputError(f"Invalid message type: {kind!r}; it is 'Async' or 'Sync'")
        from pact_ffi.consumer import messages  # only tests of messages pay for it

        errors = messages.verify(self._contract, handler, kind)
        if raises and errors:
            raise PactVerificationError(errors)
        return None if raises else errors

    def write_file(self, directory: Path | str | None = None, *, overwrite: bool = False) -> None:
        """Write ``{consumer}-{provider}.json`` into ``directory`` (default: the current one).

        It is merged with what the file holds, unless ``overwrite``, and complete when this returns.
        Raises `PactFileError` for a file that is no pact, is another's, or cannot be written.
        """
        self._contract.write(self._contract.default_path(directory), overwrite=overwrite)
