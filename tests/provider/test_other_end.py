"""The other end of the wire: endpoints that fail or never end, addresses that say too much, nobody to ask."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import InvalidInputError, VerificationError
from pact_ffi.provider import states
from pact_ffi.provider.verifier import Verifier
from pact_ffi.provider.wire import Request

from .conftest import Provider, http_interaction, message, pact

Write = Callable[..., Path]
STATE = {"providerStates": [{"name": "customer exists"}]}
HTTP = b"HTTP/1.1 200 OK\r\n"


def failure(verifier: Verifier, *, alike: bool = True) -> str:
    """Return the report, which is the same on an event loop; but an answer may be too long before it takes too long."""
    texts = []
    with pytest.raises(VerificationError) as caught:
        verifier.verify()
    texts.append(str(caught.value))
    with pytest.raises(VerificationError) as caught:
        asyncio.run(verifier.verify_async())
    texts.append(str(caught.value))
    assert not alike or texts[0] == texts[1]
    return texts[0]


@contextmanager
def talking(first: bytes, more: bytes, pause: float) -> Iterator[str]:
    """Answer each connection by ``first`` and then ``more`` without end, a ``pause`` between; the URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk(client: socket.socket) -> None:
            try:
                client.recv(65536)
                client.sendall(first)
                while more:
                    client.sendall(more)
                    time.sleep(pause)
            except OSError:
                pass
            finally:
                client.close()

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


ENDLESS = {
    "a body without end": (HTTP + b"\r\n", b"x" * 65536, 0.0),
    "a slow body": (HTTP + b"Content-Length: 100000\r\n\r\n", b"x", 0.05),
    "slow headers": (HTTP, b"A: b\r\n", 0.05),
    "chunks without end": (HTTP + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.01),
    "silence": (b"", b"", 0.0),
    "no HTTP": (b"hello\r\n\r\n", b"", 0.0),
    "half a body": (HTTP + b"Content-Length: 10\r\n\r\nhalf", b"", 0.0),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_state_url_that_never_ends_is_named_in_time(
    kind: str, provider: Provider, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "_URL_SECONDS", 1)
    with talking(*ENDLESS[kind]) as url:
        source = write(pact(http_interaction(**STATE)))
        verifier = Verifier("CustomerService").add_transport(provider.url).add_source(source)
        begin = time.monotonic()
        said = failure(verifier.state_handler(f"{url}/states", body=True), alike=not kind.startswith("a body"))
    assert time.monotonic() - begin < 6
    assert "the state URL failed: " in said and f"{url}/states" in said


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_provider_behind_a_filter_that_never_ends_is_named_in_time(kind: str, write: Write) -> None:
    with talking(*ENDLESS[kind]) as url:
        verifier = Verifier("CustomerService").add_transport(url).add_source(write(pact(http_interaction())))
        begin = time.monotonic()
        verifier.request_filter(lambda request: None).set_request_timeout(500)
        said = failure(verifier, alike=not kind.startswith("a body"))
    assert time.monotonic() - begin < 6
    assert f"{url}/customers/123" in said.splitlines()[0]


def test_a_filter_has_no_limit_of_headers_of_its_own(provider: Provider, write: Write) -> None:
    many = {f"X-{number}": [str(number)] for number in range(300)}
    request = {"method": "GET", "path": "/customers/123", "headers": many}
    head = b"".join(b"X-%d: %d\r\n" % (number, number) for number in range(300))
    source = write(pact(http_interaction(request=request, response={"status": 200})))
    seen: list[int] = []

    def count(request: Request) -> None:
        seen.append(sum(name.startswith("x-") for name in map(str.lower, request.headers)))

    with talking(HTTP + b"Content-Length: 0\r\n\r\n", b"", 0.0) as url:
        Verifier("CustomerService").add_transport(url).add_source(source).request_filter(count).verify()
    assert seen == [300]
    with talking(HTTP + head + b"Content-Length: 0\r\n\r\n", b"", 0.0) as url:
        verifier = Verifier("CustomerService").add_transport(url).add_source(source).request_filter(count)
        assert "has 300 headers; the core's HTTP client reads fewer than 100" in failure(verifier)


def test_an_http_interaction_is_not_answered_by_a_message_handler(write: Write) -> None:
    source = write(pact(http_interaction(), message("order", {"id": 5})))
    verifier = Verifier("CustomerService").add_source(source).message_handler({"order": {"id": 5}})
    said = failure(verifier)
    assert said.startswith(
        "there is no HTTP provider to send GET /customers/123 to: call add_transport(url=...) or app(...)\n"
    )
    assert said.endswith("failed: 1 of 2 interactions")
    verifier.filter("order").verify()


@pytest.mark.parametrize("kind", ["the main address", "a transport", "an application"])
def test_a_message_endpoint_that_answers_500_is_a_failure(kind: str, provider: Provider, write: Write) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        status, content = provider.answers["POST", "/"]
        start_response(f"{status} X", [("Content-Type", "application/json")])
        return [json.dumps(content).encode()]

    verifier = Verifier("CustomerService").add_source(write(pact(message("order", {"id": 5}))))
    if kind == "an application":
        verifier.app(app)
    else:
        verifier.add_transport(provider.url)
    path = "/messages" if kind == "a transport" else "/"
    if kind == "a transport":
        verifier.add_transport("message", port=int(provider.url.rpartition(":")[2]), path=path)
    provider.answers["POST", path] = provider.answers["POST", "/"] = (200, {"id": 5})
    verifier.verify()
    asyncio.run(verifier.verify_async())
    provider.answers["POST", path] = provider.answers["POST", "/"] = (500, {"id": 5})
    said = failure(verifier)
    assert "the message endpoint" in said and 'answered 500: {"id": 5}' in said


def test_a_message_endpoint_that_is_not_there_is_a_failure(write: Write) -> None:
    verifier = Verifier("CustomerService").add_source(write(pact(message("order", {"id": 5}))))
    assert "no answer from http://127.0.0.1:1" in failure(verifier.add_transport("http://127.0.0.1:1"))


def test_a_consumer_without_a_pact_is_told(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "Alice"})
    source = write(pact(http_interaction()))
    verifier = Verifier("CustomerService").add_transport(provider.url).add_source(source)
    verifier.filter_consumers("BillingService").verify()
    said = failure(verifier.filter_consumers("Biling"))
    assert "no pact of consumer 'Biling'; there are pacts of 'BillingService'" in said
    verifier.set_error_on_empty_pact(enabled=False).verify()


def test_a_state_beside_no_state_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nothing can match both"):
        Verifier("x").filter(state="a", no_state=True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://user:s3cret@localhost:8080", "has credentials, which would not be sent"),
        ("http://:s3cret@localhost", "has credentials"),
        ("http://localhost:8080/?tenant=1", "must not have a query or a fragment"),
        ("http://localhost:8080/#top", "must not have a query or a fragment"),
        ("ftp://localhost", "invalid URL of a provider 'ftp://localhost'"),
        ("http://", "invalid URL of a provider"),
        ("http://localhost:x", "invalid URL of a provider"),
        ("http://local host", "invalid URL of a provider"),
        ("http://[::1", "invalid URL of a provider"),
    ],
)
def test_an_address_that_would_not_be_used_as_it_is_is_refused(url: str, said: str) -> None:
    for add in (lambda: Verifier("x").add_transport(url), lambda: Verifier("x").add_transport(url=url)):
        with pytest.raises(InvalidInputError, match=said) as caught:
            add()
        assert "s3cret" not in str(caught.value)


def test_a_transport_by_position(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "Alice"})
    source = write(pact(http_interaction()))
    Verifier("CustomerService").add_transport(provider.url).add_source(source).verify()
    port = int(provider.url.rpartition(":")[2])
    Verifier("CustomerService", "127.0.0.1").add_transport("http", port=port).add_source(source).verify()
    Verifier("CustomerService").add_transport("http", url=provider.url).add_source(source).verify()
    with pytest.raises(InvalidInputError):
        Verifier("CustomerService").add_transport(provider.url, url=provider.url)


def test_redirects_through_a_filter_come_back_to_the_provider(provider: Provider, write: Write, served: Any) -> None:
    from flask import Flask, redirect

    app = Flask("customers")
    app.add_url_rule("/customers/123", view_func=lambda: redirect("/elsewhere?a=b"), endpoint="moved")
    app.add_url_rule("/elsewhere", view_func=lambda: ("", 202), endpoint="here")
    followed = http_interaction(response={"status": 202})
    moved = http_interaction(response={"status": 302, "headers": {"Location": ["/elsewhere?a=b"]}})
    with served(app) as port:
        for item, follow in ((followed, True), (moved, False)):
            verifier = Verifier("CustomerService").add_source(write(pact(item))).request_filter(lambda request: None)
            verifier.add_transport(f"http://127.0.0.1:{port}").follow_redirects(follow).verify()


def test_a_debugger_stops_in_a_view(tmp_path: Path, write: Write) -> None:
    source = write(pact(http_interaction(response={"status": 200})))
    test = tmp_path / "test_view.py"
    test.write_text(
        f"""
from flask import Flask
from pact import Verifier

def view(number):
    answer = number + 1
    import pdb; pdb.set_trace()
    return ""

def test_view():
    app = Flask("x")
    app.add_url_rule("/customers/<int:number>", view_func=view)
    Verifier("CustomerService").app(app).add_source({str(source)!r}).set_request_timeout(500).verify()
"""
    )
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", str(test)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert process.stdin is not None
    time.sleep(1.5)  # longer than the request timeout
    said, _ = process.communicate("p 'it is', answer\nc\n", timeout=60)
    assert "('it is', 124)" in said and "1 passed" in said, said


BODY = b'{"id":123,"name":"Alice"}'
FINE = HTTP + b"Content-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNK = b"%x\r\n%s\r\n" % (len(BODY), BODY)
READABLE = {
    "a hint before": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + FINE + LENGTH + b"\r\n" + BODY,
    "several 100": b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + FINE + LENGTH + b"\r\n" + BODY,
    "chunks with a trailer": FINE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK + b"0\r\nX: y\r\n\r\n",
    "chunks with an extension": FINE
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + CHUNK.replace(b"\r", b";a=b\r", 1)
    + b"0\r\n\r\n",
    "no length": FINE + b"\r\n" + BODY,
    "HTTP 1.0": FINE.replace(b"1.1", b"1.0") + b"\r\n" + BODY,
    "no reason": FINE.replace(b" OK", b"") + LENGTH + b"\r\n" + BODY,
    "a long header": FINE + b"X: " + b"x" * 65536 + b"\r\n" + LENGTH + b"\r\n" + BODY,
    "90 headers": FINE + b"X: y\r\n" * 90 + LENGTH + b"\r\n" + BODY,
    "a header beyond ASCII": FINE + "X: ü\r\n".encode() + LENGTH + b"\r\n" + BODY,
    "a header in Latin-1": FINE + "X: ü\r\n".encode("latin-1") + LENGTH + b"\r\n" + BODY,
    "the same length twice": FINE + LENGTH * 2 + b"\r\n" + BODY,
}
UNREADABLE = {
    "nothing": b"",
    "two lengths": FINE + LENGTH + b"Content-Length: 5\r\n\r\n" + BODY,
    "an early end": FINE + b"Content-Length: 500\r\n\r\n" + BODY,
    "a wrong chunk": FINE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY,
    "half a chunk": FINE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK[:-9],
    "an encoding that is none": FINE + b"Content-Encoding: gzip\r\n" + LENGTH + b"\r\n" + BODY,
    "many headers": FINE + b"X: y\r\n" * 1000 + LENGTH + b"\r\n" + BODY,
    "a header of a megabyte": FINE + b"X: " + b"x" * (1 << 20) + b"\r\n" + LENGTH + b"\r\n" + BODY,
    "a control character": FINE + b"X: \x01\x1b[31m\r\n" + LENGTH + b"\r\n" + BODY,
    "a NUL": FINE + b"X: a\0b\r\n" + LENGTH + b"\r\n" + BODY,
    "a space in a header's name": FINE + b"X : y\r\n" + LENGTH + b"\r\n" + BODY,
    "status 099": FINE.replace(b"200", b"099") + LENGTH + b"\r\n" + BODY,
    "TLS": b"\x15\x03\x01\0\x02\x02\x28",
    "HTTP 2": b"\0\0\x12\x04\0\0\0\0\0",
    "a redirect to itself": b"HTTP/1.1 302 F\r\nLocation: /customers/123\r\nContent-Length: 0\r\n\r\n",
    "a redirect to no URL": b"HTTP/1.1 302 F\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
    "a redirect to a file": b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
    "a redirect to nowhere": b"HTTP/1.1 302 F\r\nContent-Length: 0\r\n\r\n",
}


def passed_on(request: Request) -> None:
    """Have the requests go through the relay."""


@pytest.mark.parametrize("through", [None, passed_on], ids=["straight", "filtered"])
@pytest.mark.parametrize("kind", [*READABLE, *UNREADABLE])
def test_an_answer_is_read_or_named_with_the_providers_own_address(kind: str, through: Any, write: Write) -> None:
    source = write(pact(http_interaction()))
    with talking({**READABLE, **UNREADABLE}[kind], b"", 0.0) as url:
        verifier = Verifier("CustomerService").add_transport(url).add_source(source).set_request_timeout(2000)
        if through:
            verifier.request_filter(through)
        if kind in READABLE:
            verifier.verify()
            asyncio.run(verifier.verify_async())
            return
        with pytest.raises(VerificationError) as caught:
            verifier.verify()
        said = str(caught.value)
    assert "/provider/" not in said and ("etc/passwd" not in said or "Location" in said)
    assert url in said or "expected 200 but was 302" in said or "has 1001 headers" in said, said
    assert "is it running" not in said or "something listens on port" in said


def test_a_provider_that_is_not_there_gets_no_such_note(write: Write) -> None:
    verifier = Verifier("CustomerService").add_source(write(pact(http_interaction())))
    assert "something listens" not in failure(verifier.add_transport("http://127.0.0.1:1"))


@pytest.mark.parametrize("body", [True, False])
@pytest.mark.parametrize(
    ("login", "sent"),
    [
        ("me:pw@", "Basic bWU6cHc="),
        ("me:p%40s%2Fs@", "Basic bWU6cEBzL3M="),
        ("me@", "Basic bWU6"),
        (":pw@", "Basic OnB3"),
        ("m%C3%BC:p@", "Basic bcO8OnA="),
        ("", None),
    ],
)
def test_the_login_of_a_state_url_is_sent_and_not_shown(
    provider: Provider, write: Write, login: str, sent: str | None, body: bool
) -> None:
    source = write(pact(http_interaction(**STATE)))
    verifier = Verifier("CustomerService").add_transport(provider.url).add_source(source)
    said = failure(verifier.state_handler(provider.url.replace("//", f"//{login}") + "/states", body=body))
    assert [headers.get("Authorization") for _, path, headers, _ in provider.requests if "states" in path] == [sent] * 2
    assert f"the state URL {provider.url}/states answered 404" in said


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///states",
        "http://[::1",
        "http://localhost:99999/",
        "http://localhost:port/",
        "http://localhost/a b",
        "http://localhost/\xfc",
        "http://local\u2028host/",
        "http:localhost",
        "http://localhost/states#top",
        "http://me:s3cret@/",
        "http://me:s3/cret@localhost/",
        "HTTP://x:y:z/",
    ],
)
def test_a_state_url_that_cannot_be_asked_is_refused_where_it_is_given(url: str) -> None:
    with pytest.raises(InvalidInputError, match="a state URL must read http") as caught:
        Verifier("x").state_handler(url, body=True)
    assert "s3" not in str(caught.value)
