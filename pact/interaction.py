"""Interactions of the modern API."""

from pact_ffi.consumer.http import HttpInteraction as HttpInteraction
from pact_ffi.consumer.interaction import Interaction as Interaction
from pact_ffi.consumer.interaction import ProviderState as ProviderState
from pact_ffi.consumer.messages import AsyncMessageInteraction as AsyncMessageInteraction
from pact_ffi.consumer.messages import SyncMessageInteraction as SyncMessageInteraction
