"""The classic pact."""

from pact_ffi.classic.pact import Pact
from pact_ffi.errors import PactException

__all__ = [
    "Pact",
    "PactException",
]
