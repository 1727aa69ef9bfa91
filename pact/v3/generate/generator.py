"""Generators as classes."""

from pact.generate.generator import *  # noqa: F403
from pact.generate.generator import __getattr__ as __getattr__
