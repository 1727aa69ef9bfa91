"""The drop-in name: everything here is `pact_ffi`, under the names that tests import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pact_ffi import __version__ as __version__
from pact_ffi.lazy import lazy
from pact_ffi.neighbours import warn as _warn_of_neighbours

_warn_of_neighbours()

if TYPE_CHECKING:
    from pact import generate, match, xml
    from pact_ffi.classic.consumer import Consumer
    from pact_ffi.classic.matchers import EachLike, Format, Like, SomethingLike, Term
    from pact_ffi.classic.message_consumer import MessageConsumer
    from pact_ffi.classic.message_pact import MessagePact
    from pact_ffi.classic.message_provider import MessageProvider
    from pact_ffi.classic.provider import Provider
    from pact_ffi.errors import PactException
    from pact_ffi.names.pact import Pact
    from pact_ffi.names.verifier import Verifier

__all__ = [
    "Consumer",
    "EachLike",
    "Format",
    "Like",
    "MessageConsumer",
    "MessagePact",
    "MessageProvider",
    "Pact",
    "PactException",
    "Provider",
    "SomethingLike",
    "Term",
    "Verifier",
    "__version__",
    "generate",
    "match",
    "xml",
]

__getattr__, __dir__ = lazy(
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
