"""The classic `MessageConsumer`."""

from pact_ffi.classic.consumer import MessageConsumer as MessageConsumer
