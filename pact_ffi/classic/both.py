"""The names `Pact` and `Verifier`, which exist in the classic and in the modern API.

How one is called tells which is meant. What it returns is an object of that API and of the class that was called, so
that subclasses of either name work, too.
"""

from __future__ import annotations

import importlib
from abc import ABCMeta
from typing import TYPE_CHECKING, Any, overload

from pact_ffi.classic.former import missing

if TYPE_CHECKING:
    from pact_ffi.classic import pact as classic_pact
    from pact_ffi.classic import verifier as classic_verifier
    from pact_ffi.classic.consumer import Consumer, Provider
    from pact_ffi.consumer import pact as modern_pact
    from pact_ffi.provider import verifier as modern_verifier

    class Pact(modern_pact.Pact):
        """``Pact("consumer", "provider")`` is modern; with a `Consumer` and a `Provider` it is classic."""

        @overload
        def __new__(cls, consumer: str, provider: str) -> Pact: ...
        @overload
        def __new__(  # type: ignore[misc]
            cls, consumer: Consumer, provider: Provider, *args: Any, **kwargs: Any
        ) -> classic_pact.Pact: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...

    class Verifier(modern_verifier.Verifier):
        """``Verifier("provider")`` is modern; with ``provider_base_url``, or a URL in second place, it is classic."""

        @overload
        def __new__(cls, name: str = ..., host: str | None = None) -> Verifier: ...
        @overload
        def __new__(  # type: ignore[misc]
            cls, provider: str, provider_base_url: str, **ignored: Any
        ) -> classic_verifier.Verifier: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...

else:

    class _Both(ABCMeta):
        """The type of a class that stands for two: a modern one and a classic one of the same name."""

        @property
        def __signature__(cls) -> Any:
            """Show the signature of the modern API to those who ask the class; a subclass may have another."""
            if "_parameters" not in vars(cls):
                return None
            from inspect import Parameter, Signature  # slow to import

            kind = Parameter.POSITIONAL_OR_KEYWORD
            needed = [Parameter(name, kind) for name in cls._parameters]
            return Signature([*needed, *(Parameter(name, kind, default=None) for name in cls._optional)])

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            """Make an object of ``cls`` and of the API that is meant."""
            made = vars(cls).get("_made")
            if made is None:
                made = cls._made = {}
            classic = cls._means_classic(args, kwargs)
            if classic not in made:
                kind = cls._kind(classic)
                names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
                made[classic] = ABCMeta(cls.__name__, (cls, kind), {**names, "_called": cls})
            return ABCMeta.__call__(made[classic], *args, **kwargs)

        def __setattr__(cls, name: str, value: Any) -> None:
            """Set what an object sets by ``type(self)`` where all objects of the class that was called find it."""
            called = vars(cls).get("_called")
            if called is None or name.startswith("_"):
                super().__setattr__(name, value)
            else:
                setattr(called, name, value)

        def __instancecheck__(cls, instance: Any) -> bool:
            return super().__instancecheck__(instance) or cls.__subclasscheck__(type(instance))

        def __subclasscheck__(cls, subclass: type) -> bool:
            if super().__subclasscheck__(subclass):
                return True
            return "_where" in vars(cls) and issubclass(subclass, (cls._kind(False), cls._kind(True)))

        def __getattr__(cls, name: str) -> Any:
            """Find what either class has, for those who ask the class and not an object."""
            for classic in cls._kinds() if not name.startswith("__") else ():
                if hasattr(cls._kind(classic), name):
                    return getattr(cls._kind(classic), name)
            raise missing(f"pact.{cls.__name__}", name)

        def __dir__(cls) -> list[str]:
            return sorted({*super().__dir__(), *(name for classic in cls._kinds() for name in dir(cls._kind(classic)))})

        def _kinds(cls) -> tuple[bool, ...]:
            """Return which APIs the class may be asked for: both, unless it is what a call made."""
            return () if "_called" in vars(cls) else (False, True)

        def _kind(cls, classic: bool) -> type:
            module = cls._where[classic]
            return getattr(importlib.import_module(module), module.rpartition(".")[2].capitalize())

    class Pact(metaclass=_Both):
        """``Pact("consumer", "provider")`` is modern; with a `Consumer` and a `Provider` it is classic."""

        _parameters, _optional = ("consumer", "provider"), ()
        _where = "pact_ffi.consumer.pact", "pact_ffi.classic.pact"

        @staticmethod
        def _means_classic(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
            consumer = args[0] if args else kwargs.get("consumer")
            return hasattr(consumer, "has_pact_with")

        def __getattr__(self, name: str) -> Any:
            raise missing("pact.Pact", name)

    class Verifier(metaclass=_Both):
        """``Verifier("provider")`` is modern; with ``provider_base_url``, or a URL in second place, it is classic."""

        _parameters, _optional = ("name",), ("host",)
        _where = "pact_ffi.provider.verifier", "pact_ffi.classic.verifier"

        @staticmethod
        def _means_classic(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
            if not args and not kwargs:
                raise TypeError(
                    "Verifier needs the provider's name, in the place of set_info(...):"
                    " Verifier('orders').add_transport(url='http://...')"
                )
            url = args[1] if len(args) > 1 else kwargs.get("provider_base_url")
            return bool({"provider", "provider_base_url"} & kwargs.keys()) or "://" in str(url)

        def __getattr__(self, name: str) -> Any:
            raise missing("pact.Verifier", name)
