"""The names of `pact.interaction`."""

from pact.interaction import (
    AsyncMessageInteraction,
    HttpInteraction,
    Interaction,
    SyncMessageInteraction,
)

__all__ = [
    "AsyncMessageInteraction",
    "HttpInteraction",
    "Interaction",
    "SyncMessageInteraction",
]
