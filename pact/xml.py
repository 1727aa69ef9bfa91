"""The names of `pact_ffi.xml`."""

from pact_ffi.xml import *  # noqa: F403
