"""The names of `pact_ffi.xml`."""

from pact_ffi.values.matcher import AbstractMatcher as AbstractMatcher
from pact_ffi.xml import *  # noqa: F403
