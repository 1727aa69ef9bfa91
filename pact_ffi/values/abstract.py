"""What encoding asks of matchers and generators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Unset:
    """The type of `UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET = Unset()
"""Stands for "no example given"; ``None`` is an example of its own, JSON's null."""


class AbstractMatcher(ABC, Generic[T_co]):
    """What every function of `pact_ffi.match` returns; usable wherever a value of a contract is expected."""

    settled = False
    """Whether it is a plain value under one simple rule, judged for every place."""
    name: str
    value: Any
    attributes: dict[str, Any]

    @abstractmethod
    def to_integration_json(self) -> dict[str, Any]:
        """One level of the core's integration JSON: the rule, the generator and the example, not yet encoded."""

    @abstractmethod
    def to_matching_rule(self) -> dict[str, Any]:
        """The rule alone, as pact files spell it: ``{"match": "regex", "regex": "..."}``."""


class AbstractGenerator(ABC):
    """What every function of `pact_ffi.generate` returns; usable wherever a matcher is, if it has an example."""

    @abstractmethod
    def to_integration_json(self) -> dict[str, Any]:
        """The generator in the core's integration JSON: ``{"pact:generator:type": "RandomInt", "min": 1}``."""

    @abstractmethod
    def to_generator_json(self) -> dict[str, Any]:
        """The generator as pact files spell it: ``{"type": "RandomInt", "min": 1}``."""
