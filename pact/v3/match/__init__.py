"""The names of `pact.match`."""

from pact.match import *  # noqa: F403
from pact.match import UNSET as UNSET
from pact.match import AbstractMatcher as AbstractMatcher
from pact.match import Matcher as Matcher
from pact.match import Unset as Unset
from pact.match import __all__ as __all__
from pact.match import __getattr__ as __getattr__
