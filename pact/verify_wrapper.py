"""The exception of the classic API, where pact-python 1 and 2 have it."""

from pact_ffi.classic.former import missing_in
from pact_ffi.errors import PactException as PactException

__getattr__ = missing_in(__name__)
