"""The names of `pact.generate`."""

from pact.generate import *  # noqa: F403
from pact.generate import AbstractGenerator as AbstractGenerator
from pact.generate import Generator as Generator
from pact.generate import __all__ as __all__
from pact.generate import __getattr__ as __getattr__
