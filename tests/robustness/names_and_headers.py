"""Names, descriptions, requests, headers, queries and statuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cases import ask, http, item, new, refused, served, works, written

from pact import Pact, generate, match

REPLY = '{"a":1}'


@refused("consumer name", "'../../evil'")
def consumer_name_that_leaves_the_folder() -> object:
    return Pact("../../evil", "p").write_file("out")


@refused("provider name", "'a/b'")
def provider_name_with_a_slash() -> object:
    return Pact("c", "a/b")


@refused("consumer name", "NUL")
def consumer_name_with_nul() -> object:
    return Pact("a\0b", "p")


@refused("consumer name", "longer than")
def consumer_name_of_300_characters() -> object:
    return Pact("x" * 300, "p")


@refused("surrogate")
def consumer_name_with_a_surrogate() -> object:
    return Pact("a\ud800", "p")


@refused("must be text", "['c']")
def consumer_name_as_a_list() -> object:
    return Pact(["c"], "p")  # type: ignore[arg-type]


@works
def consumer_name_with_emoji() -> None:
    pact = Pact("🦄", "Ünïcode svc")
    http(pact).will_respond_with(200)
    assert written(pact)["consumer"]["name"] == "🦄"
    assert [path.name for path in Path("out").iterdir()] == ["🦄-Ünïcode svc.json"]


@works
def empty_description() -> None:
    pact = Pact("c", "p")
    http(pact, "").will_respond_with(200)
    assert item(pact)["description"] == ""


@refused("description", "NUL")
def description_with_nul() -> object:
    return http(description="a\0b")


@refused("description", "NoneType")
def description_none() -> object:
    return http(description=None)  # type: ignore[arg-type]


@works
def description_with_line_breaks_quotes_and_emoji() -> None:
    pact = Pact("c", "p")
    text = 'a "b"\r\n\t\\ 😀 {"x": 1}'
    http(pact, text).will_respond_with(200)
    assert item(pact)["description"] == text


@works
def description_of_100000_characters() -> None:
    pact = Pact("c", "p")
    http(pact, "x" * 100_000).will_respond_with(200)
    assert len(item(pact)["description"]) == 100_000


@refused("two different", "a request")
def one_description_with_different_contents() -> object:
    pact = Pact("c", "p")
    http(pact, path="/1").will_respond_with(200)
    http(pact, path="/2").will_respond_with(404)
    return written(pact)


@works
def one_description_with_equal_contents() -> None:
    pact = Pact("c", "p")
    for _ in range(2):
        http(pact).will_respond_with(200)
    served(pact)
    assert len(written(pact)["interactions"]) == 1


@refused("'first'", "'second'", "same request")
def equal_requests_with_different_responses() -> object:
    pact = Pact("c", "p")
    http(pact, "first").will_respond_with(200)
    http(pact, "second").will_respond_with(404)
    return served(pact)


@refused("'first'", "'second'", "same request")
def equal_requests_said_in_another_order() -> object:
    pact = Pact("c", "p")
    http(pact, "first").with_header("A", "1").with_header("B", "2").will_respond_with(200)
    http(pact, "second").with_header("B", "2").with_header("a", "1").will_respond_with(404)
    return served(pact, "GET", "/", {"A": "1", "B": "2"})


@works
def header_with_json_text() -> None:
    pact = Pact("c", "p")
    http(pact).with_header("X-Json", REPLY).will_respond_with(200).with_header("X-Reply", REPLY)
    assert served(pact, "GET", "/", {"X-Json": REPLY}).headers["X-Reply"] == REPLY
    assert item(pact)["request"]["headers"] == {"X-Json": [REPLY]}


@works
def header_with_commas() -> None:
    pact = Pact("c", "p")
    http(pact).with_header("X-Date", "Tue, 1 Jan").will_respond_with(200).with_header("Expires", "Tue, 1 Jan 2030")
    assert served(pact, "GET", "/", {"X-Date": "Tue, 1 Jan"}).headers["Expires"] == "Tue, 1 Jan 2030"


@works
def response_header_with_emoji() -> None:
    pact, story = new()
    story.with_header("X-Mood", "😀")
    assert served(pact).headers["X-Mood"].encode("latin-1").decode() == "😀"


@refused("X-Mood", "ASCII")
def request_header_with_emoji() -> object:
    return http().with_header("X-Mood", "😀")


@refused("X-A", "line break")
def header_with_crlf() -> object:
    return http().with_header("X-A", "1\r\nX-B: 2")


@refused("X-A", "line break")
def header_matcher_with_crlf_example() -> object:
    return http().with_header("X-A", match.like("1\r\nX-B: 2"))


@refused("'X A'")
def header_name_with_a_space() -> object:
    return http().with_header("X A", "1")


@refused("''")
def header_name_empty() -> object:
    return http().with_header("", "1")


@refused("None")
def header_value_none() -> object:
    return http().with_header("X-A", None)


@refused("X-A", "{'a': 1}")
def header_value_as_dict() -> object:
    return http().with_header("X-A", {"a": 1})


@refused("bytes")
def header_value_as_bytes() -> object:
    return http().with_header("X-A", b"1")


@works
def query_with_json_text() -> None:
    pact = Pact("c", "p")
    http(pact).with_query_parameter("f", REPLY).will_respond_with(200)
    served(pact, "GET", "/?f=%7B%22a%22%3A1%7D")
    assert item(pact)["request"]["query"] == {"f": [REPLY]}


@works
def query_with_nasty_names_and_values() -> None:
    pact = Pact("c", "p")
    http(pact).with_query_parameters({"a[0]": "x&y=z", "ü": "😀", "q": "a+b c%20"}).will_respond_with(200)
    served(pact, "GET", "/?a%5B0%5D=x%26y%3Dz&%C3%BC=%F0%9F%98%80&q=a%2Bb%20c%2520")


@works
def query_with_control_characters() -> None:
    pact = Pact("consumer", "provider")
    http(pact).with_query_parameter("q", "a\nb\tc").will_respond_with(200)
    served(pact, "GET", "/?q=a%0Ab%09c")
    assert item(pact)["request"]["query"] == {"q": ["a\nb\tc"]}


@refused("V2", "'\\n'", "query parameter 'q'")
def query_with_control_characters_in_v2() -> object:
    pact = Pact("c", "p").with_specification("V2")
    http(pact).with_query_parameter("q", match.like(["a", "b\n"])).will_respond_with(200)
    return written(pact)


@refused("V2", "'😀'", "query parameter 'q'")
def query_with_emoji_in_v2() -> object:
    pact = Pact("c", "p").with_specification("V2")
    http(pact).with_query_parameter("q", "😀").will_respond_with(200)
    return written(pact)


@refused("Content-Type", "at least one")
def header_of_an_empty_list() -> object:
    return http().with_header("Content-Type", [])


@refused("'X-A'", "at least one")
def headers_with_an_empty_list() -> object:
    return http().with_headers({"X-A": []})


@refused("'q'", "at least one")
def query_of_an_empty_list() -> object:
    return http().with_query_parameters({"q": []})


@refused("Content-Type", "at least one")
def header_set_to_an_empty_list() -> object:
    return http().set_header("Content-Type", [])


@works
def path_beyond_ascii_with_spaces() -> None:
    pact = Pact("c", "p")
    http(pact, path="/menü/a b/😀").will_respond_with(200)
    served(pact, "GET", "/men%C3%BC/a%20b/%F0%9F%98%80")


@works
def path_with_json_text() -> None:
    pact = Pact("c", "p")
    http(pact, path='/{"a":1}').will_respond_with(200)
    served(pact, "GET", "/%7B%22a%22:1%7D")


@refused("'x'", "must start with '/'")
def path_without_slash() -> object:
    return http(path="x")


@refused("path", "NUL")
def path_with_nul() -> object:
    return http(path="/a\0b")


@refused("control character")
def path_with_crlf() -> object:
    return http(path="/a\r\nX: 1")


@refused("must start with '/'")
def path_as_json_object_text() -> object:
    return http(path=REPLY)


@refused("'GE T")
def method_with_spaces() -> object:
    return Pact("c", "p").upon_receiving("x").with_request("GE T\r\n", "/")


@refused("''")
def method_empty() -> object:
    return Pact("c", "p").upon_receiving("x").with_request("", "/")


def _status(value: Any) -> Any:
    pact = Pact("c", "p")
    http(pact).will_respond_with(value)
    return pact


@refused("0", "status")
def status_0() -> object:
    return _status(0)


@refused("99", "status")
def status_99() -> object:
    return _status(99)


@refused("1000", "status")
def status_1000() -> object:
    return _status(1000)


@refused("70000", "status")
def status_70000() -> object:
    return _status(70000)


@refused("-1", "status")
def status_negative() -> object:
    return _status(-1)


@refused("'abc'", "status")
def status_as_text() -> object:
    return _status("abc")


@refused("True", "status")
def status_true() -> object:
    return _status(True)


@refused("None", "status")
def status_none() -> object:
    return _status(None)


@refused("200.5", "status")
def status_as_fraction() -> object:
    return _status(200.5)


@works
def status_as_enum() -> None:
    from http import HTTPStatus

    assert served(_status(HTTPStatus.CREATED)).status == 201


@refused("99", "specification")
def specification_99() -> object:
    return Pact("c", "p").with_specification("99")


@refused("255", "specification")
def specification_as_number() -> object:
    return Pact("c", "p").with_specification(255)  # type: ignore[arg-type]


@refused("provider state", "NUL")
def state_with_nul() -> object:
    return http().given("a\0")


@refused("$.x", "nan")
def state_parameter_nan() -> object:
    return http().given("s", {"x": float("nan")})


@works
def state_with_nasty_text() -> None:
    pact, story = new()
    story.given('{"a": 1}', {"k/ey 😀": {"deep": [None, 1.5]}})
    assert item(pact)["providerStates"] == [{"name": '{"a": 1}', "params": {"k/ey 😀": {"deep": [None, 1.5]}}}]


@refused("parameters of state 's'", "[1]")
def state_parameters_as_list() -> object:
    return http().given("s", [1])


@refused("pairs", "5")
def headers_as_a_number() -> object:
    return http().with_headers(5)


@refused("pairs", "['abc']")
def headers_as_a_list_of_words() -> object:
    return http().with_headers(["abc"])


@refused("key", "5")
def key_as_a_number() -> object:
    return http().set_key(5)


@refused("pending", "'yes'")
def pending_as_text() -> object:
    return http().set_pending(pending="yes")


@refused("X-A", "control character")
def generated_header_with_line_breaks() -> object:
    return http().with_header("X-A", match.like("a", generator=generate.regex(r"\n")))


@refused("X-A", "control character")
def generators_of_headers_with_line_breaks() -> object:
    return http().with_generators({"header": {"X-A": {"type": "Regex", "regex": "\\n"}}}, "Response")


@refused("status", "0")
def generated_status_that_cannot_be_sent() -> object:
    return http().with_generators({"status": {"type": "RandomInt", "min": 0, "max": 50}}, "Response")


@refused("Invalid interaction type", "'Websocket'")
def unknown_kind_of_interaction() -> object:
    return Pact("c", "p").upon_receiving("x", "Websocket")  # type: ignore[call-overload]


@works
def host_header_is_not_compared() -> None:
    pact, _ = new()
    with pact.serve() as server:
        assert ask(server.port or 0, "GET", "/", {"Host": "evil.example"}).status == 200
