"""The names of `pact.pact`."""

from pact.pact import *  # noqa: F403
