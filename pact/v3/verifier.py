"""The names of `pact.verifier`."""

from pact.verifier import BrokerSelectorBuilder, Verifier

__all__ = [
    "BrokerSelectorBuilder",
    "Verifier",
]
