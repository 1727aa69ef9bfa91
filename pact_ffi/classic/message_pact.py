"""The message pact of the classic API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pact_ffi.classic.base import BasePact
from pact_ffi.consumer import unfinished
from pact_ffi.consumer.messages import AsyncMessageInteraction
from pact_ffi.errors import PactException
from pact_ffi.values import texts

if TYPE_CHECKING:
    from pact_ffi.classic.parties import Party, Provider


@dataclass(eq=False, repr=False)
class MessagePact(BasePact):
    """Messages that a consumer can handle; ``MessageConsumer.has_pact_with`` makes it and explains the options.

    >>> pact = MessageConsumer("shipping").has_pact_with(Provider("orders"), pact_dir="pacts")
    >>> message = pact.given("an order exists").expects_to_receive("an order was paid")
    >>> message = message.with_content({"id": Like(7)}).with_metadata({"topic": "orders"})
    >>> with pact:
    ...     pass  # call your handler with an example
    """

    MANDATORY_FIELDS: ClassVar[frozenset[str]] = frozenset({"contents", "description", "metadata", "providerStates"})

    consumer: Party
    provider: Provider
    publish_to_broker: bool = False
    broker_base_url: str | None = None
    broker_username: str | None = None
    broker_password: str | None = None
    broker_token: str | None = None
    pact_dir: str = ""
    version: str | None = None
    file_write_mode: str = "merge"
    file_name: str = ""

    def __post_init__(self) -> None:
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
        self._next.description = texts.text(description, "the description")
        self._messages.append(self._next)
        unfinished.opened(self, self._finish)
        self._has_contents = False
        self._next = AsyncMessageInteraction("")
        return self

    def with_content(self, contents: Any) -> MessagePact:
        """Say what the message contains; matchers may stand anywhere."""
        self._describe("contents", lambda message: message.with_body(contents))
        self._has_contents = contents is not None
        return self

    def with_metadata(self, metadata: Mapping[str, Any]) -> MessagePact:
        """Say which metadata the message has."""
        self._describe("metadata", lambda message: message.with_metadata(metadata))
        return self

    def __enter__(self) -> MessagePact:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        messages, self._messages, self._next = self._messages, [], AsyncMessageInteraction("")
        unfinished.closed(self)
        if error is not None:
            if messages and not isinstance(error, Exception):  # an error may be what the test is about
                unfinished.unmet(self._not_written(messages), error)
        elif self._write(messages) and self.publish_to_broker:
            self._publish()

    def write_to_pact_file(self) -> None:
        """Write the messages that were described to the file; leaving a ``with`` block does it by itself."""
        self._write(self._messages)
        unfinished.closed(self)

    def _finish(self) -> str:
        unfinished.closed(self)
        return self._not_written(self._messages)

    def _not_written(self, messages: Sequence[AsyncMessageInteraction]) -> str:
        titles = ", ".join(repr(message.title) for message in messages)
        parties = f"{self.consumer.name} -> {self.provider.name}"
        return f"{parties}: these messages were described but not written, as no `with` block ended well: {titles}"

    def _describe(self, what: str, describe: Callable[[AsyncMessageInteraction], object]) -> None:
        if not self._messages:
            raise PactException(f"the {what} of which message? Call expects_to_receive(description) first")
        unfinished.closed(self)  # what is refused is told by its exception
        describe(self._messages[-1])
        unfinished.opened(self, self._finish)
