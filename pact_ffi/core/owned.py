"""Things that the core allocates: one owner each, released exactly once, refused afterwards."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from pact_ffi.core import library
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.text import last_error
from pact_ffi.errors import CoreError, UsageError


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


@contextmanager
def holding(problem: str) -> Iterator[Callable[..., Any]]:
    """Yield ``own(pointer, release)``: it returns ``pointer``, and the core's function ``release`` takes that back.

    All that it returned is released at the end of the block, in reverse order. What the core's functions do not take
    back needs no ``release``. For NULL it raises `CoreError`, where ``problem`` says what could not be done.
    """
    with ExitStack() as held:

        def own(pointer: Any, release: str | None = None) -> Any:
            if pointer == ffi.NULL:
                raise CoreError(f"{problem}: {last_error() or 'no reason given'}")
            if release is not None:
                held.callback(getattr(lib, release), pointer)
            return pointer

        yield own
