"""Generators as classes."""

from pact_ffi.values.generator import *  # noqa: F403
