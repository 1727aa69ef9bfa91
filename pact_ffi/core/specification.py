"""Versions of the Pact specification."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering
from typing import Any

from pact_ffi.errors import InvalidInputError


@total_ordering
class PactSpecification(Enum):
    """A version of the Pact specification; the values are the core's own, the order that of time."""

    UNKNOWN = 0
    V1 = 1
    V1_1 = 2
    V2 = 3
    V3 = 4
    V4 = 5

    @classmethod
    def from_str(cls, version: str) -> PactSpecification:
        """Read ``"4"``, ``"V4"``, ``"4.0"`` or ``"4.0.0"``; raises `InvalidInputError` for what is no version."""
        name = version.strip().upper().lstrip("V").replace("_", ".")
        while name.endswith(".0"):
            name = name[:-2]
        try:
            return cls["V" + name.replace(".", "_")]
        except KeyError:
            known = ", ".join(str(v) for v in cls if v is not cls.UNKNOWN)
            raise InvalidInputError(f"unknown Pact specification version {version!r}; known are {known}") from None

    @classmethod
    def parse(cls, version: str | PactSpecification) -> PactSpecification:
        """Accept a member or its text; `UNKNOWN` is refused."""
        found = cls.from_str(version) if isinstance(version, str) else version
        if not isinstance(found, PactSpecification) or found is cls.UNKNOWN:
            raise InvalidInputError(f"{version!r} is no Pact specification version")
        return found

    @property
    def number(self) -> str:
        """The version as pact files spell it in their metadata, for example ``"3.0.0"``."""
        return {1: "1.0.0", 2: "1.1.0", 3: "2.0.0", 4: "3.0.0", 5: "4.0"}.get(self.value, "unknown")

    def __str__(self) -> str:
        return self.name.replace("_", ".")

    def __lt__(self, other: Any) -> bool:
        return self.value < other.value if isinstance(other, PactSpecification) else NotImplemented
