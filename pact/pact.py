"""The pact, in both APIs."""

from pact_ffi.consumer.interaction import AsyncMessageInteraction, HttpInteraction, SyncMessageInteraction
from pact_ffi.consumer.server import PactServer
from pact_ffi.errors import InteractionVerificationError, MismatchesError, PactException, PactVerificationError
from pact_ffi.names import Pact

__all__ = [
    "AsyncMessageInteraction",
    "HttpInteraction",
    "InteractionVerificationError",
    "MismatchesError",
    "Pact",
    "PactException",
    "PactServer",
    "PactVerificationError",
    "SyncMessageInteraction",
]
