"""The name `Verifier`, which exists in the classic and in the modern API.

How it is called tells which is meant; what it returns is an object of that API alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from pact_ffi.provider import verifier as modern_verifier

if TYPE_CHECKING:
    from pact_ffi.classic import verifier as classic_verifier


class Verifier(modern_verifier.Verifier):
    """``Verifier("provider")`` is modern; with ``provider_base_url``, or a URL in second place, it is classic."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, name: str, host: str | None = None) -> Verifier: ...
        @overload
        def __new__(  # type: ignore[misc]
            cls, provider: str, provider_base_url: str, **ignored: Any
        ) -> classic_verifier.Verifier: ...

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Choose by the names of the arguments, or by what the second one is."""
        url = args[1] if len(args) > 1 else kwargs.get("provider_base_url")
        if not {"provider", "provider_base_url"} & set(kwargs) and "://" not in str(url):
            return super().__new__(cls)
        from pact_ffi.classic import verifier as classic_verifier

        return classic_verifier.Verifier(*args, **kwargs)
