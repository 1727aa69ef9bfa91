"""The provider of the classic API."""

from __future__ import annotations


class Provider:
    """The service that a pact is with."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Provider({self.name!r})"
