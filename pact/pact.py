"""The pact, in both APIs."""

from pact_ffi.classic.base import Broker as Broker
from pact_ffi.classic.both import Pact as Pact
from pact_ffi.classic.former import missing_in
from pact_ffi.classic.matchers import from_term as from_term
from pact_ffi.consumer.http import HttpInteraction as HttpInteraction
from pact_ffi.consumer.interaction import Interaction as Interaction
from pact_ffi.consumer.interaction import ProviderState as ProviderState
from pact_ffi.consumer.messages import AsyncMessageInteraction as AsyncMessageInteraction
from pact_ffi.consumer.messages import SyncMessageInteraction as SyncMessageInteraction
from pact_ffi.consumer.server import PactServer as PactServer
from pact_ffi.errors import *  # noqa: F403
from pact_ffi.reporting.mismatches import Mismatch as Mismatch
from pact_ffi.values.url import URL as URL

__getattr__ = missing_in(__name__)
