"""The classic `Consumer`."""

from pact_ffi.classic.consumer import Consumer as Consumer
