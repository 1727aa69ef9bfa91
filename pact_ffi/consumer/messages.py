"""Message interactions: one message, or a request message with its responses."""

from __future__ import annotations

from typing import ClassVar

from pact_ffi.consumer.interaction import Interaction
from pact_ffi.consumer.kept import V3, V4
from pact_ffi.core.pact import Kind, Part
from pact_ffi.core.specification import PactSpecification


class AsyncMessageInteraction(Interaction):
    """One message, from provider to consumer (needs specification V3)."""

    kind: ClassVar[Kind] = "Async"
    _needs: ClassVar[PactSpecification] = V3


class SyncMessageInteraction(Interaction):
    """A request message and its response messages (needs specification V4)."""

    kind: ClassVar[Kind] = "Sync"
    _needs: ClassVar[PactSpecification] = V4
    _told_last: ClassVar[str] = "metadata"  # the core drops metadata of a response that is not there yet

    def will_respond_with(self) -> SyncMessageInteraction:
        """Turn to the response; each body from here on is one more response message."""
        self._part = "Response"
        return self

    def _body_key(self, part: Part) -> tuple[str, Part, int]:
        return "body", part, self._kept.count("body", part) if part == "Response" else 0
