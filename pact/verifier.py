"""The verifier, in both APIs."""

from pact_ffi.names.verifier import Verifier as Verifier
from pact_ffi.provider.selectors import BrokerSelectorBuilder as BrokerSelectorBuilder
