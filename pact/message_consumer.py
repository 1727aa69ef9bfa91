"""The classic consumer of messages."""

from pact_ffi.classic.message_consumer import MessageConsumer

__all__ = [
    "MessageConsumer",
]
