"""Logging and versions, where pact-python 2 had them."""

from pact_ffi.logging_setup import log_to_buffer, log_to_file, log_to_stderr, log_to_stdout
from pact_ffi.specification import PactSpecification

__all__ = [
    "PactSpecification",
    "log_to_buffer",
    "log_to_file",
    "log_to_stderr",
    "log_to_stdout",
]
