"""The classic `Broker`."""

from pact_ffi.classic.base import Broker as Broker
