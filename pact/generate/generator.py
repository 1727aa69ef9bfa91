"""Generators as classes."""

from pact_ffi.classic.former import missing_in
from pact_ffi.values.generator import *  # noqa: F403

__getattr__ = missing_in(__name__)
