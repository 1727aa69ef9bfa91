"""Types that users name."""

from pact_ffi.types import *  # noqa: F403
