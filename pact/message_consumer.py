"""The classic `MessageConsumer`."""

from pact_ffi.classic.message_consumer import MessageConsumer as MessageConsumer
from pact_ffi.classic.message_pact import MessagePact as MessagePact
from pact_ffi.classic.provider import Provider as Provider
