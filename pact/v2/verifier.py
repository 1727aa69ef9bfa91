"""The classic verifier."""

from pact_ffi.classic.verifier import Verifier

__all__ = [
    "Verifier",
]
