"""The names of `pact_ffi.generate`."""

from pact_ffi.classic.former import missing_in
from pact_ffi.generate import *  # noqa: F403
from pact_ffi.generate import __all__ as __all__
from pact_ffi.values.generator import AbstractGenerator as AbstractGenerator
from pact_ffi.values.generator import Generator as Generator

__getattr__ = missing_in(__name__)
