"""The classic `MessageConsumer`."""

from pact_ffi.classic.consumer import MessageConsumer as MessageConsumer
from pact_ffi.classic.consumer import Provider as Provider
from pact_ffi.classic.message_pact import MessagePact as MessagePact
