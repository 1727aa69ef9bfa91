"""Message interactions: one message, or a request message with its responses."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

from pact_ffi.consumer.built import Built
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.consumer.kept import V3, V4
from pact_ffi.core.pact import Kind, Part
from pact_ffi.core.specification import PactSpecification

if TYPE_CHECKING:
    from pact_ffi.consumer.contents import MessageContents


class AsyncMessageInteraction(Interaction):
    """One message, from provider to consumer (needs specification V3).

    >>> paid = pact.upon_receiving("an order was paid", "Async").with_body({"id": match.int(7)})
    >>> paid.with_metadata({"topic": "orders"}).contents.contents
    '{"id": 7}'
    """

    kind: ClassVar[Kind] = "Async"
    _needs: ClassVar[PactSpecification] = V3

    def _missing(self) -> str | None:
        described = self._kept.value("body", "Request", 0) or self._kept.count("plugin")
        return None if described else "contents, so that any message would pass"

    @property
    def contents(self) -> MessageContents:
        """The message as the consumer receives it, generators applied: ``contents`` and ``metadata``."""
        return _read(self, self._built)[0]


class SyncMessageInteraction(Interaction):
    """A request message and its response messages (needs specification V4).

    >>> asked = pact.upon_receiving("what is the price?", "Sync").with_body({"sku": match.str("KB-1")})
    >>> asked = asked.will_respond_with().with_body({"price": match.decimal(9.99)})
    >>> asked.request_contents.contents
    '{"sku": "KB-1"}'
    """

    kind: ClassVar[Kind] = "Sync"
    _needs: ClassVar[PactSpecification] = V4
    _told_last: ClassVar[str] = "metadata"  # the core drops metadata of a response that is not there yet

    @property
    def request_contents(self) -> MessageContents:
        """The request as it is sent, generators applied: ``contents`` and ``metadata``."""
        return _read(self, self._built)[0]

    @property
    def response_contents(self) -> list[MessageContents]:
        """The responses as the consumer receives them, generators applied, to feed its code with.

        >>> from pact import Pact, match
        >>> pact = Pact("client", "server")
        >>> ask = pact.upon_receiving("ask", "Sync").with_body({"question": match.str("why?")})
        >>> ask = ask.will_respond_with().with_body({"answer": 42})
        >>> [response.contents for response in ask.response_contents]
        ['{"answer": 42}']
        """
        return _read(self, self._built)[1]

    def will_respond_with(self) -> SyncMessageInteraction:
        """Turn to the response; each body from here on is one more response message."""
        self._part = "Response"
        return self

    def _missing(self) -> str | None:
        return None if self._kept.side("Response") or self._kept.count("plugin") else "response"

    def _body_key(self, part: Part) -> tuple[str, Part, int]:
        return "body", part, self._kept.count("body", part) if part == "Response" else 0


def _read(interaction: Interaction, built: Built) -> tuple[MessageContents, list[MessageContents]]:
    from pact_ffi.consumer.contents import read  # only tests of messages pay for it

    with contextlib.closing(built.alone(interaction)) as handle:
        return read(interaction, handle)
