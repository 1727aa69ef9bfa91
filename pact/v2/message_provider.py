"""The names of `pact.message_provider`."""

from pact.message_provider import MessageProvider

__all__ = [
    "MessageProvider",
]
