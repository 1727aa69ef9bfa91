"""Interactions of the modern API."""

from pact_ffi.consumer.interaction import *  # noqa: F403
