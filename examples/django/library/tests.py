"""The library keeps the contracts of its consumers."""

from pathlib import Path

from django.test import LiveServerTestCase

from library.models import Book
from pact import Verifier

PACTS = Path(__file__).parent.parent / "pacts"


class ContractTest(LiveServerTestCase):
    """Django's own server and test database."""

    def there_is_a_book(self, parameters):
        """Make the book that the consumer asks for."""
        Book.objects.create(year=1957, **parameters)

    def test_the_contracts_are_kept(self):
        """Verify all of them."""
        verifier = Verifier("library").add_transport(url=self.live_server_url).add_source(PACTS)
        verifier.state_handler({"there is a book": self.there_is_a_book}).verify()
