"""The names of `pact_ffi.generate`."""

from pact_ffi.generate import *  # noqa: F403
from pact_ffi.generate import __all__ as __all__
