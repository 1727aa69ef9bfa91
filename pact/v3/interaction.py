"""The names of `pact.interaction`."""

from pact.interaction import *  # noqa: F403
