"""The classic verifier."""

from pact_ffi.classic.verifier import Verifier as Verifier
