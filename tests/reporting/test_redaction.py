"""Secrets of every kind, in every form in which they are written: hidden, and what stands around them is left."""

from __future__ import annotations

import json
import time
from base64 import b64encode

import pytest

from pact_ffi.reporting import scan
from pact_ffi.reporting.redaction import Redactor, hide
from pact_ffi.reporting.scan import redact, redact_log
from pact_ffi.reporting.secret_names import is_secret

NAMES = (
    "Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key api_key apiKey X-Auth-Token access_token accessToken"
    " token password Password passwd pwd passphrase user_password password_confirmation client_secret clientSecret"
    " secret secret_key access-key private_key credentials session_id sessionid SESSIONID jwt"
    " auth X-Auth user[password]"
    " X-Amz-Security-Token X-Amz-Signature X-Amz-Credential X-Hub-Signature-256 apikey ApiKey APIKEY refresh_token"
    " privateKey signingKey encryption_key master-key AccountKey SharedAccessKey Ocp-Apim-Subscription-Key X-Auth-Key"
    " x-functions-key webhook_secret license_key PHPSESSID JSESSIONID connect.sid sid sig signature hmac csrf"
    " XSRF-TOKEN csrfmiddlewaretoken pin PIN pinCode card_pin pass userPass db_pass pw otp totp smsOtp cvv cvc"
    " card_number passcode client_assertion SAMLResponse code_verifier verification_code recoveryCodes securityAnswer"
    " user[pin] password2 newPassword password_hash Passwort Kennwort contraseña motDePasse wachtwoord senha пароль"
    " 密码 パスワード"
    " p\u0430ssword \uff50\uff41\uff53\uff53word pass\u200bword t\u043eken"
).split(" ")
PLAIN = (
    "Accept author authority keys monkey tokenizer secretary passenger cookiecutter compass Content-Type id"
    " tokens_used token_count token_type tokenExpiresAt token_endpoint pinned pinnedAt pinterest spin pin_count map_pin"
    " authors passengers passing bypass boarding_pass password_reset_at passwordChangedAt password_policy secretName"
    " cookies_accepted cookieConsent keyboard key keyId api_key_id public_key primary_key sort_key cache_key turkey"
    " Idempotency-Key session_count sessions session_duration auth_method authenticated authorizedAt authType"
    " signature_algorithm design assign signal significant opinion shopping shipping postcode zipcode code promo_code"
    " country_code status_code certificate discretion hotpot laptop basalt sigma insight sidebar inside config"
).split(" ")


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
    (
        "-----BEGIN RSA PRIVATE KEY-----\nab/+\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----",
    ),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nab", "-----BEGIN OPENSSH PRIVATE KEY-----***"),
    ('{"k": "-----BEGIN PRIVATE KEY-----\\nab"}', '{"k": "-----BEGIN PRIVATE KEY-----***"}'),
    ("an eyJhbGciOiJSU0EifQ.aa.bb.cc.dd here", "an *** here"),
    ("https://s3/x?X-Amz-Date=1&X-Amz-Signature=ab&X-Amz-Expires=2", "https://s3/x?X-Amz-Date=1&X-Amz-Signature=***&X-Amz-Expires=2"),
    ("https://x/c?sv=2020&sig=ab%3D&se=2", "https://x/c?sv=2020&sig=***&se=2"),
    ("https://x/cb#access_token=ab&state=1", "https://x/cb#access_token=***&state=1"),
    ("?next=https%3A%2F%2Fx%2F%3Ftoken%3Dabc%26a%3Db", "?next=https%3A%2F%2Fx%2F%3Ftoken%3D***%26a%3Db"),
    ("data=%7B%22password%22%3A%22abc%22%7D", "data=%7B%22password%22%3A%22***%22%7D"),
    ("postgres://u:pa/ss@host:5432/db", "postgres://***@host:5432/db"),
    ("redis://:ab@host/0", "redis://***@host/0"),
    ("mongodb+srv://u:p@h/?a=b", "mongodb+srv://***@h/?a=b"),
    ("Driver={X};Uid=u;Pwd=ab;Port=1", "Driver={X};Uid=u;Pwd=***;Port=1"),
    ("Endpoint=x;AccountKey=ab==;Suffix=y", "Endpoint=x;AccountKey=***;Suffix=y"),
    ("host=db password=ab,cd dbname=x", "host=db password=*** dbname=x"),
    ("Config(user='u', password='ab', host='x')", "Config(user='u', password='***', host='x')"),
    ("{b'password': b'ab'}", "{b'password': b'***'}"),
    ('Password("ab")', 'Password("***")'),
    ("Key (token)=(ab) already exists", "Key (token)=(***) already exists"),
    (
        "[SQL: INSERT INTO u (name, password)]\n[parameters: ('a', 'b')]\n(more)",
        "[SQL: INSERT INTO u (name, password)]\n[parameters: ***]\n(more)",
    ),
    ("[SQL: INSERT INTO u (name)]\n[parameters: ('a',)]", "[SQL: INSERT INTO u (name)]\n[parameters: ('a',)]"),
    ("mysql --password abc -h x", "mysql --password *** -h x"),
    ("['mysql', '--password', 'abc']", "['mysql', '--password', '***']"),
    ("curl -u me:abc https://x", "curl -u me:*** https://x"),
    ('<user password="ab" name="c"/>', '<user password="***" name="c"/>'),
    ("<w:Password Type='#T'>ab</w:Password>", "<w:Password Type='#T'>***</w:Password>"),
    ("<password><![CDATA[a]b<]]></password>", "<password>***</password>"),
    ("<credentials><id>ab</id></credentials><n>1</n>", "<credentials>***</credentials><n>1</n>"),
    ("<td>password&quot;: &quot;ab&quot;</td>", "<td>password&quot;: &quot;***&quot;</td>"),
    ("{&#x27;token&#x27;: &#x27;ab&#x27;}", "{&#x27;token&#x27;: &#x27;***&#x27;}"),
    ('--b\r\nA: b; name="password"\r\n\r\na\nb\r\n--b--', '--b\r\nA: b; name="password"\r\n\r\n***\r\n--b--'),
    ('name="api_key"\nContent-Type: text/plain\n\nab\n--b', 'name="api_key"\nContent-Type: text/plain\n\n***\n--b'),
    ('login(user: "a", pin: "12")', 'login(user: "a", pin: "***")'),
    ("ghp_0123456789abcdef0123456789 and xoxb-1234567890-abcdefgh", "*** and ***"),
    ("https://hooks.slack.com/services/T0/B0/abc", "https://hooks.slack.com/services/***"),
    ("/reset-password/0123456789abcdef01/x", "/reset-password/***/x"),
    ("X-Hub-Signature-256: sha256=ab", "X-Hub-Signature-256: ***"),
    ("GET /x;jsessionid=ab came", "GET /x;jsessionid=*** came"),
    ("pin=1234&spin=5", "pin=***&spin=5"),
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
        "expected <token> here, or a token",
        "the second pass: 3 items",
        "max_tokens=5, total_tokens: 7",
        '"usage": {"total_tokens": 5, "tokens_used": 3}',
        "the author: me, the authority: x, pinned: yes, passenger: 2, spin=3, boarding_pass=A1",
        "GET /api/tokens/42",
        "password_reset_at: 2026-01-01",
        "https://host:8080/a:b@c",
        "-u user",
        "key=value, public_key=abc, sort_key=b",
        "a pin",
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
    ("Cookie", "path=ab;c=d; x; domain=e", "path=***(6 characters); ***(1 character); domain=***(1 character)"),
    ("Set-Cookie", "secure=ab; secure; Comment=c", "secure=***(2 characters); secure; Comment=***(1 character)"),
    ("set-cookie", "domain=ab, path=cd; Path=/", "domain=***(2 characters), path=***(2 characters); Path=/"),
    ("Authorization", "Token token=ab", "Token ***(8 characters)"),
    ("authorization", "AWS4-HMAC-SHA256 Credential=A/B, Signature=c", "AWS4-HMAC-SHA256 ***(27 characters)"),
    ("WWW-Authenticate", 'Basic realm="shop"', 'Basic realm="shop"'),
    ("X-Total-Tokens", "5", "5"),
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
    (
        {"has_password": True, "token": False, "tokens_used": 5},
        {"has_password": True, "token": False, "tokens_used": 5},
    ),
    ({"usage": {"total_tokens": 5, "tokens": [1, 2.5]}}, {"usage": {"total_tokens": 5, "tokens": [1, 2.5]}}),
    ({"pin": 1234, "pinned": 1, "passes": 2}, {"pin": "***(4 characters)", "pinned": 1, "passes": 2}),
    ('  {"password": "ab"}', '{"password": "***(2 characters)"}'),
    ('\ufeff{"password": "ab"}', '\ufeff{"password": "***"}'),
    ('{"pass\\u0077ord": "ab"}', '{"password": "***(2 characters)"}'),
    ('{"password": "ab", "password": ""}', '{"password": "***", "password": ""}'),
    ('{"a": "{\\"token\\": \\"b\\"}"}', '{"a": "{\\"token\\": \\"***(1 character)\\"}"}'),
    ('{"password": "ab"}\n{"token": "cd"}', '{"password": "***"}\n{"token": "***"}'),
    ("a=1&back=https%3A%2F%2Fh%2F%3Ftoken%3Dab", "a=1&back=https%3A%2F%2Fh%2F%3Ftoken%3D***(2 characters)"),
    ("postgres://u:ab@h/?a=b", "postgres://***@h/?a=b"),
    ("[" * 100_000, "[" * 100_000),
]


@pytest.mark.parametrize(("body", "shown"), BODIES)
def test_bodies_keep_their_shape(body: object, shown: object) -> None:
    assert Redactor().body(body) == shown


def test_what_is_nested_too_deeply_to_be_shown_is_hidden() -> None:
    body: object = {"password": "ab"}
    for _ in range(5_000):
        body = {"a": [body]}
    shown = json.dumps(Redactor().body(body))
    assert "***(nested too deeply to be shown)" in shown and "ab" not in shown
    text = '{"a": [' * 450 + '{"password": "ab"}' + "]}" * 450
    assert "ab" not in Redactor().body(text) and "***" in Redactor().body(text)


def test_a_short_secret_is_hidden_as_a_word_only() -> None:
    assert hide("expected a but was b: a", "a") == "expected *** but was b: ***"


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
    monkeypatch.setattr(scan, "_known", {})
    redact_log('headers: Some({"authorization": ["Digest user=\\"me\\", hash=\\"one two\\""]})')
    said = "comparing 'Digest user=\"me\",hash=\"one two\"' to 'x'"
    assert redact_log(said) == "comparing 'Digest ***' to 'x'"
    redact_log('called value={"value": "hunter2"}')
    redact_log('from_integration_json_v2 called value={"value": "hunter2"} path=$.token category=query')
    assert redact_log("comparing 'hunter2' to 'hunter3'") == "comparing '***' to 'hunter3'"
    for number in range(1000):
        redact_log(f"token=value{number:09}")
    assert len(scan._known) <= 100


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
    "elements": "<token>" * 43_000,
    "other elements": "".join(f"<token{n}token>" for n in range(20_000)),
    "keys": "-----BEGIN PRIVATE KEY-----" * 11_000,
    "parts": 'name="token"\r\n' * 20_000,
    "users": "x://a:b" * 40_000,
    "segments": "token/" * 50_000,
    "flags": "--token " * 37_000,
    "pins": "pin" * 100_000,
    "parameters": "token [parameters: " * 15_000,
    "percents": "token%3D" * 37_000,
    "commas": "token=" + "a," * 150_000,
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
