"""The names of `pact.xml`."""

from pact.xml import *  # noqa: F403
