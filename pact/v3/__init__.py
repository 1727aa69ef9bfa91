"""The modern API under the name that it had in pact-python 2."""

from pact import Pact as Pact
from pact import Verifier as Verifier
from pact import generate as generate
from pact import match as match
from pact import xml as xml
