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
    from pact_ffi import generate as generate
    from pact_ffi import match as match
    from pact_ffi import xml as xml
    from pact_ffi.broker import Broker as Broker
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
    from pact_ffi.consumer.session import Session as Session
    from pact_ffi.errors import PactError as PactError
    from pact_ffi.errors import PactException as PactException
    from pact_ffi.errors import PactWarning as PactWarning
    from pact_ffi.logging_setup import log_to_buffer as log_to_buffer
    from pact_ffi.logging_setup import log_to_file as log_to_file
    from pact_ffi.logging_setup import log_to_stderr as log_to_stderr
    from pact_ffi.logging_setup import log_to_stdout as log_to_stdout
    from pact_ffi.names.pact import Pact as Pact
    from pact_ffi.names.verifier import Verifier as Verifier
    from pact_ffi.specification import PactSpecification as PactSpecification

__getattr__, __dir__, __all__ = lazy(
    globals(),
    {
        "pact_ffi.broker": "Broker",
        "pact_ffi.classic.consumer": "Consumer",
        "pact_ffi.classic.matchers": "EachLike Format Like SomethingLike Term",
        "pact_ffi.classic.message_consumer": "MessageConsumer",
        "pact_ffi.classic.message_pact": "MessagePact",
        "pact_ffi.classic.message_provider": "MessageProvider",
        "pact_ffi.classic.provider": "Provider",
        "pact_ffi.consumer.session": "Session",
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
