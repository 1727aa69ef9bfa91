"""The message pact of the classic API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pact_ffi.classic.base import BasePact
from pact_ffi.classic.provider import Provider
from pact_ffi.consumer.messages import AsyncMessageInteraction
from pact_ffi.errors import PactException
from pact_ffi.values import guards

if TYPE_CHECKING:
    from pact_ffi.classic.message_consumer import MessageConsumer


class MessagePact(BasePact):
    """Messages that a consumer can handle; made by ``MessageConsumer.has_pact_with``."""

    MANDATORY_FIELDS = frozenset({"contents", "description", "metadata", "providerStates"})

    version: str = "4.0"
    file_write_mode = "merge"

    def __init__(self, consumer: MessageConsumer, provider: Provider, **options: Any) -> None:
        """Make the pact; the options are those of ``MessageConsumer.has_pact_with``."""
        super().__init__(consumer, provider, **options)
        self._begin(self.version)
        self._messages: list[AsyncMessageInteraction] = []
        self._has_contents = False  # whether the last one has some
        self._next = AsyncMessageInteraction("")  # takes the states that are given before its description

    def given(self, name: str, params: Mapping[str, Any] | None = None) -> MessagePact:
        """Add a provider state that the next message needs."""
        last = self._messages[-1] if self._messages else None
        message = self._next if last is None or self._has_contents else last
        message.given(name, params)
        return self

    def expects_to_receive(self, description: str) -> MessagePact:
        """Describe the next message."""
        self._next.description = guards.text(description, "the description")
        self._messages.append(self._next)
        self._has_contents = False
        self._next = AsyncMessageInteraction("")
        return self

    def with_content(self, contents: Any) -> MessagePact:
        """Say what the message contains; matchers may stand anywhere."""
        self._last("contents").with_body(contents)
        self._has_contents = contents is not None
        return self

    def with_metadata(self, metadata: Mapping[str, Any]) -> MessagePact:
        """Say which metadata the message has."""
        self._last("metadata").with_metadata(metadata)
        return self

    def __enter__(self) -> MessagePact:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        messages, self._messages, self._next = self._messages, [], AsyncMessageInteraction("")
        if error is None and self._write(messages) and self.publish_to_broker:
            self.publish_own()

    def _last(self, what: str) -> AsyncMessageInteraction:
        if not self._messages:
            raise PactException(f"the {what} of which message? Call expects_to_receive(description) first")
        return self._messages[-1]
