"""The classic consumer."""

from pact_ffi.classic.consumer import Consumer

__all__ = [
    "Consumer",
]
