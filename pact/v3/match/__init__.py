"""The names of `pact.match`."""

from pact_ffi.match import *  # noqa: F403
from pact_ffi.match import __all__ as __all__
