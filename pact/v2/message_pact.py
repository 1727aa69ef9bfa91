"""The names of `pact.message_pact`."""

from pact.message_pact import MessagePact

__all__ = [
    "MessagePact",
]
