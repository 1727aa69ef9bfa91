"""The classic provider of messages."""

from pact_ffi.classic.message_provider import MessageProvider

__all__ = [
    "MessageProvider",
]
