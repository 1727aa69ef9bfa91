"""The HTML report: what it tells, what it hides, and how it looks in a browser, light, dark and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
    text = look(report, tmp_path, "page", 1280, 2000, dark=False).facts["text"]
    for words in (
        "billing-service → customer-service",
        "BillingService → CustomerService",
        "3 passed · 2 failed · 1 pending",
        "a request for <b>customer</b> & co — given <i>paid</i>",
        "POST /customers?a=b",
        "- expected: 2",
        "+ received: 3",
        "BillingService: a request for customer 100 [customer 100 exists]",
        "test_provider.py::test_contract[BillingService: a request for customer 100 [customer 100 exists]]",
        "body $.id: Expected '?' (String) to be equal to 100 (Integer)",
    ):
        assert words in text
    assert "hunter2" not in report and "s3cret" not in report


def test_what_passed_is_there_when_it_is_opened(report: str, tmp_path: Path) -> None:
    opened = report.replace("<details>", "<details open>")
    assert opened != report
    text = look(opened, tmp_path, "opened", 1280, 2000, dark=False).facts["text"]
    assert "GET /customers/1\n" in text and '{\n  "id": 1\n}' in text
    assert "a customer has moved — given a customer" in text and "topic: customers" in text
    assert '"password": "***' in text and "Authorization: ***" in text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)], ids=["desk", "phone"])
def test_it_fits_the_screen_and_can_be_read(report: str, tmp_path: Path, width: int, height: int, dark: bool) -> None:
    opened = report.replace("<details>", "<details open>")
    seen = look(opened, tmp_path, "page", width, height, dark=dark)
    facts = seen.facts
    assert facts["width"] == width and facts["scrolls"] <= width and facts["widest"] <= width
    assert facts["clipped"] == []
    assert (_luminance(facts["back"]) < 0.1) is dark
    assert min(_contrast(*pair) for pair in facts["colours"]) >= 4.5
    assert min(facts["sizes"]) >= 12
    assert seen.picture.stat().st_size > 10_000


def test_nothing_is_loaded_and_nothing_runs(report: str, tmp_path: Path) -> None:
    facts = look(report, tmp_path, "page", 1280, 900, dark=False).facts
    assert facts["loaded"] == [] and facts["scripts"] == 0 and facts["title"] == "Pact report"
    assert not re.search(r"(?i)https?:|<script|<link|<img|@import|url\(|\son\w+=", report.replace("'none'", ""))
    assert "default-src 'none'" in report


def test_hostile_names_stay_text(suite: Suite, tmp_path: Path) -> None:
    evil = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>\"'&{}"
    interaction = http_interaction(100, description=evil, providerStates=[{"name": evil}])
    suite.pact(interaction, consumer="</title><script>", file="evil")
    suite.file("test_provider.py", PROVIDER, consumer=False)
    assert suite.run("--pact-report=report.html").ret == 1
    page = (suite.path / "report.html").read_text(encoding="utf-8")
    facts = look(page, tmp_path, "page", 360, 740, dark=False).facts
    assert facts["title"] == "Pact report" and facts["scripts"] == 0 and facts["loaded"] == []
    assert "<img src=x onerror=alert(1)>" in facts["text"] and facts["scrolls"] <= 360


def test_a_pact_that_the_core_cannot_read_is_told_of(suite: Suite) -> None:
    suite.pact(http_interaction(1, description="\ud800"))
    suite.file("test_provider.py", PROVIDER, consumer=False)
    result = suite.run("--pact-report=report.html")
    result.assert_outcomes(failed=1)
    assert "provider CustomerService verified: 1 failed" in result.stdout.str()
    assert "Failed to parse Pact JSON" in (suite.path / "report.html").read_text()


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
