"""The drop-in name: everything here is `pact_ffi`, under the names that tests import."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pact_ffi
from pact_ffi import __version__ as __version__
from pact_ffi.classic.former import missing as _missing
from pact_ffi.classic.former import tell_missing_modules as _tell_missing_modules
from pact_ffi.core.neighbours import warn as _warn_of_neighbours

_warn_of_neighbours()
_tell_missing_modules()

if TYPE_CHECKING:
    from pact import generate as generate
    from pact import match as match
    from pact import xml as xml
    from pact_ffi.classic.base import Broker as Broker
    from pact_ffi.classic.both import Pact as Pact
    from pact_ffi.classic.both import Verifier as Verifier
    from pact_ffi.classic.consumer import Consumer as Consumer
    from pact_ffi.classic.consumer import MessageConsumer as MessageConsumer
    from pact_ffi.classic.consumer import Provider as Provider
    from pact_ffi.classic.matchers import EachLike as EachLike
    from pact_ffi.classic.matchers import Format as Format
    from pact_ffi.classic.matchers import Like as Like
    from pact_ffi.classic.matchers import SomethingLike as SomethingLike
    from pact_ffi.classic.matchers import Term as Term
    from pact_ffi.classic.message_pact import MessagePact as MessagePact
    from pact_ffi.classic.message_provider import MessageProvider as MessageProvider
    from pact_ffi.errors import PactException as PactException

_OWN = ("generate", "match", "xml")  # packages of the same name here
_NAMES = [
    "Consumer", "EachLike", "Format", "Like", "MessageConsumer", "MessagePact", "MessageProvider", "Pact",
    "PactException", "Provider", "SomethingLike", "Term", "Verifier",
]  # fmt: skip
__all__ = ["Broker", "__version__", *_OWN, *_NAMES]


def __getattr__(name: str) -> Any:
    if name in _OWN:
        return importlib.import_module(f"pact.{name}")
    if name == "Broker":  # that of pact_ffi is another, which can do more
        return importlib.import_module("pact_ffi.classic.base").Broker
    if name not in _NAMES:
        raise _missing(__name__, name)
    globals()[name] = found = getattr(pact_ffi, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
