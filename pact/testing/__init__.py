"""Where pact-python 4 has its support for test runners; here every runner works without."""
