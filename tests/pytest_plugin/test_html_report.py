"""The HTML report: what it tells, what it hides, and how it looks in a browser, light, dark and on a phone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.reporting.html import write_report

from .browser import look
from .conftest import Suite, http_interaction
from .test_provider_tests import PROVIDER

pytest_plugins = ["pytester"]
TESTS = """
    def test_good(consumer_pact, pact_server):
        customer(consumer_pact, 1)
        get(pact_server, "/customers/1")

    def test_another_id(consumer_pact, pact_server):
        request = consumer_pact.upon_receiving("a request for <b>customer</b> & co").given("<i>paid</i>")
        request.with_request("POST", "/customers?a=b").with_body({"id": 2, "name": "x" * 300})
        request.with_header("Authorization", "Bearer s3cret-of-the-consumer").will_respond_with(201)
        connection = http.client.HTTPConnection("localhost", pact_server.port)
        body = json.dumps({"id": 3, "name": "y" * 300})
        headers = {"Authorization": "Bearer an0ther-s3cret", "Content-Type": "application/json"}
        connection.request("POST", "/customers?a=b", body=body, headers=headers)
        connection.getresponse().read()

    def test_event(consumer_pact):
        event = consumer_pact.upon_receiving("a customer has moved", "Async").given("a customer")
        event.with_body({"id": 1, "password": "hunter2"}).with_metadata({"topic": "customers"})
        consumer_pact.verify(lambda body, metadata: None, "Async")
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report") / "report.html"


@pytest.fixture
def report(suite: Suite, kept: Path) -> str:
    """The report of a consumer's and a provider's tests, of which some failed; made once."""
    if not kept.exists():
        suite.file("test_consumer.py", TESTS)
        suite.file("test_provider.py", PROVIDER, consumer=False)
        suite.pact(http_interaction(1), http_interaction(100), http_interaction(101, pending=True))
        suite.run(f"--pact-report={kept}").assert_outcomes(passed=3, failed=2, xfailed=1)
    return kept.read_text(encoding="utf-8")


def test_it_tells_who_expects_what_and_what_differed(report: str, tmp_path: Path) -> None:
    text = look(report, tmp_path, "page", 1280, 6000, dark=False).facts["text"]
    for words in (
        "billing-service → customer-service",
        "BillingService → CustomerService",
        "2 failed · 1 pending · 3 passed",
        "a request for <b>customer</b> & co — given <i>paid</i>",
        "POST /customers?a=b",
        "- expected: 2",
        "+ received: 3",
        "a request for customer 100 [customer 100 exists]",
        "run\n",
        "core\n",
        "pytest\n",
        "test_provider.py::test_contract[BillingService: a request for customer 100 [customer 100 exists]]",
        "body $.id: Expected '?' (String) to be equal to 100 (Integer)",
    ):
        assert words in text
    assert "hunter2" not in report and "s3cret" not in report


def test_what_passed_is_there_when_it_is_opened(report: str, tmp_path: Path) -> None:
    opened = re.sub(r"(<details [^>]*?)(?: open)?>", r"\1 open>", report)
    assert opened != report
    text = look(opened, tmp_path, "opened", 1280, 6000, dark=False).facts["text"]
    assert "GET /customers/1\n" in text and '{\n  "id": 1\n}' in text
    assert "a customer has moved — given a customer" in text and "topic: customers" in text
    assert '"password": "***(7 characters)"' in text and "Authorization: Bearer ***(" in text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)], ids=["desk", "phone"])
def test_it_fits_the_screen_and_can_be_read(report: str, tmp_path: Path, width: int, height: int, dark: bool) -> None:
    opened = re.sub(r"(<details [^>]*?)(?: open)?>", r"\1 open>", report)
    seen = look(opened, tmp_path, "page", width, height, dark=dark)
    facts = seen.facts
    assert facts["width"] == width and facts["scrolls"] <= width and facts["widest"] <= width
    assert facts["clipped"] == []
    assert (_luminance(facts["back"]) < 0.1) is dark
    assert min(_contrast(*pair) for pair in facts["colours"]) >= 4.5
    assert min(facts["sizes"]) >= 12
    assert seen.picture.stat().st_size > 10_000


def test_nothing_is_loaded_and_only_its_own_script_may_run(report: str, tmp_path: Path) -> None:
    facts = look(report, tmp_path, "page", 1280, 900, dark=False).facts
    assert facts["loaded"] == [] and facts["scripts"] == 1 and facts["title"] == "Pact report: failed"
    assert not re.search(r"(?i)https?:|<script .|<link|<img|@import|url\(|\son\w+=", report)
    script = re.search(r"<script>(.*)</script>", report, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in report


def test_hostile_names_stay_text(suite: Suite, tmp_path: Path) -> None:
    evil = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>\"'&{}"
    interaction = http_interaction(100, description=evil, providerStates=[{"name": evil}])
    suite.pact(interaction, consumer="</title><script>", file="evil")
    suite.file("test_provider.py", PROVIDER, consumer=False)
    assert suite.run("--pact-report=report.html").ret == 1
    page = (suite.path / "report.html").read_text(encoding="utf-8")
    facts = look(page, tmp_path, "page", 360, 740, dark=False).facts
    assert facts["title"] == "Pact report: failed" and facts["scripts"] == 1 and facts["loaded"] == []
    assert "<img src=x onerror=alert(1)>" in facts["text"] and facts["scrolls"] <= 360


def test_a_pact_that_the_core_cannot_read_is_told_of(suite: Suite) -> None:
    rules = {"body": {"$.id[": {"combine": "AND", "matchers": [{"match": "type"}]}}}  # a path without its end
    suite.pact(http_interaction(1, response={"status": 200, "matchingRules": rules}))
    suite.file("test_provider.py", PROVIDER, consumer=False)
    result = suite.run("--pact-report=report.html")
    result.assert_outcomes(failed=1)
    assert "provider CustomerService verified: 1 failed" in result.stdout.str()
    assert "Failed to load pact" in (suite.path / "report.html").read_text()


def test_a_run_without_contracts_has_a_report_too(suite: Suite) -> None:
    suite.file("test_it.py", "def test_it(): pass\n", consumer=False)
    assert suite.run("--pact-report=out/report.html").ret == 0
    assert "No contract was tested." in (suite.path / "out/report.html").read_text()


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 has it."""
    parts = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def records(number: int, **changes: Any) -> list[dict[str, Any]]:
    """What a run of that many provider's tests found, of which some failed."""
    rules = {
        "body": {"$.id": {"matchers": [{"match": "integer"}]}},
        "header": {"X": {"matchers": [{"match": "regex", "regex": "a+"}]}},
    }
    outcomes = ("passed", "passed", "failed", "pending", "skipped")
    reports = {
        "failed": "body $.id: Expected '{n}' (String) to be an integer\n  - expected: {n}\n  + received: \"{n}\"",
        "pending": "status: expected 200 but was 500",
    }
    return [
        {
            "side": "provider",
            "consumer": "shop",
            "provider": "orders",
            "test": f"test_it.py::test_it[{n}]",
            "title": f"order {n}",
            "outcome": outcomes[n % 5],
            "report": reports.get(outcomes[n % 5], "").format(n=n),
            "duration": n / 1000,
            "content": {
                "description": f"order {n}",
                "providerStates": [{"name": "an order", "params": {"id": n, "token": "s3cret"}}],
                "request": {"method": "GET", "path": f"/orders/{n}", "query": {"api_key": ["s3cret"]}},
                "response": {"status": 200, "body": {"id": n, "password": "s3cret"}, "matchingRules": rules},
            },
            **changes,
        }
        for n in range(number)
    ]


def written(path: Path, found: list[dict[str, Any]], **facts: object) -> str:
    write_report(path / "report.html", found, facts)
    return (path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("act", "shown", "said"),
    [
        ("", 20, ""),
        ("view.document.querySelector('[value=failed]').click()", 4, "4 of 20 shown"),
        ("view.document.querySelector('[value=pending]').click()", 4, "4 of 20 shown"),
        (
            "const box = view.document.querySelector('[type=search]'); box.value = 'ORDER 13';"
            "box.dispatchEvent(new view.Event('input', {bubbles: true}))",
            1,
            "1 of 20 shown",
        ),
        (
            "view.document.body.dispatchEvent(new view.KeyboardEvent('keydown', {key: '/', bubbles: true}));"
            "view.document.activeElement.value = '/orders/7 GET';"
            "view.document.activeElement.dispatchEvent(new view.Event('input', {bubbles: true}))",
            1,
            "1 of 20 shown",
        ),
    ],
    ids=["all", "failed", "pending", "text", "keyboard"],
)
def test_it_is_filtered_by_outcome_and_text(tmp_path: Path, act: str, shown: int, said: str) -> None:
    facts = look(written(tmp_path, records(20)), tmp_path, "page", 1280, 900, dark=False, act=act).facts
    assert (facts["shown"], facts["said"]) == (shown, said)


def test_failures_come_first_with_rules_states_and_facts(tmp_path: Path) -> None:
    page = written(tmp_path, records(10), run="today", commit="abc<1>")
    order = re.findall(r'data-outcome="(\w+)"', page)
    assert order == ["failed"] * 2 + ["pending"] * 2 + ["skipped"] * 2 + ["passed"] * 4
    assert "<dt>commit</dt><dd>abc&lt;1&gt;</dd>" in page
    assert "body $.id: integer" in page and "header X: regex &quot;a+&quot;" in page
    assert 'to be an integer\n<span class="rule">    rule: integer</span>\n' in page
    assert "given an order (id=2, token=&quot;***(6 characters)&quot;)" in page
    assert "s3cret" not in page
    assert page.count("<details") == page.count("</details>") == page.count("<summary>") == 10


def test_a_reader_sees_at_once_what_failed_most_and_why_without_opening_it(tmp_path: Path) -> None:
    page = written(tmp_path, records(40))
    facts = look(page, tmp_path, "page", 1280, 900, dark=False).facts
    assert "8 × body $.id: Expected … (String) to be an integer" in facts["text"]
    assert "8 × status: expected 200 but was 500" in facts["text"]
    assert "Pending: it failed, and does not fail the run yet." in facts["text"]
    assert re.search(r"tests took\s*780 ms", facts["text"])
    assert " open" not in re.findall(r"<details [^>]*>", page)[0]  # of many, the list is what one wants to see
    assert re.search(r"failed\s*order 37 37 ms\s*body \$\.id: Expected '37' \(String\) to be an integer", facts["text"])
    few = written(tmp_path, records(20))
    assert few.count(" open>") == 4 and "Pending:" not in written(tmp_path, records(2))


ACTS = {
    "most frequent": ("view.document.querySelector('nav button').click()", {"said": "4 of 20 shown"}),
    "open all": ("view.document.querySelector('[name=open]').click()", {"opens": 20}),
    "close all": ("view.document.querySelector('[name=close]').click()", {"opens": 0}),
    "open what is shown": (
        "view.document.querySelector('[name=close]').click();view.document.querySelector('[value=passed]').click();"
        "view.document.querySelector('[name=open]').click()",
        {"opens": 8},
    ),
    "print": ("view.dispatchEvent(new view.Event('beforeprint'))", {"opens": 20}),
    "after print": (
        "for (const when of ['beforeprint', 'afterprint']) view.dispatchEvent(new view.Event(when))",
        {"opens": 4},
    ),
    "a link": (
        "view.location.hash = view.document.querySelector('#t1 a').hash;"
        "view.dispatchEvent(new view.Event('hashchange'))",
        {"opens": 5},
    ),
}


@pytest.mark.parametrize(("act", "seen"), ACTS.values(), ids=list(ACTS))
def test_it_opens_and_closes(tmp_path: Path, act: str, seen: dict[str, Any]) -> None:
    facts = look(written(tmp_path, records(20)), tmp_path, "page", 1280, 900, dark=False, act=act).facts
    assert {name: facts[name] for name in seen} == seen


def test_a_screen_reader_has_names_for_all_that_can_be_used(tmp_path: Path) -> None:
    page = written(tmp_path, records(20))
    assert '<fieldset role="radiogroup" aria-label="Outcome">' in page and 'aria-label="Filter by text"' in page
    assert page.count("<h1>") == 1 and '<html lang="en">' in page and 'aria-live="polite"' in page
    assert 'aria-label="Link to test_it.py::test_it[0]"' in page and '<div class="bar" aria-hidden="true">' in page
    assert all(re.sub("<[^>]*>", "", name).strip() for name in re.findall(r"<button.*?>(.*?)</button>", page))


ODD: list[Any] = [
    None,
    [],
    {},
    {"description": None, "request": None, "response": None},
    {"request": {"method": None, "headers": None, "query": [1], "body": None}},
    {"providerStates": None, "response": {"status": None, "headers": {"A": None}, "matchingRules": {"body": None}}},
    {"providerStates": [None], "request": []},
    {"response": {"matchingRules": [], "body": {"content": None}}},
    {"description": "\x1b[31m\ud800\0", "request": {"method": "GET", "body": "<script>"}},
]


@pytest.mark.parametrize("content", ODD, ids=lambda value: str(value)[:30])
def test_no_pact_however_odd_ends_the_report(tmp_path: Path, content: Any) -> None:
    consumer = {"side": "consumer", "text": json.dumps({"interactions": [content]})}
    for changes in ({"content": content}, consumer, {"side": "consumer", "text": "null"}):
        page = written(tmp_path, records(1, **changes))
        assert page.count("<details") == 1 and "<script>" not in page.split("<main ")[1].split("</main>")[0]
        assert not re.search(r"[\x00-\x08\x0e-\x1f]", page)


def test_a_path_that_cannot_be_written_does_not_end_the_run(suite: Suite, lines: Callable[..., str]) -> None:
    suite.file("file", "", consumer=False)
    suite.file("test_it.py", "def test_it(): pass\n", consumer=False)
    result = suite.run("--pact-report=file/report.html")
    assert result.ret == 0
    assert "report.html was not written: " in lines(result)


def test_a_thousand_interactions_are_written_and_open_at_once(tmp_path: Path) -> None:
    start = time.process_time()
    page = written(tmp_path, records(1000))
    assert time.process_time() - start < 3
    assert look(page, tmp_path, "page", 1280, 900, dark=False).facts["opened"] < 5000  # a second, on a machine at rest


def test_a_huge_body_is_cut(tmp_path: Path) -> None:
    body = base64.b64encode(bytes(range(256)) * 1200).decode()
    content = {"description": "huge", "response": {"status": 200, "body": {"picture": body}}}
    start = time.process_time()
    page = written(tmp_path, records(3, content=content))
    assert time.process_time() - start < 10 and len(page) < 100_000 and "characters)" in page


def test_contracts_of_every_api_are_listed(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        import http.client
        from pact import Consumer, Pact, Provider, Verifier

        def app(environ, start_response):
            start_response("404 Not Found", [])
            return []

        def test_modern():
            pact = Pact("modern", "orders")
            pact.upon_receiving("a modern request").with_request("GET", "/").will_respond_with(200)
            pact.write_file("pacts")

        def test_classic():
            pact = Consumer("classic").has_pact_with(Provider("orders"), pact_dir="pacts", port=0)
            pact.given("all is well").upon_receiving("a classic request")
            pact.with_request("GET", "/").will_respond_with(200)
            pact.start_service()
            with pact:
                client = http.client.HTTPConnection("localhost", int(pact.uri.rpartition(":")[2]))
                client.request("GET", "/")
                client.getresponse().read()
            pact.stop_service()

        def test_verifier():
            Verifier("orders").add_source("pacts").app(app).verify()
        """,
        consumer=False,
    )
    suite.run("--pact-report=report.html").assert_outcomes(passed=2, failed=1)
    page = (suite.path / "report.html").read_text(encoding="utf-8")
    for words in (
        "modern → orders",
        "classic → orders",
        "a modern request",
        "a classic request",
        "test_it.py::test_verifier",
    ):
        assert words in page
    assert page.count("<pre>status: expected 200 but was 404") == 2
