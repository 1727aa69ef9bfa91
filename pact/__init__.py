"""The drop-in name: everything here is `pact_ffi`, under the names that tests import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pact_ffi import __version__ as __version__
from pact_ffi.lazy import lazy
from pact_ffi.neighbours import warn as _warn_of_neighbours

_warn_of_neighbours()

if TYPE_CHECKING:
    from pact import generate as generate
    from pact import match as match
    from pact import xml as xml
    from pact_ffi.classic.consumer import Consumer as Consumer
    from pact_ffi.classic.matchers import EachLike as EachLike
    from pact_ffi.classic.matchers import Format as Format
    from pact_ffi.classic.matchers import Like as Like
    from pact_ffi.classic.matchers import SomethingLike as SomethingLike
    from pact_ffi.classic.matchers import Term as Term
    from pact_ffi.classic.message_consumer import MessageConsumer as MessageConsumer
    from pact_ffi.classic.message_pact import MessagePact as MessagePact
    from pact_ffi.classic.message_provider import MessageProvider as MessageProvider
    from pact_ffi.classic.provider import Provider as Provider
    from pact_ffi.errors import PactException as PactException
    from pact_ffi.names.pact import Pact as Pact
    from pact_ffi.names.verifier import Verifier as Verifier

__getattr__, __dir__, __all__ = lazy(
    globals(),
    {
        "pact.generate": "generate",
        "pact.match": "match",
        "pact.xml": "xml",
        "pact_ffi.classic.consumer": "Consumer",
        "pact_ffi.classic.matchers": "EachLike Format Like SomethingLike Term",
        "pact_ffi.classic.message_consumer": "MessageConsumer",
        "pact_ffi.classic.message_pact": "MessagePact",
        "pact_ffi.classic.message_provider": "MessageProvider",
        "pact_ffi.classic.provider": "Provider",
        "pact_ffi.errors": "PactException",
        "pact_ffi.names.pact": "Pact",
        "pact_ffi.names.verifier": "Verifier",
    },
)
