"""The same through the classic API."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from cases import ask, document, file, free_port, interaction, message, provider, refused, works

from pact import Consumer, EachLike, Like, MessageConsumer, MessageProvider, Provider, Term, Verifier


def pact(**options: Any) -> Any:
    """A classic pact on a free port."""
    return Consumer("consumer").has_pact_with(Provider("provider"), port=0, pact_dir="out", **options)


def _told(status: Any = 200, method: Any = "get", path: Any = "/", **options: Any) -> Any:
    """Describe, serve and answer one interaction; returns the answer."""
    found = pact()
    found.given("s").upon_receiving("r").with_request(method, path, options.get("asks"), options.get("headers"))
    found.will_respond_with(status, options.get("answers_headers"), options.get("answers"))
    try:
        with found:
            return ask(found.mock_service.url.port, "GET", "/", options.get("headers"))
    finally:
        found.stop_service()


@refused("'../x'")
def names_that_leave_the_folder() -> object:
    return Consumer("../x").has_pact_with(Provider("p"), pact_dir="out")


@refused("NUL")
def names_with_nul() -> object:
    return Consumer("a\0b").has_pact_with(Provider("p"), pact_dir="out")


@refused("empty")
def names_that_are_empty() -> object:
    return Consumer("").has_pact_with(Provider("p"))


@refused("file_name")
def a_file_name_that_leaves_the_folder() -> object:
    return pact(file_name="../{consumer}.json")


@refused("file_name")
def a_file_name_with_nul() -> object:
    return pact(file_name="a\0.json")


@refused("file_name")
def a_file_name_with_an_unknown_field() -> object:
    return pact(file_name="{nobody}.json")


@refused("file_write_mode", "'append'")
def an_unknown_write_mode() -> object:
    return pact(file_write_mode="append")


@refused("specification", "'9'")
def an_unknown_specification() -> object:
    return pact(specification_version="9")


@refused("0", "status")
def classic_status_0() -> object:
    return _told(0)


@refused("'abc'", "status")
def classic_status_of_text() -> object:
    return _told("abc")


@refused("line break")
def classic_header_with_crlf() -> object:
    return _told(answers_headers={"X": "a\r\nb"})


@works
def classic_header_with_json() -> None:
    assert _told(headers={"X": '{"a":1}'}, answers_headers={"Y": "[1]"}).headers["Y"] == "[1]"


@refused("pairs", "5")
def classic_headers_of_a_number() -> object:
    return _told(headers=5)


@refused("must start with '/'")
def classic_path_without_slash() -> object:
    return _told(path="x")


@refused("HTTP method")
def classic_method_of_nonsense() -> object:
    return _told(method="GE T")


@refused("nan")
def classic_body_with_nan() -> object:
    return _told(answers={"a": float("nan")})


@works
def classic_form_that_looks_like_json() -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert _told(answers="1=2&b=3", answers_headers=kind).body == b"1=2&b=3"


@refused("regex", "unmatched parenthesis")
def classic_term_that_is_no_regex() -> object:
    return _told(answers={"a": Term("(", "x")})


@refused("regex", "'abc'")
def classic_term_that_does_not_match() -> object:
    return _told(answers={"a": Term(r"^\d+$", "abc")})


@refused("regex", "(a+)+$")
def classic_term_that_backtracks() -> object:
    return _told(answers={"a": Term("(a+)+$", "aaa")})


@works
def classic_matchers_of_nothing() -> None:
    for wrong in (lambda: EachLike(1, minimum=0), lambda: Like(object())):
        try:
            wrong()
        except AssertionError:
            continue
        raise RuntimeError("accepted")


@refused("missing field", "response")
def an_interaction_that_is_incomplete() -> object:
    found = pact()
    found.given("s").upon_receiving("r").with_request("get", "/")
    with found:
        return None


@refused("not running")
def a_service_that_is_not_running() -> object:
    return pact().mock_service


@refused("mock server", "in use")
def a_service_on_a_taken_port() -> object:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        found = Consumer("c").has_pact_with(Provider("p"), host_name="127.0.0.1", port=taken, pact_dir="out")
        return found.start_service()


@refused("same request", "'first'", "'second'")
def classic_equal_requests_with_different_responses() -> object:
    found = pact()
    for name, status in (("first", 200), ("second", 404)):
        found.upon_receiving(name).with_request("get", "/").will_respond_with(status)
    try:
        with found:
            return None
    finally:
        found._clear()
        found.stop_service()


@refused("sslcert", "nowhere.pem")
def a_certificate_that_is_missing() -> object:
    return pact(ssl=True, sslcert="nowhere.pem", sslkey="nowhere.key").start_service()


def _messages() -> Any:
    return MessageConsumer("consumer").has_pact_with(Provider("provider"), pact_dir="out")


@refused("'a b'")
def classic_metadata_with_a_dict_under_an_odd_key() -> object:
    return _messages().expects_to_receive("m").with_content({"a": 1}).with_metadata({"a b": {"c": 1}})


@refused("metadata", "5")
def classic_metadata_of_a_number() -> object:
    return _messages().expects_to_receive("m").with_metadata(5)


@refused("expects_to_receive")
def classic_contents_of_no_message() -> object:
    return _messages().with_content({"a": 1})


@refused("parameters", "[1]")
def classic_state_parameters_of_a_list() -> object:
    return _messages().given("s", [1]).expects_to_receive("m")


@refused("object")
def classic_contents_of_an_object() -> object:
    return _messages().expects_to_receive("m").with_content(object())


def _verifier() -> Any:
    return Verifier(provider="provider", provider_base_url=f"http://127.0.0.1:{free_port()}")


@refused("Missing pact files", "nowhere.json")
def classic_verification_of_a_missing_file() -> object:
    return _verifier().verify_pacts("nowhere.json")


@refused("Missing pact files")
def classic_verification_of_nothing() -> object:
    return _verifier().verify_pacts()


@works
def classic_verification_of_broken_files() -> None:
    for content in (b"{}", b"", b"{", b"[5]", document(5), document(), document(interaction(), provider="other")):
        code, text = _verifier().verify_pacts(str(file(content)))
        assert code == 1
        assert text


@works
def classic_verification_of_a_dead_provider() -> None:
    code, text = _verifier().verify_pacts(str(file(document(interaction()))))
    assert code == 1
    assert "no answer" in text


@refused("'nonsense'")
def classic_verification_of_a_url_of_nonsense() -> object:
    return Verifier(provider="p", provider_base_url="nonsense")


@refused("header", "'X'")
def classic_verification_with_a_bad_header() -> object:
    return _verifier().verify_pacts(str(file(document(interaction()))), headers=["X"])


@works
def classic_verification_of_a_broken_rule() -> None:
    body = {"content": {"a": "x"}, "contentType": "application/json", "encoded": False}
    rules = {"body": {"$.a": {"combine": "AND", "matchers": [{"match": "regex", "regex": "("}]}}}
    path = file(document(interaction(response={"status": 200, "body": body, "matchingRules": rules})))
    with provider() as port:
        found = Verifier(provider="provider", provider_base_url=f"http://127.0.0.1:{port}")
        assert found.verify_pacts(str(path))[0] == 1


def _provided(handlers: Any, *messages: Any) -> Any:
    file(document(*(messages or (message(providerStates=[{"name": "s"}]),))), "consumer-provider.json")
    with MessageProvider(handlers, "provider", "consumer", pact_dir=str(Path.cwd())) as found:
        return found.verify()


@refused("'a message'", "None")
def classic_message_provider_that_returns_none() -> object:
    return _provided({"s": lambda: None})


@refused("no handler")
def classic_message_provider_without_handler() -> object:
    return _provided({})


@refused("nothing was verified")
def classic_message_provider_of_an_empty_pact() -> object:
    file(document(), "consumer-provider.json")
    with MessageProvider({}, "provider", "consumer", pact_dir=str(Path.cwd())) as found:
        return found.verify()
