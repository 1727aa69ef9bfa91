"""The modern API under the name that it had in pact-python 2."""

from pact import Pact, Verifier, generate, match, xml

__all__ = [
    "Pact",
    "Verifier",
    "generate",
    "match",
    "xml",
]
