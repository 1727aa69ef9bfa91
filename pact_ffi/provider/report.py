"""The report of a verification, as a person reads it."""

from __future__ import annotations

import re
import sysconfig
import textwrap
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pact_ffi.errors import PactError
from pact_ffi.pact_file.terms import titled
from pact_ffi.provider.results import HandlerFailure, InteractionResult, VerificationResult
from pact_ffi.provider.wire import Response
from pact_ffi.reporting.differences import about_keys, difference, render, shown
from pact_ffi.reporting.mismatches import BodyMismatch, BodyTypeMismatch, Mismatch, StatusMismatch
from pact_ffi.reporting.redaction import Redactor
from pact_ffi.reporting.scan import redact
from pact_ffi.reporting.screen import one_line, printable

_PACKAGE = str(Path(__file__).parent.parent)
_NOT_SENT = re.compile(r"error sending request for url \((.*)\)")
_NOT_READ = re.compile(r"error (decoding response body|following redirect) for url \((.*)\)")
_INSTALLED = tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_REDIRECTS = range(300, 400)
_MOST = 100  # interactions whose failures a report shows


def render_report(result: VerificationResult, *, colour: bool = False) -> str:
    """Return ``result`` as text: what differs, a paragraph for each failed interaction, and the counts."""
    failed = result.failed
    pending = [item for item in result.interactions if item.outcome == "pending"]
    silent = _unanswered(failed)
    paragraphs = [printable(redact(problem)) for problem in result.problems]
    if silent:
        paragraphs.append(f"{_no_answer(silent[0], result)} ({_count(len(silent))})")
    told = [item for item in failed if item not in silent]
    paragraphs += [_paragraph(item, result, colour) for item in told[:_MOST]]
    if len(told) > _MOST:
        paragraphs.append(f"... and {len(told) - _MOST:,} more failed interactions")
    if pending:
        paragraphs += [
            f"Pending (does not fail the run): {_paragraph(item, result, colour)}" for item in pending[:_MOST]
        ]
    if len(pending) > _MOST:
        paragraphs.append(f"... and {len(pending) - _MOST:,} more pending interactions")
    paragraphs += [f"Notice: {printable(notice)}" for notice in result.notices]
    paragraphs += [f"Note: {printable(redact(note))}" for note in result.notes]
    return "\n\n".join([*paragraphs, f"Verification of provider {result.provider!r} {_counts(result)}"])


def records_of(
    result: VerificationResult, consumer: str = "", content: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return a record in plain values for each interaction, and one for what concerns none of them."""
    common = {"side": "provider", "provider": result.provider, "content": content}
    records = []
    for item in result.interactions:
        report = "" if item.outcome == "passed" else "\n".join(details(item, result))
        found = {
            "consumer": item.consumer,
            "title": titled(item.description, item.states),
            "outcome": item.outcome,
            "duration": item.duration,
        }
        records.append({**common, **found, "report": report})
    if result.problems:
        report = "\n".join(printable(redact(problem)) for problem in result.problems)
        title = "what concerns no interaction"
        records.append({**common, "consumer": consumer, "title": title, "outcome": "failed", "report": report})
    return records


def _counts(result: VerificationResult) -> str:
    total, failed = len(result.interactions), len(result.failed)
    pending = sum(item.outcome == "pending" for item in result.interactions)
    more = f", {pending} pending" if pending else ""
    if failed:
        return f"failed: {failed} of {_count(total)}{more}"
    passed = _count(total - pending)
    return f"passed: {passed}{more}" if result.success else f"failed; {passed} passed{more}"


def _paragraph(item: InteractionResult, result: VerificationResult, colour: bool) -> str:
    first, *rest = details(item, result, colour=colour)
    return "\n".join([first, f"  in {one_line(redact(str(item)))}", *rest])


def details(item: InteractionResult, result: VerificationResult, *, colour: bool = False) -> list[str]:
    """Return what is wrong with an interaction, a line each: the first one says the most important."""
    if item.failures:  # whatever differs then is only what the core made of it
        return [line for failure in item.failures for line in raised(failure)]
    lines = []
    if item.error:
        lines.append(_without_an_answer(item, item.error, result))
    mismatches = list(item.mismatches)
    for status in [mismatch for mismatch in mismatches if isinstance(mismatch, StatusMismatch)]:
        mismatches.remove(status)
        lines += [difference(status)[0], *(f"  {hint}" for hint in _on_the_status(status, mismatches, item.response))]
    lines += render(mismatches, colour=colour).splitlines()
    first, *rest = lines or ["the core gives no reason"]
    return [first.removeprefix("  "), *rest]


def raised(failure: HandlerFailure) -> list[str]:
    """Return what a user's code raised, a line each, with the lines of the user's own files that led there."""
    frames = traceback.extract_tb(failure.error.__traceback__)
    users = [frame for frame in frames if not frame.filename.startswith(_PACKAGE)]
    own = [frame for frame in users if not frame.filename.startswith(_INSTALLED)]
    if not own and not isinstance(failure.error, PactError):
        own = users
    # Without columns, whose marks differ from Python to Python.
    lines = traceback.format_list([(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in own])
    return [printable(str(failure)), *printable(textwrap.indent(redact("".join(lines)), "  ")).splitlines()]


def _on_the_status(status: StatusMismatch, mismatches: list[Mismatch], response: Response | None) -> list[str]:
    """Return what explains an unexpected status; the body of an error takes the place of its differences."""
    if _number(status.expected) in _REDIRECTS and _number(status.actual) not in _REDIRECTS:
        return ["the redirect was followed; follow_redirects(False) verifies the redirect itself"]
    if _number(status.actual) < 400:
        return []
    body = _body(mismatches) if response is None else response.body.decode("utf-8", "replace")
    if body is None:
        return ["the core does not tell its body; request_filter(lambda request: None) shows it"]
    mismatches[:] = [each for each in mismatches if not isinstance(each, (BodyMismatch, BodyTypeMismatch))]
    return [f"with the body: {shown(Redactor().body(body))}" if body else "without a body"]


def _body(mismatches: Iterable[Mismatch]) -> str | None:
    """Return the body that the provider sent, where a difference has it."""
    for mismatch in mismatches:
        if isinstance(mismatch, BodyTypeMismatch):
            return mismatch.actual_body or ""
        if isinstance(mismatch, BodyMismatch) and mismatch.path in ("$", "/") and not about_keys(mismatch.mismatch):
            return str(mismatch.actual or ("null" if mismatch.path == "$" else ""))
    return None


def _number(status: object) -> int:
    return int(str(status)) if str(status).isdigit() else 0


def _unanswered(items: list[InteractionResult]) -> list[InteractionResult]:
    """Return the interactions that a dead provider left without an answer, where there are several."""
    silent = [item for item in items if not item.failures and _NOT_SENT.fullmatch(item.error or "")]
    return silent if len(silent) > 1 and len({urlsplit(_url(item)).netloc for item in silent}) == 1 else []


def _url(item: InteractionResult) -> str:
    sent = _NOT_SENT.fullmatch(item.error or "")
    return sent[1] if sent else ""


def _without_an_answer(item: InteractionResult, error: str, result: VerificationResult) -> str:
    """Return why there was nothing to compare."""
    if _NOT_SENT.fullmatch(error):
        return _no_answer(item, result)
    found = _NOT_READ.fullmatch(error)
    if found is None:
        return printable(redact(error))
    url = printable(redact(found[2]))
    if found[1].startswith("following"):
        return f"the redirects from {url} go in circles, or to an address that cannot be asked"
    if item.duration >= result.request_timeout:
        return _timeout(url, result, "no whole answer")
    return f"the answer from {url} broke off, or its body is not encoded as its headers say"


def _no_answer(item: InteractionResult, result: VerificationResult) -> str:
    """Return why there was no answer: the time was over, or nobody listens."""
    url = redact(_url(item))
    if item.duration >= result.request_timeout:
        return _timeout(url, result, "no answer")
    trust = ", and is its certificate trusted" if url.startswith("https:") else ""
    return f"no answer from the provider at {url}: is it running, and is this its address{trust}?"


def _timeout(url: str, result: VerificationResult, what: str) -> str:
    return (
        f"timeout: {what} from the provider at {url} within {result.request_timeout:g} s;"
        " set_request_timeout(milliseconds) allows more (classic API: timeout=seconds)"
    )


def _count(number: int) -> str:
    return f"{number} interaction{'' if number == 1 else 's'}"
