"""The library keeps the contracts of its consumers."""

from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.test import TestCase

from library.models import Book
from pact import Verifier

PACTS = Path(__file__).parent.parent / "pacts"


class ContractTest(TestCase):
    """The views run in this thread, inside the test's transaction, which is rolled back at its end."""

    def there_is_a_book(self, parameters):
        """Make the book that the consumer asks for."""
        Book.objects.create(year=1957, **parameters)

    def test_the_contracts_are_kept(self):
        """Verify all of them."""
        verifier = Verifier("library").app(get_wsgi_application()).add_source(PACTS)
        verifier.state_handler({"there is a book": self.there_is_a_book}).verify()
