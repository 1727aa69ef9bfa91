"""The classic API under the name that it had in pact-python 3."""

from pact_ffi.classic.base import Broker as Broker
from pact_ffi.classic.consumer import Consumer as Consumer
from pact_ffi.classic.consumer import MessageConsumer as MessageConsumer
from pact_ffi.classic.consumer import Provider as Provider
from pact_ffi.classic.matchers import EachLike as EachLike
from pact_ffi.classic.matchers import Format as Format
from pact_ffi.classic.matchers import Like as Like
from pact_ffi.classic.matchers import SomethingLike as SomethingLike
from pact_ffi.classic.matchers import Term as Term
from pact_ffi.classic.message_pact import MessagePact as MessagePact
from pact_ffi.classic.message_provider import MessageProvider as MessageProvider
from pact_ffi.classic.pact import Pact as Pact
from pact_ffi.classic.verifier import Verifier as Verifier
