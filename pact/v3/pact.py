"""The names of `pact.pact`."""

from pact.pact import (
    AsyncMessageInteraction,
    HttpInteraction,
    InteractionVerificationError,
    MismatchesError,
    Pact,
    PactException,
    PactServer,
    PactVerificationError,
    SyncMessageInteraction,
)

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
