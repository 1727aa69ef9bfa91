"""The classic `Consumer`."""

from pact_ffi.classic.consumer import Consumer as Consumer
from pact_ffi.classic.consumer import Provider as Provider
from pact_ffi.classic.pact import Pact as Pact
