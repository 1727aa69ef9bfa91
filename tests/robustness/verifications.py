"""Pacts and providers that a verifier must neither pass by mistake nor stumble over."""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path
from typing import Any

from cases import document, file, free_port, interaction, message, provider, refused, verifier, verify, works

from pact import Verifier


def _to(port: int = 9) -> Verifier:
    return Verifier("provider").add_transport(url=f"http://127.0.0.1:{port}")


@refused("name", "''")
def verifier_without_a_name() -> object:
    return Verifier("")


@refused("nothing was verified", "add_source")
def no_source() -> object:
    return _to().verify()


@refused("no pact file")
def an_empty_folder() -> object:
    Path("empty").mkdir()
    return _to().add_source("empty").verify()


@refused("nowhere.json")
def a_file_that_is_missing() -> object:
    return _to().add_source("nowhere.json")


@refused("None")
def a_source_of_none() -> object:
    return _to().add_source(None)


@refused("source", "x00")
def a_source_with_nul() -> object:
    return _to().add_source("a\0b.json")


@refused("pact.json", "consumer")
def a_file_of_an_empty_object() -> object:
    return verify({})


@refused("pact.json", "not valid JSON")
def an_empty_file() -> object:
    return verify(b"")


@refused("pact.json", "not valid JSON")
def a_file_of_no_text() -> object:
    return verify(b"\xff\xfe\xfd")


@refused("pact.json", "not valid JSON")
def a_file_nested_100000_deep() -> object:
    return verify(b"[" * 100_000)


@refused("pact.json", "NaN")
def a_file_with_nan() -> object:
    return verify(json.dumps(document(interaction(pending=float("nan")))).encode())


@refused("'other'", "'provider'")
def a_pact_of_another_provider() -> object:
    Path("pacts").mkdir()
    Path("pacts/pact.json").write_text(json.dumps(document(interaction(), provider="other")))
    return _to().add_source("pacts").verify()


@refused("nothing was verified")
def a_pact_without_interactions() -> object:
    return verify(document())


@refused("interactions", '"x"')
def interactions_of_text() -> object:
    return verify({**document(), "interactions": "x"})


@refused("interactions[0]", "5")
def interactions_that_are_numbers() -> object:
    return verify(document(5))


@refused("request", "is missing")
def an_interaction_without_request() -> object:
    found = interaction()
    del found["request"]
    return verify(document(found))


@refused("response.status", "abc")
def a_status_of_text() -> object:
    return verify(document(interaction(response={"status": "abc"})))


@refused("response.status", "70000")
def a_status_of_70000() -> object:
    return verify(document(interaction(response={"status": 70000})))


@refused("type", "Nonsense")
def an_unknown_kind_of_interaction() -> object:
    return verify(document(interaction(type="Nonsense")))


@refused("description")
def a_description_of_none() -> object:
    return verify(document(interaction(description=None)))


@refused("request.method")
def a_method_of_numbers() -> object:
    return verify(document(interaction(request={"method": 5, "path": "/"})))


@refused("headers")
def headers_of_text() -> object:
    return verify(document(interaction(request={"method": "GET", "path": "/", "headers": "x"})))


def _rule(rule: Any, body: Any = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!") -> Any:
    rules = {"body": {"$.a": {"combine": "AND", "matchers": [rule]}}}
    contents = {"content": {"a": "aaa"}, "contentType": "application/json", "encoded": False}
    response = {"status": 200, "body": contents, "matchingRules": rules}

    def answer(request: Any) -> None:
        data = json.dumps({"a": body}).encode()
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return verify(document(interaction(response=response)), answer)


@refused("Regex match error")
def a_regex_that_backtracks_without_end() -> object:
    return _rule({"match": "regex", "regex": "(a+)+$"})


@refused("'(' is not a valid regular expression")
def a_regex_that_is_none() -> object:
    return _rule({"match": "regex", "regex": "("})


@refused("nonsense")
def a_matcher_that_is_unknown() -> object:
    return _rule({"match": "nonsense"})


@refused("nothing was verified", "'no such thing'")
def a_filter_that_finds_nothing() -> object:
    with provider() as port:
        return verifier(port).filter("no such thing").verify()


@refused("nothing was verified", "'nobody'")
def a_consumer_filter_that_finds_nothing() -> object:
    with provider() as port:
        return verifier(port).filter_consumers("nobody").verify()


@refused("filter", "'('")
def a_filter_that_is_no_regex() -> object:
    return Verifier("p").filter("(")


@refused("body $.a", "\\x00")
def a_report_with_nul() -> object:
    contents = {"content": {"a": "\0"}, "contentType": "application/json", "encoded": False}

    def answer(request: Any) -> None:
        request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}')

    with provider(answer) as port:
        found = verifier(port, document(interaction(response={"status": 200, "body": contents})))
        try:
            return found.verify()
        finally:
            assert "has a matching body" in found.output()


@refused("regular expression", "(?=x)a")
def a_filter_that_only_python_can_compile() -> object:
    with provider() as port:
        return verifier(port).filter("(?=x)a(?P<n>b)(?P=n)").verify()


@refused("timeout", "0")
def a_timeout_of_0() -> object:
    return Verifier("p").set_request_timeout(0)


@refused("URL", "'nonsense'")
def a_url_of_nonsense() -> object:
    return Verifier("p").add_transport(url="nonsense")


@refused("port", "0")
def a_port_of_0() -> object:
    return Verifier("p").add_transport(protocol="http", port=0)


@refused("header")
def a_custom_header_with_line_breaks() -> object:
    return Verifier("p").add_custom_header("X-A", "1\r\nX-B: 2")


@refused("header")
def a_custom_header_of_numbers() -> object:
    return Verifier("p").add_custom_header("X-A", 5)  # type: ignore[arg-type]


@refused("no answer")
def a_provider_that_is_not_there() -> object:
    return verifier(free_port()).verify()


@works
def a_custom_header_in_another_case_than_the_pact() -> None:
    for known in ("authorization", "Authorization", "AUTHORIZATION", "X-Other"):
        seen: list[str] = []

        def answer(request: Any, seen: list[str] = seen) -> None:
            seen += request.headers.get_all("Authorization")
            request.send_response(200)
            request.send_header("Content-Length", "0")
            request.end_headers()

        content = document(interaction(request={"method": "GET", "path": "/", "headers": {known: ["old"]}}))
        with provider(answer) as port:
            verifier(port, content).add_custom_header("Authorization", "new").verify()
        assert seen == ["new"], (known, seen)


def _quick(check: Any, seconds: float) -> Any:
    started = time.monotonic()
    try:
        return check()
    finally:
        assert time.monotonic() - started < seconds


@refused("no answer")
def a_provider_that_hangs() -> object:
    with provider(lambda request: time.sleep(3)) as port:
        return _quick(verifier(port).set_request_timeout(300).verify, 2)


@refused("no answer")
def a_provider_that_resets_the_connection() -> object:
    def answer(request: Any) -> None:
        linger = struct.pack("ii", 1, 0)
        request.connection.setsockopt(1, 13, linger)  # SO_LINGER: close sends a RST
        request.connection.close()

    return verify(document(interaction()), answer)


@refused("provider")
def a_provider_that_speaks_rubbish() -> object:
    return verify(document(interaction()), lambda request: request.wfile.write(b"\0\1\2 rubbish\r\n\r\n"))


def _redirect(request: Any) -> None:
    request.send_response(302)
    request.send_header("Location", "/")
    request.send_header("Content-Length", "0")
    request.end_headers()


@refused("redirect")
def a_provider_that_redirects_in_circles() -> object:
    return _quick(lambda: verify(document(interaction()), _redirect), 5)


@refused("body")
def a_provider_that_promises_more_than_it_sends() -> object:
    def answer(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    body = {"content": "x", "contentType": "text/plain", "encoded": False}
    return verify(document(interaction(response={"status": 200, "body": body})), answer)


@refused("not encoded as its headers say")
def a_provider_with_a_broken_gzip() -> object:
    def answer(request: Any) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"
        request.wfile.write(head + b"no gz")

    body = {"content": "x", "contentType": "text/plain", "encoded": False}
    return verify(document(interaction(response={"status": 200, "body": body})), answer)


def _stated(handler: Any, **options: Any) -> Any:
    with provider() as port:
        content = document(interaction(providerStates=[{"name": "s", "params": {"a": 1}}]))
        return verifier(port, content).state_handler(handler, **options).verify()


@refused("'s'", "KeyError", "boom")
def a_state_handler_that_raises() -> object:
    def handler(state: str) -> None:
        raise KeyError("boom")

    return _quick(lambda: _stated(handler), 3)


@refused("returned", "object", "JSON")
def a_state_handler_that_returns_an_object_in_a_dict() -> object:
    return _stated(lambda state: {"a": object()})


@works
def a_state_handler_that_returns_garbage() -> None:
    for garbage in (5, "x", [1], object(), True, b"\xff", ""):
        _stated(lambda state, garbage=garbage: garbage)


@refused("returned", "JSON", "[s]")
def a_state_handler_that_returns_nan() -> object:
    return _stated(lambda state: {"a": float("nan")})


@refused("no handler", "'s'", "'other'")
def a_state_that_nobody_handles() -> object:
    return _stated({"other": lambda: None})


@refused("state handler", "5")
def a_state_handler_that_is_a_number() -> object:
    return _stated(5)


@refused("'s'", "callable", "5")
def a_state_handler_dict_of_numbers() -> object:
    return _stated({"s": 5})


@refused("state URL", "500")
def a_state_url_that_fails() -> object:
    def answer(request: Any) -> None:
        request.send_response(500)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with provider(answer) as port:
        return _quick(lambda: _stated(f"http://127.0.0.1:{port}/states", body=True), 3)


def _produced(handler: Any, content: Any = None) -> Any:
    path = file(document(content or message()))
    return Verifier("provider").add_source(path).message_handler(handler).verify()


@refused("'a message'", "None")
def a_message_handler_that_returns_none() -> object:
    return _produced(lambda name: None)


@refused("'a message'", "object")
def a_message_handler_that_returns_an_object() -> object:
    return _produced(lambda name: object())


@refused("'a message'")
def a_message_handler_that_returns_what_json_lacks() -> object:
    return _produced(lambda name: {"a": object()})


@refused("a message", "JSON")
def a_message_handler_that_returns_nan() -> object:
    return _produced(lambda name: {"a": float("nan")})


@refused("'a message'", "surrogate")
def a_message_handler_that_returns_a_surrogate() -> object:
    return _produced(lambda name: "\ud800")


@refused("'a message'", "ZeroDivisionError")
def a_message_handler_that_raises() -> object:
    return _produced(lambda name: 1 // 0)


@refused("a message")
def a_message_handler_with_line_breaks_in_its_content_type() -> object:
    return _produced(lambda name: {"contents": b"{}", "content_type": "a/b\r\nX: 1", "metadata": None})


@refused("metadata of message", "JSON")
def a_message_handler_with_metadata_that_json_lacks() -> object:
    return _produced(lambda name: {"contents": b"{}", "metadata": {"a": object()}})


@refused("a message")
def a_message_whose_contents_are_empty() -> object:
    return _produced(lambda name: b"")


@refused("no handler", "'a message'")
def a_message_that_nobody_handles() -> object:
    return _produced({"other": lambda: b""})


@refused("handler", "5")
def a_message_handler_that_is_a_number() -> object:
    return _produced(5)


@refused("request filter")
def a_request_filter_that_returns_garbage() -> object:
    with provider() as port:
        return verifier(port).request_filter(lambda request: 5).verify()


@works
def a_folder_with_other_things_in_it() -> None:
    file(document(interaction()), "folder/pact.json")
    file(b"note", "folder/note.txt")
    file(b"{", "folder/.hidden")
    file({"name": "a package"}, "folder/package.json")
    with provider() as port:
        _to(port).add_source("folder").verify()


@works
def a_pact_file_with_a_name_beyond_ascii() -> None:
    path = file(document(interaction()), "pact 😀.json")
    with provider() as port:
        _to(port).add_source(path).verify()


@works
def a_verifier_that_verifies_again() -> None:
    with provider() as port:
        found = verifier(port)
        found.verify()
        found.verify()
        assert found.result is not None
        assert len(found.result.interactions) == 1


@works
def a_provider_that_answers_10_megabytes() -> None:
    def answer(request: Any) -> None:
        data = b"x" * 10_000_000
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    verify(document(interaction()), answer)


@refused("selector", "5")
def a_broker_selector_of_a_number() -> object:
    builder = Verifier("p").broker_source("http://127.0.0.1:9", selector=True)
    return builder.consumer_versions(5)  # type: ignore[arg-type]


@refused("127.0.0.1:9", "refused")
def a_broker_that_is_not_there() -> object:
    return _to().broker_source("http://127.0.0.1:9").verify()
