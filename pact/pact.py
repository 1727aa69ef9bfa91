"""The pact, in both APIs."""

from pact_ffi.consumer.interaction import *  # noqa: F403
from pact_ffi.consumer.server import PactServer as PactServer
from pact_ffi.errors import *  # noqa: F403
from pact_ffi.names.pact import Pact as Pact
