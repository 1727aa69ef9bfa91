"""Types that users name."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from pact_ffi.provider.messages import Message as Message
from pact_ffi.values.matcher import UNSET as UNSET
from pact_ffi.values.matcher import Unset as Unset
from pact_ffi.values.url import URL as URL

Matchable = Any
StateHandlerUrl = str
MatcherType = str
GeneratorType = str


class StateHandlerArgs(TypedDict, total=False):
    """What a handler of provider states can take, by name."""

    state: str
    action: Literal["setup", "teardown"]
    parameters: dict[str, Any] | None


class MessageProducerArgs(TypedDict, total=False):
    """What a handler that makes messages can take, by name."""

    name: str
    metadata: dict[str, Any] | None
