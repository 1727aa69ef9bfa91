"""The names of `pact.verifier`."""

from pact.verifier import *  # noqa: F403
from pact.verifier import __getattr__ as __getattr__
