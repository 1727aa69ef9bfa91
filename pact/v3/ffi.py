"""Logging and versions, where pact-python 2 had them."""

from pact_ffi.logging_setup import *  # noqa: F403
from pact_ffi.specification import PactSpecification as PactSpecification
