"""Kinds of secrets times places where they might be seen: reports, logs, exceptions, representations, HTML."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each is what a client sends: headers, query, body, its content type. MARK becomes the secret.
KINDS = {
    "bearer": {"headers": {"Authorization": "Bearer MARK.x-y"}},
    "basic": {"headers": {"Authorization": "Basic MARK=="}},
    "digest with commas": {"headers": {"Authorization": 'Digest username="u", response="MARK, two", opaque="MARK"'}},
    "blanks": {"headers": {"Authorization": "one MARK three"}},
    "proxy": {"headers": {"Proxy-Authorization": "Bearer MARK"}},
    "cookies": {"headers": {"Cookie": "a=MARK; b=MARK2"}},
    "api key": {"headers": {"X-Api-Key": "MARK, MARK2"}},
    "token header": {"headers": {"X-Auth-Token": "MARK"}},
    "query": {"query": {"access_token": "MARK one"}},
    "query twice": {"query": {"api_key": ["MARK", "MARK2"]}},
    "JSON": {"body": {"user": "u", "password": "MARK, with blanks"}},
    "deep JSON": {"body": {"a": [{"client_secret": "MARK", "n": 1}], "credentials": {"key": "MARK"}}},
    "quotes in JSON": {"body": {"token": 'MARK "quoted" \\ {x}'}},
    "form": {"body": "user=u&password=MARK+one", "type": "application/x-www-form-urlencoded"},
    "XML": {"body": "<a><password>MARK</password></a>", "type": "application/xml"},
    "text": {"body": "the password=MARK of https://u:MARK@host/", "type": "text/plain"},
    "AWS signature": {
        "headers": {
            "Authorization": "AWS4-HMAC-SHA256 Credential=A/B, SignedHeaders=host, Signature=MARK",
            "X-Amz-Security-Token": "MARK",
        }
    },
    "negotiate": {"headers": {"Authorization": "Negotiate MARK=="}},
    "odd cookies": {"headers": {"Cookie": "path=MARK;b=MARK2; MARK3; domain=MARK"}},
    "names of keys": {
        "headers": {"apikey": "MARK", "Ocp-Apim-Subscription-Key": "MARK", "X-Hub-Signature-256": "MARK"}
    },
    "address in a header": {"headers": {"Referer": "https://host/?code_verifier=MARK&sig=MARK#access_token=MARK"}},
    "signed query": {"query": {"X-Amz-Signature": "MARK", "X-Amz-Credential": "MARK", "sig": "MARK"}},
    "address in a query": {"query": {"next": "https://host/login?token=MARK&a=1"}},
    "JSON in a query": {"query": {"filter": '{"password": "MARK"}'}},
    "path": {"path": "/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.MARK"},
    "path parameter": {"path": "/x;jsessionid=MARK"},
    "path segment": {"path": "/reset-password/MARK0123456789abcdef"},
    "short names": {"body": {"pin": "MARK", "pass": "MARK", "otp": "MARK", "user": {"pw": "MARK"}, "cvv": "MARK"}},
    "camel case": {"body": {"refreshToken": "MARK", "secretKey": "MARK", "userPass": "MARK", "newPassword": "MARK"}},
    "other languages": {"body": {"Passwort": "MARK", "contraseña": "MARK", "пароль": "MARK", "密码": "MARK"}},
    "names that look alike": {"body": {"p\u0430ssword": "MARK", "pass\u200bword": "MARK", "\uff50assword": "MARK"}},
    "JSON in JSON": {"body": {"payload": '{"inner": "{\\"password\\": \\"MARK\\"}", "token": "MARK"}'}},
    "GraphQL": {
        "body": {"query": 'mutation { login(user: "u", password: "MARK") { id } }', "variables": {"pin": "MARK"}}
    },
    "private key": {"body": {"pem": "-----BEGIN EC PRIVATE KEY-----\nMARK\n-----END EC PRIVATE KEY-----\n"}},
    "addresses of databases": {"body": {"urls": ["postgresql+psycopg://u:MA/RKMARK@db/x", "redis://:MARK@host", "a"]}},
    "a shell's text": {
        "body": "mysql --password MARK; curl -u me:MARK https://host; export API_KEY=MARK",
        "type": "text/plain",
    },
    "keys that say what they are": {"body": {"note": "ghp_MARK0123456789abcdef0123456789abcdef"}},
    "JSON web token in JSON": {"body": {"jwt_or_so": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.MARK"]}},
    "XML attributes": {
        "body": '<a><login name="u" password="MARK"/><x token=\'MARK\'>y</x></a>',
        "type": "application/xml",
    },
    "XML in XML": {"body": "<a><credentials><id>MARK</id></credentials></a>", "type": "application/xml"},
    "CDATA": {"body": "<a><password><![CDATA[MARK]]></password></a>", "type": "application/xml"},
    "SOAP": {"body": '<a><w:Password xmlns:w="urn:w" Type="t">MARK</w:Password></a>', "type": "text/xml"},
    "form in a form": {
        "body": "a=1&back=https%3A%2F%2Fh%2F%3Ftoken%3DMARK&pin=MARK",
        "type": "application/x-www-form-urlencoded",
    },
    "multipart": {
        "body": '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nMARK\r\n--b--\r\n',
        "type": "multipart/form-data; boundary=b",
    },
    "deep": {"body": [[[[[[{"a": {"b": {"c": [{"client_secret": "MARK"}]}}}]]]]]]},
}
RESPONSES = {
    "set-cookie": {"headers": {"Set-Cookie": "sid=MARK; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly"}},
    "JSON response": {"body": {"id": 1, "access_token": "MARK two"}},
    "location": {"headers": {"Location": "https://u:MARK@host/?token=MARK"}},
    "deep response": {"body": {"items": [{"credentials": {"key": "MARK"}, "pin": 1}], "private_key": "MARK"}},
    "an error page": {
        "status": 500,
        "body": {"error": "could not connect to postgres://u:MARK@db", "env": "API_KEY=MARK"},
    },
}
PROGRAM = """
    import io, json, logging, sys, traceback
    heard = io.StringIO()
    logging.basicConfig(level=logging.DEBUG, stream=heard)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    from pathlib import Path
    import requests
    from pact import Pact, Verifier
    from pact.error import PactError
    from pact_ffi.provider.report import records_of
    from pact_ffi.provider.publishing import test_results
    from pact_ffi.reporting.html import write_report

    def secret(value, mark):
        return json.loads(json.dumps(value).replace("MARK", mark))

    def collected(name, error, more, html, properties):
        write_report(Path("report.html"), html, {})
        places = {"exception": str(error), "repr": repr(error) + more, "html": Path("report.html").read_text(),
                  "log": heard.getvalue(), "properties": properties,
                  "traceback": "".join(traceback.format_exception_only(type(error), error))}
        heard.seek(0)
        heard.truncate()
        return {name: places}

    def consumer(name, kind, way):
        pact = Pact("c", "p")
        asked = secret(kind, "S3CRETone")
        interaction = pact.upon_receiving("r").with_request("POST", f"/a{asked.get('path', '')}")
        interaction.with_headers(asked.get("headers", {}))
        if "query" in asked:
            interaction.with_query_parameters(asked["query"])
        if "body" in asked:
            interaction.with_body(asked["body"], asked.get("type"))
        interaction.will_respond_with(200)
        sent = secret(kind, "S3CRETtwo")
        body = sent.get("body", "")
        body = body if isinstance(body, str) else json.dumps(body)
        headers = {**sent.get("headers", {}), "Content-Type": sent.get("type", "application/json")}
        try:
            with pact.serve() as server:
                path = ("/a" if way == "differs" else "/b") + sent.get("path", "")
                requests.post(f"{server.url}{path}", params=sent.get("query"), data=body,
                              headers=headers)
        except PactError as error:
            record = {"side": "consumer", "consumer": "c", "provider": "p", "text": pact.text(), "test": "t",
                      "outcome": "failed", "report": server.report()}
            reprs = repr(server.mismatches) + str(server.mismatches) + repr(pact.interactions())
            return collected(f"{name}, {way}", error, reprs, [record], f"logs: {server.logs}")
        raise SystemExit(f"{name}: nothing differed")

    def provider(name, kind):
        pact = Pact("c", "p")
        expected = secret(kind, "S3CRETone")
        interaction = pact.upon_receiving("r").with_request("GET", "/a").will_respond_with(200)
        interaction.with_headers(expected.get("headers", {}))
        if "body" in expected:
            interaction.with_body(expected["body"])
        folder = Path(name)
        pact.write_file(folder)
        answer = secret(kind, "S3CRETtwo")

        def app(environ, start_response):
            headers = [("Content-Type", "application/json"), *answer.get("headers", {}).items()]
            start_response(f"{answer.get('status', 200)} OK", headers)
            return [json.dumps(answer.get("body", {})).encode()]

        verifier = Verifier("p").add_source(folder).app(app)
        try:
            verifier.verify()
        except PactError as error:
            content = json.loads(next(folder.glob("*.json")).read_text())["interactions"][0]
            html = [{**record, "content": content, "test": "t"} for record in records_of(verifier.result)]
            more = [verifier.output(), verifier.logs, json.dumps(verifier.results), list(test_results(verifier.result))]
            return collected(name, error, repr(verifier.result), html, str(more))
        raise SystemExit(f"{name}: nothing differed")

    kinds, responses = json.loads(sys.argv[1])
    found = {}
    for name, kind in kinds.items():
        for way in ("differs", "unexpected"):
            found |= consumer(name, kind, way)
    for name, kind in responses.items():
        found |= provider(name, kind)
    print(json.dumps(found))
"""
NAMES = [f"{name}, {way}" for name in KINDS for way in ("differs", "unexpected")] + list(RESPONSES)
PLACES = ("exception", "traceback", "repr", "html", "log", "properties")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What each place says of each kind; one process for all."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(PROGRAM), json.dumps([KINDS, RESPONSES])]
    folder = tmp_path_factory.mktemp("secrets")
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", NAMES)
def test_no_secret_of_any_kind_is_in_any_place(told: dict[str, dict[str, str]], name: str, place: str) -> None:
    text = told[name][place]
    assert text
    at = text.find("S3CRET")
    assert at < 0, text[max(0, at - 300) : at + 100]


@pytest.mark.parametrize("name", [name for name in NAMES if "unexpected" not in name])
def test_what_is_hidden_keeps_its_shape_and_says_that_it_differs(told: dict[str, dict[str, str]], name: str) -> None:
    text = told[name]["exception"]
    assert "***" in text and ("differs" in text or name == "an error page")


def test_cookies_keep_names_and_attributes(told: dict[str, dict[str, str]]) -> None:
    shown = "sid=***(9 characters, differs); Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly"
    assert f"+ received: {shown}" in told["set-cookie"]["exception"]
