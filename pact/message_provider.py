"""The classic `MessageProvider`."""

from pact_ffi.classic.former import missing_in
from pact_ffi.classic.message_provider import MessageProvider as MessageProvider
from pact_ffi.classic.verifier import Verifier as Verifier

__getattr__ = missing_in(__name__)
