"""Logging and versions, where pact-python 2 had them."""

from pact_ffi.classic.former import missing_in
from pact_ffi.core.library import version as version
from pact_ffi.core.log_handlers import *  # noqa: F403
from pact_ffi.core.specification import PactSpecification as PactSpecification

__getattr__ = missing_in(__name__)
