"""Types that users name."""

from pact_ffi.provider.messages import Message as Message
