"""The classic `Broker`."""

from pact_ffi.classic.base import Broker as Broker
from pact_ffi.classic.former import missing_in

__getattr__ = missing_in(__name__)
