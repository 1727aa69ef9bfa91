"""The names of `pact.consumer`."""

from pact.consumer import Consumer

__all__ = [
    "Consumer",
]
