"""Contract testing on the official Pact core.

The modern API is `Pact`, `Verifier`, `match`, `generate` and `xml`; the classic one `Consumer`, `Provider`, `Like`,
`EachLike`, `Term`, `Format` and their kin. The package ``pact`` offers the same under the name that tests use.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from pact_ffi.core.neighbours import warn as _warn_of_neighbours

__version__ = "0.1.0"
_warn_of_neighbours()
if sys.__stdout__ is None:
    from pact_ffi.core.stdout import reserve as _reserve_stdout

    _reserve_stdout()

if TYPE_CHECKING:
    from pact_ffi import generate as generate
    from pact_ffi import match as match
    from pact_ffi import xml as xml
    from pact_ffi.broker.client import Broker as Broker
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
    from pact_ffi.core.library import version as version
    from pact_ffi.core.log_handlers import LevelFilter as LevelFilter
    from pact_ffi.core.log_handlers import log_to_buffer as log_to_buffer
    from pact_ffi.core.log_handlers import log_to_file as log_to_file
    from pact_ffi.core.log_handlers import log_to_stderr as log_to_stderr
    from pact_ffi.core.log_handlers import log_to_stdout as log_to_stdout
    from pact_ffi.core.specification import PactSpecification as PactSpecification
    from pact_ffi.errors import PactError as PactError
    from pact_ffi.errors import PactException as PactException
    from pact_ffi.errors import PactWarning as PactWarning
    from pact_ffi.pact_file.session import Session as Session

# Names are imported when they are first used: a consumer's test should not pay for the verifier.
_MODULES = {
    "pact_ffi.broker.client": "Broker",
    "pact_ffi.classic.consumer": "Consumer MessageConsumer Provider",
    "pact_ffi.classic.matchers": "EachLike Format Like SomethingLike Term",
    "pact_ffi.classic.message_pact": "MessagePact",
    "pact_ffi.classic.message_provider": "MessageProvider",
    "pact_ffi.pact_file.session": "Session",
    "pact_ffi.errors": "PactError PactException PactWarning",
    "pact_ffi.generate": "generate",
    "pact_ffi.core.library": "version",
    "pact_ffi.core.log_handlers": "LevelFilter log_to_buffer log_to_file log_to_stderr log_to_stdout",
    "pact_ffi.match": "match",
    "pact_ffi.classic.both": "Pact Verifier",
    "pact_ffi.core.specification": "PactSpecification",
    "pact_ffi.xml": "xml",
}
_WHERE = {name: module for module, names in _MODULES.items() for name in names.split()}
__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        from pact_ffi.classic.former import missing

        raise missing(__name__, name)
    module = importlib.import_module(_WHERE[name])
    globals()[name] = found = module if _WHERE[name].endswith(f".{name}") else getattr(module, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
