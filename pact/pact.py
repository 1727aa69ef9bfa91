"""The pact, in both APIs."""

from pact_ffi.classic.both_pacts import Pact as Pact
from pact_ffi.consumer.interaction import *  # noqa: F403
from pact_ffi.consumer.server import PactServer as PactServer
from pact_ffi.errors import *  # noqa: F403
