"""The pact of the modern API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, overload

from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.consumer.messages import AsyncMessageInteraction, SyncMessageInteraction
from pact_ffi.consumer.server import PactServer
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InteractionVerificationError, InvalidInputError, PactVerificationError, PluginError
from pact_ffi.values import texts
from pact_ffi.values.limits import is_integer

_Self = TypeVar("_Self", bound="Pact")
_INTERACTIONS: dict[str, type[Interaction]] = {
    each.kind: each for each in (HttpInteraction, AsyncMessageInteraction, SyncMessageInteraction)
}


class Pact(Contract):
    """What ``consumer`` expects of ``provider``: describe interactions, serve them, write the pact file.

    >>> pact = Pact("shop", "orders")
    >>> asked = pact.upon_receiving("order 7").given("order 7 exists").with_request("GET", "/orders/7")
    >>> asked = asked.will_respond_with(200).with_body({"id": match.int(7)})
    >>> with pact.serve() as server:
    ...     requests.get(f"{server.url}/orders/7").json()
    {'id': 7}
    >>> pact.write_file("pacts")
    """

    def __init__(self, consumer: str, provider: str) -> None:
        for side, name in (("Consumer", consumer), ("Provider", provider)):
            if not name:
                raise InvalidInputError(f"{side} name cannot be empty")
        super().__init__(consumer, provider)

    def __str__(self) -> str:
        return f"{self.consumer} -> {self.provider}"

    def __repr__(self) -> str:
        return f"<Pact: {self} ({self.specification}, {len(self._interactions)} interactions)>"

    def with_specification(self: _Self, version: str | PactSpecification) -> _Self:
        """Choose the specification version: ``"V1"``, ``"V1.1"``, ``"V2"``, ``"V3"``, ``"V4"`` or without the V.

        What a version cannot express is refused when the pact is served or written, not dropped.

        >>> pact.with_specification("V3").specification
        <PactSpecification.V3: 4>
        """
        self._built.changing()
        self._specification = PactSpecification.parse(version)
        return self

    def with_metadata(self: _Self, namespace: str, metadata: Mapping[str, str]) -> _Self:
        """Add entries to the pact file's metadata, below ``namespace``.

        >>> built = pact.with_metadata("build", {"number": "17"})
        """
        self._built.changing()
        for text in (namespace, *texts.mapping(metadata, "pact metadata"), *metadata.values()):
            texts.text(text, "pact metadata")
        self._metadata.setdefault(namespace, {}).update(metadata)
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
        from pact_ffi.core import plugins  # few tests pay for it

        self._built.changing()
        delay_ms = 0 if delay is None else delay
        if not is_integer(delay_ms, 0):
            raise InvalidInputError(f"the delay of a plugin must be a number of milliseconds, not {delay_ms!r}")
        self._check_plugins(texts.text(name, "the plugin's name"))
        resolved = plugins.resolve(name, version and texts.text(version, "the plugin's version"))
        used = self._plugins.get(name, resolved)
        if used != resolved:
            raise PluginError(f"plugin {name!r} is already in use in version {used}; it cannot also be {resolved}")
        if name not in self._plugins:
            if self._plugin_keeper is None or not self._plugin_keeper.usable:
                self._plugin_keeper = self._new_handle()
            self._plugin_keeper.plugin(name, resolved, delay_ms)
            self._plugins[name] = resolved
        return self

    @overload
    def upon_receiving(self, description: str, interaction: Literal["HTTP"] = ...) -> HttpInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Async"]) -> AsyncMessageInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Sync"]) -> SyncMessageInteraction: ...

    def upon_receiving(self, description: str, interaction: Literal["HTTP", "Async", "Sync"] = "HTTP") -> Any:
        """Begin an interaction: HTTP, an asynchronous message, or a synchronous one.

        >>> message = pact.upon_receiving("an order was paid", "Async").with_body({"id": 7})
        """
        if not isinstance(interaction, str) or interaction not in _INTERACTIONS:
            raise InvalidInputError(f"Invalid interaction type: {interaction!r}; it is 'HTTP', 'Async' or 'Sync'")
        self._built.changing()
        begun = _INTERACTIONS[interaction](description, self._built)
        self._interactions.append(begun)
        return begun

    def serve(
        self,
        addr: str | None = None,
        port: int = 0,
        transport: str = "http",
        transport_config: Mapping[str, Any] | str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
    ) -> PactServer:
        """Return a mock server for this pact's HTTP interactions, to be used in a ``with`` block.

        Args:
            addr: The address to listen on, IPv6 too; by default ``localhost``, on Windows the quicker 127.0.0.1.
            port: The port; 0 takes a free one.
            transport: ``http``, ``https``, or the transport of a plugin.
            transport_config: The core's options, for example ``{"corsPreflight": True}``.
            raises: Whether the end of the block raises `MismatchesError`.
            verbose: Whether mismatches are logged, on the logger ``pact.pact``.

        >>> answered = pact.upon_receiving("are you there?").with_request("GET", "/").will_respond_with(204)
        >>> with pact.serve("127.0.0.1", port=0) as server:
        ...     requests.get(f"{server.url}/").status_code
        204
        """
        return PactServer(self, addr, port, transport, transport_config, raises=raises, verbose=verbose)

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

        >>> message = pact.upon_receiving("an order was paid", "Async").with_body({"id": 7})
        >>> message = message.with_metadata({"topic": "orders"})
        >>> pact.verify(lambda body, metadata: print(body, metadata["topic"]), "Async")
        {"id": 7} orders
        """
        if kind not in ("Async", "Sync"):
            raise InvalidInputError(f"Invalid message type: {kind!r}; it is 'Async' or 'Sync'")
        from pact_ffi.consumer import delivery  # only tests of messages pay for it

        errors = delivery.verify(self, handler, kind)
        if raises and errors:
            raise PactVerificationError(errors)
        return None if raises else errors
