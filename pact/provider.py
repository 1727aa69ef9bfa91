"""The classic `Provider`."""

from pact_ffi.classic.consumer import Provider as Provider
