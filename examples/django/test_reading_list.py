"""What the reading list expects of the library."""

import pytest
import requests

from pact import match

pytestmark = pytest.mark.pact(consumer="reading-list", provider="library")


def titles(base_url, author):
    """Return the titles of an author: the code under test."""
    response = requests.get(f"{base_url}/books/", params={"author": author}, timeout=5)
    response.raise_for_status()
    return [book["title"] for book in response.json()["books"]]


def test_the_books_of_an_author(consumer_pact, pact_server):
    (
        consumer_pact.upon_receiving("a request for the books of an author")
        .given("there is a book", author="Frame", title="Owls Do Cry")
        .with_request("GET", "/books/")
        .with_query_parameter("author", "Frame")
        .will_respond_with(200)
        .with_body({"books": match.each_like({"title": match.str("Owls Do Cry"), "year": match.int(1957)})})
    )
    assert titles(pact_server.url, "Frame") == ["Owls Do Cry"]
