"""A generator: makes a fresh value each time a request, response or message is sent."""

from __future__ import annotations

from typing import Any

from pact_ffi.values.abstract import AbstractGenerator
from pact_ffi.values.rules import GENERATOR, check_generator

__all__ = ["AbstractGenerator", "Generator"]


class Generator(AbstractGenerator):
    """A generator of the Pact specification, by its name there.

    Args:
        name: positional, as is ``example``: the name in the specification, such as ``"RandomInt"``.
        example: what stands in the pact file when the generator is used as a value of its own.
        attributes: the generator's fields; those that are None are left out.

    Raises `InvalidInputError` when the core would ignore the generator or misread a field.
    """

    def __init__(self, name: str, example: object = None, /, **attributes: Any) -> None:
        self.name = name
        self.example = example
        self.attributes = {key: item for key, item in attributes.items() if item is not None}
        check_generator(self.to_generator_json())

    def to_integration_json(self) -> dict[str, Any]:
        """The generator in the core's integration JSON."""
        return {GENERATOR: self.name, **self.attributes}

    def to_generator_json(self) -> dict[str, Any]:
        """The generator as pact files spell it."""
        return {"type": self.name, **self.attributes}

    def __repr__(self) -> str:
        return f"Generator({self.name!r}{''.join(f', {key}={item!r}' for key, item in self.attributes.items())})"
