"""The verifier, in both APIs."""

from pact_ffi.names import Verifier
from pact_ffi.provider.selectors import BrokerSelectorBuilder

__all__ = [
    "BrokerSelectorBuilder",
    "Verifier",
]
