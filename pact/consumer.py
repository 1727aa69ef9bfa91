"""The classic `Consumer`."""

from pact_ffi.classic.consumer import Consumer as Consumer
from pact_ffi.classic.pact import Pact as Pact
from pact_ffi.classic.provider import Provider as Provider
