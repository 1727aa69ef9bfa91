"""The classic matchers."""

from pact_ffi.classic.matchers import *  # noqa: F403
