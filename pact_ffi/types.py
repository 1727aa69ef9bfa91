"""Types that users name in their own code."""

from __future__ import annotations

from typing import Any, TypedDict


class _Contents(TypedDict):
    contents: bytes


class Message(_Contents, total=False):
    """What a message handler of the provider returns."""

    metadata: dict[str, Any] | None
    content_type: str | None
