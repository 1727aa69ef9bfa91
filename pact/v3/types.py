"""The names of `pact.types`."""

from pact.types import *  # noqa: F403
