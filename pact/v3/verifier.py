"""The names of `pact.verifier`."""

from pact.verifier import *  # noqa: F403
