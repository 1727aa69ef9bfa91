"""The classic API under the name that it had in pact-python 3."""

from pact_ffi.classic.consumer import Consumer
from pact_ffi.classic.matchers import EachLike, Format, Like, SomethingLike, Term
from pact_ffi.classic.message_consumer import MessageConsumer
from pact_ffi.classic.message_pact import MessagePact
from pact_ffi.classic.message_provider import MessageProvider
from pact_ffi.classic.pact import Pact
from pact_ffi.classic.provider import Provider
from pact_ffi.classic.verifier import Verifier

__all__ = [
    "Consumer",
    "EachLike",
    "Format",
    "Like",
    "MessageConsumer",
    "MessagePact",
    "MessageProvider",
    "Pact",
    "Provider",
    "SomethingLike",
    "Term",
    "Verifier",
]
