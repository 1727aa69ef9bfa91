"""The names of `pact.match.matcher`."""

from pact.match.matcher import *  # noqa: F403
from pact.match.matcher import __getattr__ as __getattr__
