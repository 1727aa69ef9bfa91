"""For ``pytest_plugins`` lists written for pact-python 4: nothing; the plugin of this package is loaded by itself."""
