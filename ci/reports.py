"""Write what the documents quote: reports of failed contracts, and the table of the API's tests.

``python ci/reports.py`` runs the examples of docs/when-it-fails.md and docs/when-a-provider-fails.md and puts their
output below them, and writes docs/project/api-coverage.md from the tables api_names.py of the tests. The tests check
that nothing is left to write.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "docs" / "when-it-fails.md"
PROVIDER_REPORTS = ROOT / "docs" / "when-a-provider-fails.md"
COVERAGE = ROOT / "docs" / "project" / "api-coverage.md"
NAMES = {
    "consumer": ROOT / "tests" / "consumer" / "api_names.py",
    "provider": ROOT / "tests" / "provider" / "api_names.py",
}
_EXAMPLE = re.compile(
    r"^## (?P<title>.+?)\n.*?^```python\n(?P<code>.*?)^```\n.*?^```text\n(?P<text>.*?)^```", re.M | re.S
)


def examples(path: Path = REPORTS) -> list[tuple[str, str, str]]:
    """Title, code and quoted report of each example."""
    return [found.group("title", "code", "text") for found in _EXAMPLE.finditer(path.read_text(encoding="utf-8"))]


def provider_report(code: str) -> str:
    """What the verification of a provider says."""
    return str(runpy.run_path(str(ROOT / "tests" / "provider" / "examples.py"))["report"](code))


def report(code: str) -> str:
    """What the example's assertion says."""
    from pact import Pact

    names = {"pact": Pact("BillingService", "CustomerService")}
    try:
        exec(compile(code, str(REPORTS), "exec"), names)
    except AssertionError as error:
        return f"{error}\n"
    raise SystemExit(f"this example does not fail:\n{code}")


def reports_document(path: Path = REPORTS, report: Callable[[str], str] = report) -> str:
    """A document with the reports of today."""

    def renewed(found: re.Match[str]) -> str:
        start, end = found.start("text") - found.start(), found.end("text") - found.start()
        return found.group()[:start] + report(found.group("code")) + found.group()[end:]

    return _EXAMPLE.sub(renewed, path.read_text(encoding="utf-8"))


def coverage_document() -> str:
    """docs/project/api-coverage.md for the names and tests of today."""
    lines = []
    for side, path in NAMES.items():
        lines += [f"# Every name of the {side}'s API, and the test that exercises it", ""]
        for section, names in runpy.run_path(str(path))["NAMES"].items():
            lines += [f"## {section}", "", "| name | test |", "|---|---|"]
            lines += [f"| `{name}` | `{test}` |" for name, test in names.items()]
            lines.append("")
    return "\n".join(lines)


DOCUMENTS: dict[Path, Callable[[], str]] = {
    REPORTS: reports_document,
    PROVIDER_REPORTS: lambda: reports_document(PROVIDER_REPORTS, provider_report),
    COVERAGE: coverage_document,
}

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path, document in DOCUMENTS.items():
        path.write_text(document(), encoding="utf-8")
