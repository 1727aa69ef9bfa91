"""Interactions of the modern API."""

from pact_ffi.consumer.interaction import AsyncMessageInteraction, HttpInteraction, Interaction, SyncMessageInteraction

__all__ = [
    "AsyncMessageInteraction",
    "HttpInteraction",
    "Interaction",
    "SyncMessageInteraction",
]
