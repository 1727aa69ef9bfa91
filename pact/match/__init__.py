"""The names of `pact_ffi.match`."""

from pact_ffi.classic.former import missing_in
from pact_ffi.match import *  # noqa: F403
from pact_ffi.match import __all__ as __all__
from pact_ffi.values.matcher import UNSET as UNSET
from pact_ffi.values.matcher import AbstractMatcher as AbstractMatcher
from pact_ffi.values.matcher import Matcher as Matcher
from pact_ffi.values.matcher import Unset as Unset

__getattr__ = missing_in(__name__)
