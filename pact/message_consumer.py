"""The classic `MessageConsumer`."""

from pact_ffi.classic.message_consumer import MessageConsumer as MessageConsumer
