"""For ``pytest_plugins`` lists written for pact-python 4: nothing; the plugin of this package is loaded by itself."""

from pact_ffi.classic.former import missing_in

__getattr__ = missing_in(__name__)
