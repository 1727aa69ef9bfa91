"""The names of `pact.pact`."""

from pact._util import find_free_port as find_free_port
from pact.pact import *  # noqa: F403
from pact.pact import __getattr__ as __getattr__
