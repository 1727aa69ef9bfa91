"""Logging and versions, where pact-python 2 had them."""

from pact_ffi.core.log_handlers import *  # noqa: F403
from pact_ffi.core.specification import PactSpecification as PactSpecification
