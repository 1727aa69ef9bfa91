"""The message pact of the classic API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pact_ffi import guards
from pact_ffi.classic.provider import Provider
from pact_ffi.classic.publishing import Publishing
from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.recording import ProviderState, Recording
from pact_ffi.errors import PactException
from pact_ffi.specification import PactSpecification

if TYPE_CHECKING:
    from pact_ffi.classic.message_consumer import MessageConsumer


class MessagePact(Publishing):
    """Messages that a consumer can handle; made by ``MessageConsumer.has_pact_with``."""

    MANDATORY_FIELDS = frozenset({"contents", "description", "metadata", "providerStates"})

    version: str = "4.0"
    file_write_mode = "merge"

    def __init__(self, consumer: MessageConsumer, provider: Provider, **options: Any) -> None:
        """Make the pact; the options are those of ``MessageConsumer.has_pact_with``."""
        super().__init__(consumer, provider, **options)
        self._contract = Contract(consumer.name, provider.name, PactSpecification.parse(self.version))
        self._messages: list[Recording] = []
        self._states: list[ProviderState] = []
        self._written = False

    def given(self, name: str, params: Mapping[str, Any] | None = None) -> MessagePact:
        """Add a provider state that the next message needs."""
        message = self._messages[-1] if self._messages and not self._has_contents(self._messages[-1]) else None
        if message is not None:
            message.given(name, params)
        else:
            values = dict(guards.mapping(params, f"parameters of state {name!r}")) if params else None
            self._states.append(ProviderState(name, values))
        return self

    def expects_to_receive(self, description: str) -> MessagePact:
        """Describe the next message."""
        message = Recording("Async", description)
        for state in self._states:
            message.given(state.name, state.values)
        self._states = []
        self._messages.append(message)
        return self

    def with_content(self, contents: Any) -> MessagePact:
        """Say what the message contains; matchers may stand anywhere."""
        self._last("contents").body("Request", contents, None)
        return self

    def with_metadata(self, metadata: Mapping[str, Any]) -> MessagePact:
        """Say which metadata the message has."""
        self._last("metadata").metadata("Request", metadata)
        return self

    def __enter__(self) -> MessagePact:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        messages, self._messages, self._states = self._messages, [], []
        if error is not None or not messages or self.file_write_mode == "never":
            return
        overwrite = self.file_write_mode == "overwrite" and not self._written
        self._contract.only(messages).write(Path(self.pact_dir) / self.file_name, overwrite=overwrite)
        self._written = True
        if self.publish_to_broker:
            self.publish_own()

    def _last(self, what: str) -> Recording:
        if not self._messages:
            raise PactException(f"the {what} of which message? Call expects_to_receive(description) first")
        return self._messages[-1]

    @staticmethod
    def _has_contents(message: Recording) -> bool:
        return message.has_body("Request")
