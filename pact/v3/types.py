"""The names of `pact.types`."""

from pact.types import Message

__all__ = [
    "Message",
]
