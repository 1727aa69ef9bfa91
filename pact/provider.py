"""The classic provider."""

from pact_ffi.classic.provider import Provider

__all__ = [
    "Provider",
]
