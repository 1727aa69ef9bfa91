"""What a marker says."""

from __future__ import annotations

from typing import Any

import pytest

from pact_ffi.errors import UsageError


def options(mark: pytest.Mark, *names: str, positional: bool = False) -> dict[str, Any]:
    """Return the keywords of a marker; raises `UsageError` for what it does not take."""
    unknown = [name for name in mark.kwargs if name not in names]
    unknown += [] if positional else [repr(value) for value in mark.args]
    if unknown:
        takes = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        raise UsageError(f"the marker {mark.name} takes {takes} by name, not {', '.join(unknown)}")
    return dict(mark.kwargs)
