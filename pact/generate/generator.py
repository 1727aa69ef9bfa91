"""Generators as classes."""

from pact_ffi.generate.generator import AbstractGenerator, Generator

__all__ = [
    "AbstractGenerator",
    "Generator",
]
