"""Types that users name."""

from pact_ffi.types import Message

__all__ = [
    "Message",
]
