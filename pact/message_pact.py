"""The classic message pact."""

from pact_ffi.classic.message_pact import MessagePact

__all__ = [
    "MessagePact",
]
