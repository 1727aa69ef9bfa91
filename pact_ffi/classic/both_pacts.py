"""The name `Pact`, which exists in the classic and in the modern API.

How it is called tells which is meant; what it returns is an object of that API alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from pact_ffi.consumer import pact as modern_pact

if TYPE_CHECKING:
    from pact_ffi.classic import pact as classic_pact
    from pact_ffi.classic.consumer import Consumer
    from pact_ffi.classic.provider import Provider


class Pact(modern_pact.Pact):
    """``Pact("consumer", "provider")`` is modern; with a `Consumer` and a `Provider` it is classic."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, consumer: str, provider: str) -> Pact: ...
        @overload
        def __new__(  # type: ignore[misc]
            cls, consumer: Consumer, provider: Provider, *args: Any, **kwargs: Any
        ) -> classic_pact.Pact: ...

    def __new__(cls, consumer: Any, provider: Any, *args: Any, **kwargs: Any) -> Any:
        """Choose by the type of ``consumer``."""
        if isinstance(consumer, str) or not hasattr(consumer, "has_pact_with"):
            return super().__new__(cls)
        from pact_ffi.classic import pact as classic_pact

        return classic_pact.Pact(consumer, provider, *args, **kwargs)
