"""Names that are imported when they are first used: a consumer's test should not pay for the verifier."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def lazy(
    namespace: dict[str, Any], sources: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__``, ``__all__`` of a package whose names come from modules, ``sources``."""
    where = {name: module for module, names in sources.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        module = importlib.import_module(where[name])
        namespace[name] = module if where[name].endswith(f".{name}") else getattr(module, name)
        return namespace[name]

    return get, lambda: sorted({*namespace, *where}), ["__version__", *where]
