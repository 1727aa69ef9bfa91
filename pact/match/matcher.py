"""Matchers as classes."""

from pact_ffi.classic.former import missing_in
from pact_ffi.values.encoding import IntegrationJSONEncoder as IntegrationJSONEncoder
from pact_ffi.values.matcher import *  # noqa: F403

__getattr__ = missing_in(__name__)
