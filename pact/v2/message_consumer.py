"""The names of `pact.message_consumer`."""

from pact.message_consumer import MessageConsumer

__all__ = [
    "MessageConsumer",
]
