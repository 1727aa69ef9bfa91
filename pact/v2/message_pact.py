"""The classic `MessagePact`."""

from pact_ffi.classic.message_pact import MessagePact as MessagePact
