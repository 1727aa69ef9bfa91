"""The verifier, in both APIs."""

from pact_ffi.broker.selectors import BrokerSelectorBuilder as BrokerSelectorBuilder
from pact_ffi.classic.both_verifiers import Verifier as Verifier
