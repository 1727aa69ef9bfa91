"""The verifier, in both APIs."""

from pact.types import UNSET as UNSET
from pact.types import Message as Message
from pact.types import MessageProducerArgs as MessageProducerArgs
from pact.types import StateHandlerArgs as StateHandlerArgs
from pact.types import Unset as Unset
from pact_ffi.broker.selectors import BrokerSelectorBuilder as BrokerSelectorBuilder
from pact_ffi.classic.both import Verifier as Verifier
from pact_ffi.classic.former import missing_in

__getattr__ = missing_in(__name__)
