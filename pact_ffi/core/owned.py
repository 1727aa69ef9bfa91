"""Things that the core allocates: one owner each, released exactly once, refused afterwards."""

from __future__ import annotations

import weakref
from typing import Any

from pact_ffi.core import library
from pact_ffi.errors import UsageError


class Owned:
    """Base of all owners: `raw` for the rooms of ``core``, `close()` for everybody."""

    def __init__(self, raw: Any, release: str) -> None:
        """Own ``raw``, which the core's function ``release`` takes back."""
        self._raw = raw
        self._generation = library.generation()
        self._finalizer = weakref.finalize(self, library.release, self._generation, release, raw)

    @property
    def raw(self) -> Any:
        """What C knows the thing by; raises `UsageError` once it is closed, or in a forked child."""
        if not self._finalizer.alive:
            raise UsageError(f"this {type(self).__name__} is closed")
        library.check_generation(self._generation, f"this {type(self).__name__}")
        return self._raw

    @property
    def closed(self) -> bool:
        """Whether it was released."""
        return not self._finalizer.alive

    def close(self) -> None:
        """Release it; doing so again does nothing."""
        self._finalizer()
