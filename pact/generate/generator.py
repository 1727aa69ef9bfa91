"""Generators as classes."""

from pact_ffi.generate.generator import *  # noqa: F403
