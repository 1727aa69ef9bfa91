"""For test classes written for pact-python 4."""


class PactTestMixin:
    """Adds nothing: what failed is in the failure's text, and the log is below ``logging.getLogger("pact")``."""
