"""Contract testing on the official Pact core.

The modern API is `Pact`, `Verifier`, `match`, `generate` and `xml`; the classic one `Consumer`, `Provider`, `Like`,
`EachLike`, `Term`, `Format` and their kin. The package ``pact`` offers the same under the name that tests use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pact_ffi.lazy import lazy
from pact_ffi.neighbours import warn as _warn_of_neighbours

__version__ = "0.1.0"
_warn_of_neighbours()

if TYPE_CHECKING:
    from pact_ffi import generate, match, xml
    from pact_ffi.broker import Broker
    from pact_ffi.classic.consumer import Consumer
    from pact_ffi.classic.matchers import EachLike, Format, Like, SomethingLike, Term
    from pact_ffi.classic.message_consumer import MessageConsumer
    from pact_ffi.classic.message_pact import MessagePact
    from pact_ffi.classic.message_provider import MessageProvider
    from pact_ffi.classic.provider import Provider
    from pact_ffi.errors import PactError, PactException, PactWarning
    from pact_ffi.logging_setup import log_to_buffer, log_to_file, log_to_stderr, log_to_stdout
    from pact_ffi.names.pact import Pact
    from pact_ffi.names.verifier import Verifier
    from pact_ffi.specification import PactSpecification

__all__ = [
    "Broker",
    "Consumer",
    "EachLike",
    "Format",
    "Like",
    "MessageConsumer",
    "MessagePact",
    "MessageProvider",
    "Pact",
    "PactError",
    "PactException",
    "PactSpecification",
    "PactWarning",
    "Provider",
    "SomethingLike",
    "Term",
    "Verifier",
    "__version__",
    "generate",
    "log_to_buffer",
    "log_to_file",
    "log_to_stderr",
    "log_to_stdout",
    "match",
    "xml",
]

__getattr__, __dir__ = lazy(
    globals(),
    {
        "pact_ffi.broker": "Broker",
        "pact_ffi.classic.consumer": "Consumer",
        "pact_ffi.classic.matchers": "EachLike Format Like SomethingLike Term",
        "pact_ffi.classic.message_consumer": "MessageConsumer",
        "pact_ffi.classic.message_pact": "MessagePact",
        "pact_ffi.classic.message_provider": "MessageProvider",
        "pact_ffi.classic.provider": "Provider",
        "pact_ffi.errors": "PactError PactException PactWarning",
        "pact_ffi.generate": "generate",
        "pact_ffi.logging_setup": "log_to_buffer log_to_file log_to_stderr log_to_stdout",
        "pact_ffi.match": "match",
        "pact_ffi.names.pact": "Pact",
        "pact_ffi.names.verifier": "Verifier",
        "pact_ffi.specification": "PactSpecification",
        "pact_ffi.xml": "xml",
    },
)
