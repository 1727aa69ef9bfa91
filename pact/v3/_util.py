"""What copied examples of providers import from here."""

from pact_ffi.classic.former import find_free_port as find_free_port
from pact_ffi.classic.former import missing_in

__getattr__ = missing_in(__name__)
