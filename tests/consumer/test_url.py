"""The URL of a mock server: text for those who want text, parts for those who want parts."""

from __future__ import annotations

import pytest

from pact import Pact


@pytest.fixture
def url(pact: Pact):
    pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
    with pact.serve("localhost", raises=False) as server:
        yield server.url


def test_it_is_text(url) -> None:
    assert isinstance(url, str)
    assert str(url) == url == f"http://localhost:{url.port}"
    assert f"{url}/users" == url + "/users"
    assert hash(url) == hash(str(url))


def test_parts(url) -> None:
    assert (url.scheme, url.host, url.path) == ("http", "localhost", "/")
    assert isinstance(url.port, int)


def test_appending(url) -> None:
    assert str(url / "a") == f"{url}/a"
    assert str(url / "a" / "b") == f"{url}/a/b"
    assert (url / "a" / "b").path == "/a/b"
    assert (url / "two words").path == "/two%20words"
    assert (url / "a/b").path == "/a/b"
    assert (url / "/a").path == "/a"


def test_replacing(url) -> None:
    assert str(url.with_path("/users/1")) == f"{url}/users/1"
    assert str((url / "a").with_path("b")) == f"{url}/b"
    assert str((url / "a").with_query({"q": "two words", "n": 1})) == f"{url}/a?q=two+words&n=1"
    assert str((url / "a").with_query(q="1")) == f"{url}/a?q=1"
    assert str((url / "a").with_query("a=1&a=2")) == f"{url}/a?a=1&a=2"
    assert str((url / "a").with_query([("tag", "a"), ("tag", "b")])) == f"{url}/a?tag=a&tag=b"
    assert str((url / "a").with_query([("tag", "a")], n=1)) == f"{url}/a?tag=a&n=1"
    assert (url / "a").with_query({"q": [1, 2]}).path_qs == "/a?q=1&q=2"
    assert (url / "a").path_qs == "/a"
    assert url.path_qs == "/"


def test_appending_drops_a_query(url) -> None:
    assert str(url.with_query(a=1) / "b") == f"{url}/b"


def test_libraries_that_parse_urls_take_it(url) -> None:
    from urllib.parse import urlsplit

    assert urlsplit(url / "a").path == "/a"
