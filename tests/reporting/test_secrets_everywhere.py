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
}
RESPONSES = {
    "set-cookie": {"headers": {"Set-Cookie": "sid=MARK; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly"}},
    "JSON response": {"body": {"id": 1, "access_token": "MARK two"}},
    "location": {"headers": {"Location": "https://u:MARK@host/?token=MARK"}},
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
    from pact_ffi.reporting.html import write_report

    def secret(value, mark):
        return json.loads(json.dumps(value).replace("MARK", mark))

    def collected(name, error, more, html):
        write_report(Path("report.html"), html, {})
        places = {"exception": str(error), "repr": repr(error) + more, "html": Path("report.html").read_text(),
                  "log": heard.getvalue(), "traceback": "".join(traceback.format_exception_only(type(error), error))}
        heard.seek(0)
        heard.truncate()
        return {name: places}

    def consumer(name, kind, way):
        pact = Pact("c", "p")
        asked = secret(kind, "S3CRETone")
        interaction = pact.upon_receiving("r").with_request("POST", "/a").with_headers(asked.get("headers", {}))
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
                requests.post(f"{server.url}/{'a' if way == 'differs' else 'b'}", params=sent.get("query"), data=body,
                              headers=headers)
        except PactError as error:
            record = {"side": "consumer", "consumer": "c", "provider": "p", "text": pact.text(), "test": "t",
                      "outcome": "failed", "report": server.report()}
            return collected(f"{name}, {way}", error, repr(server.mismatches) + str(server.mismatches), [record])
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
            start_response("200 OK", headers)
            return [json.dumps(answer.get("body", {})).encode()]

        verifier = Verifier("p").add_source(folder).app(app)
        try:
            verifier.verify()
        except PactError as error:
            content = json.loads(next(folder.glob("*.json")).read_text())["interactions"][0]
            html = [{**record, "content": content, "test": "t"} for record in records_of(verifier.result)]
            return collected(name, error, repr(verifier.result.interactions) + verifier.output(), html)
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
PLACES = ("exception", "traceback", "repr", "html", "log")


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
    assert "***" in text and ("differs" in text or name.partition(",")[0] in ("XML", "text", "location"))


def test_cookies_keep_names_and_attributes(told: dict[str, dict[str, str]]) -> None:
    shown = "sid=***(9 characters, differs); Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly"
    assert f"+ received: {shown}" in told["set-cookie"]["exception"]
