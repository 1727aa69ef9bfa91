"""Matchers as classes."""

from pact_ffi.match.matcher import *  # noqa: F403
