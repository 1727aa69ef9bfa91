"""The names of `pact.error`."""

from pact.error import *  # noqa: F403
