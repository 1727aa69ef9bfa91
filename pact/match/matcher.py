"""Matchers as classes."""

from pact_ffi.values.encoding import IntegrationJSONEncoder as IntegrationJSONEncoder
from pact_ffi.values.matcher import *  # noqa: F403
