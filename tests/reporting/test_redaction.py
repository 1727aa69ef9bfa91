"""Secrets of every kind, in every form in which they are written: hidden, and what stands around them is left."""

from __future__ import annotations

import json
import time
from base64 import b64encode

import pytest

from pact_ffi.reporting import redaction
from pact_ffi.reporting.redaction import Redactor, hide, is_secret, redact, redact_log

NAMES = (
    "Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key api_key apiKey X-Auth-Token access_token accessToken"
    " token password Password passwd pwd passphrase user_password password_confirmation client_secret clientSecret"
    " secret secret_key access-key private_key credentials session_id sessionid SESSIONID jwt"
    " auth X-Auth user[password]"
).split()
PLAIN = "Accept author authority keys monkey tokenizer secretary passenger cookiecutter compass Content-Type id".split()


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", PLAIN)
def test_names_of_what_may_be_shown(name: str) -> None:
    assert not is_secret(name)


TEXTS = [
    ("Authorization: Bearer abcdef", "Authorization: Bearer ***"),
    ('Authorization: Digest username="a", realm="b, c"\nHost: x', "Authorization: Digest ***\nHost: x"),
    ("Set-Cookie: a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/", "Set-Cookie: ***"),
    ('"authorization": ["Basic dXNlcjpw"]', '"authorization": ["Basic ***"]'),
    ('"set-cookie": ["a=b", "c=d; Path=/, x"], "x": ["y"]', '"set-cookie": ["***", "***"], "x": ["y"]'),
    ("GET https://user:pass@host/x and ftp://me@there", "GET https://***@host/x and ftp://***@there"),
    ("postgres://u:p%40ss:w@host:5432/db", "postgres://***@host:5432/db"),
    ('auth: Some(Token("abc"))', 'auth: Some(Token("***"))'),
    ('User("me", Some("pw"))', 'User("me", Some("***"))'),
    ('{\\"access_token\\":\\"xyz\\"}', '{\\"access_token\\":\\"***\\"}'),
    ('{"password": "one, two} three", "n": 1}', '{"password": "***", "n": 1}'),
    ('{"password": "a\\"b", "n": 1}', '{"password": "***", "n": 1}'),
    ("{'password': 'one two', 'n': 1}", "{'password': '***', 'n': 1}"),
    ('{"pin_token": 1234}', '{"pin_token": ***}'),
    ('"password": String("one two")', '"password": String("***")'),
    ("/path?token=abc&x=1", "/path?token=***&x=1"),
    ("user=me&password=a+b%20c&x=1", "user=me&password=***&x=1"),
    ('{"token": [Some("abc"), Some("d e")]}', '{"token": [Some("***"), Some("***")]}'),
    ('["token", "abc"]', '["token", "***"]'),
    (
        '{ parameter: "token", expected: "a", actual: "[\\"b\\"]", mismatch: "c" }',
        '{ parameter: "token", expected: "***", actual: "***", mismatch: "c" }',
    ),
    (
        '{ path: "$.password", expected: Some(b"\\"a, b\\""), actual: None, mismatch: "c" }',
        '{ path: "$.password", expected: Some(b"***"), actual: None, mismatch: "c" }',
    ),
    (
        "Expected header 'X-Token' to have value 'a' but was 'b'",
        "Expected header 'X-Token' to have value '***' but was '***'",
    ),
    (
        "\x1b[1mSet-Cookie\x1b[0m\" with value \"\x1b[1msid=a; Expires=Wed, 21 Oct\x1b[0m\" (FAILED)",
        "\x1b[1mSet-Cookie\x1b[0m\" with value \"***\" (FAILED)",
    ),
    ("<user><password>abc d</password></user>", "<user><password>***</password></user>"),
    ("the token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2ln came", "the token *** came"),
    ("sent bearer abcdef-ghi here", "sent bearer *** here"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_secrets_in_a_text_of_unknown_structure(text: str, expected: str) -> None:
    assert redact(text) == expected
    assert redact(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "password: None",
        '"token": null',
        "comparing '/a' to '/a' ==> true",
        "invalid token in line 3",
        "the user resets a password and gets a mail",
        "GET http://localhost:1234/a@b?x=1",
        "<token/>",
        "",
    ],
)
def test_what_holds_no_secret_is_left(text: str) -> None:
    assert redact(text) == text


HEADERS = [
    ("Authorization", "Bearer abcdef", "Bearer ***(6 characters)"),
    ("Authorization", "a secret with blanks", "***(20 characters)"),
    ("Proxy-Authorization", 'Digest username="a", response="b"', "Digest ***(26 characters)"),
    ("Cookie", "a=b; c=defg", "a=***(1 character); c=***(4 characters)"),
    (
        "Set-Cookie",
        "sid=abc; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly, n=12; Secure",
        "sid=***(3 characters); Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly, n=***(2 characters); Secure",
    ),
    ("set-cookie", "only-a-value", "***(12 characters)"),
    ("X-Api-Key", "a b, c", "***(6 characters)"),
    ("Accept", "text/html, */*", "text/html, */*"),
    ("Location", "https://u:p@host/?token=abc", "https://***@host/?token=***"),
]


@pytest.mark.parametrize(("name", "value", "shown"), HEADERS)
def test_headers_keep_their_shape(name: str, value: str, shown: str) -> None:
    assert Redactor().header(name, value) == shown


BODIES = [
    (
        {"user": "me", "password": "a b", "deep": [{"api_key": "x"}, {"tokens": ["y", "zz"]}], "secret": {"a": 1}},
        {
            "user": "me",
            "password": "***(3 characters)",
            "deep": [{"api_key": "***(1 character)"}, {"tokens": ["***(1 character)", "***(2 characters)"]}],
            "secret": "***(8 characters)",
        },
    ),
    ('{"password": "a b", "n": 1}', '{"password": "***(3 characters)", "n": 1}'),
    ('{"n": 1}', '{"n": 1}'),
    ("user=me&password=a+b", "user=me&password=***(3 characters)"),
    ("<password>abc</password>", "<password>***</password>"),
    ({"password": None, "token": ""}, {"password": None, "token": ""}),
    ({"password": 1234}, {"password": "***(4 characters)"}),
    ([1, None, True, "x"], [1, None, True, "x"]),
]


@pytest.mark.parametrize(("body", "shown"), BODIES)
def test_bodies_keep_their_shape(body: object, shown: object) -> None:
    assert Redactor().body(body) == shown


def test_two_secrets_are_told_apart() -> None:
    expected = Redactor()
    assert expected.header("Cookie", "a=one; b=two") == "a=***(3 characters); b=***(3 characters)"
    received = Redactor(expected)
    assert received.header("Cookie", "a=one; b=six") == "a=***(3 characters); b=***(3 characters, differs)"


SECRET = 'p@ss w/örd&"1'


@pytest.mark.parametrize(
    "text",
    [
        f"the password {SECRET} is wrong",
        "http://u:p%40ss%20w%2F%C3%B6rd%26%221@host",
        "http://u:p%40ss%20w%2f%c3%b6rd%26%221@host",
        "password=p%40ss+w%2F%C3%B6rd%26%221",
        json.dumps({"said": SECRET}),
        json.dumps({"said": SECRET}, ensure_ascii=False),
    ],
)
def test_a_known_secret_is_found_however_it_is_written(text: str) -> None:
    hidden = hide(text, SECRET)
    assert "***" in hidden and "ss" not in hidden.replace("password", "")


def test_a_log_hides_later_what_it_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", {})
    redact_log('headers: Some({"authorization": ["Digest user=\\"me\\", hash=\\"one two\\""]})')
    said = "comparing 'Digest user=\"me\",hash=\"one two\"' to 'x'"
    assert redact_log(said) == "comparing 'Digest ***' to 'x'"
    redact_log('called value={"value": "hunter2"}')
    redact_log('from_integration_json_v2 called value={"value": "hunter2"} path=$.token category=query')
    assert redact_log("comparing 'hunter2' to 'hunter3'") == "comparing '***' to 'hunter3'"
    for number in range(1000):
        redact_log(f"token=value{number:09}")
    assert len(redaction._known) <= 100


LONG = {
    "base64": b64encode(bytes(range(256)) * 900).decode(),
    "one letter": "A" * 300_000,
    "names": "token" * 60_000,
    "assignments": "token: " * 43_000,
    "quoted names": "'token" * 50_000,
    "comparisons": '"token", expected: "' * 15_000,
    "addresses": "://" * 100_000,
    "tokens": "eyJ" * 100_000,
    "schemes": "bearer " * 43_000,
    "backslashes": "\\" * 300_000,
    "escaped quotes": 'secret api_key=\\\\\\"x' * 15_000,
    "lists": '"token": ["a", ' * 20_000,
    "tags": "token>" * 50_000,
    "logins": 'user("' * 50_000,
    "digests": "digest a=b, " * 25_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("function", [redact, redact_log])
def test_the_time_grows_with_the_length_alone(text: str, function) -> None:
    """A tenth of a text takes a tenth of the time; whatever grows with the square would take a hundredth."""

    def seconds(text: str) -> float:
        start = time.process_time()
        function(text)
        return time.process_time() - start

    whole = min(seconds(text) for _ in range(2))
    assert whole < 5
    assert whole < 40 * (min(seconds(text[: len(text) // 10]) for _ in range(3)) + 0.002)
