"""What the core was told of a pact so far."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

from pact_ffi.core.pact import PactHandle
from pact_ffi.errors import UsageError


class Built:
    """All that an interaction knows of its pact, lest one keeps the other alive; ``build`` is a method of the pact."""

    def __init__(self, build: Callable[[Sequence[Any]], PactHandle] | None = None) -> None:
        self.serving = 0  # mock servers that run now
        self.handles: dict[str, PactHandle] = {}  # by kind
        self._build = None if build is None else weakref.WeakMethod(build)

    def changing(self) -> None:
        """Forget it; raises `UsageError` while a mock server runs, which would not see the change."""
        if self.serving:
            raise UsageError("the mock server is already running; describe interactions before serving them")
        self.handles.clear()

    def alone(self, interaction: object) -> PactHandle:
        """Build a pact of one interaction."""
        build = None if self._build is None else self._build()
        if build is None:
            raise UsageError("the pact of this interaction is gone; keep it as long as you need its interactions")
        return build([interaction])
