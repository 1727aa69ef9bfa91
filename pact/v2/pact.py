"""The classic pact."""

from pact_ffi.classic.base import Broker as Broker
from pact_ffi.classic.pact import Pact as Pact
from pact_ffi.errors import PactException as PactException
