"""Matchers as classes."""

from pact_ffi.encoding import IntegrationJSONEncoder as IntegrationJSONEncoder
from pact_ffi.match.matcher import *  # noqa: F403
