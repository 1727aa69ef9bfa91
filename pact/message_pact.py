"""The classic `MessagePact`."""

from pact_ffi.classic.base import Broker as Broker
from pact_ffi.classic.former import missing_in
from pact_ffi.classic.matchers import from_term as from_term
from pact_ffi.classic.message_pact import MessagePact as MessagePact

__getattr__ = missing_in(__name__)
