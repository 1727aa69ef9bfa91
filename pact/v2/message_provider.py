"""The classic `MessageProvider`."""

from pact_ffi.classic.message_provider import MessageProvider as MessageProvider
