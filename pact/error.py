"""Exceptions and mismatches."""

from pact_ffi.errors import *  # noqa: F403
from pact_ffi.reporting.mismatches import *  # noqa: F403
