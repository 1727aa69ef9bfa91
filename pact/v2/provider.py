"""The classic `Provider`."""

from pact_ffi.classic.provider import Provider as Provider
