"""The names of `pact.provider`."""

from pact.provider import Provider

__all__ = [
    "Provider",
]
