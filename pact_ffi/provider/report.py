"""The report of a verification, as a person reads it."""

from __future__ import annotations

import re
import textwrap
import traceback
from pathlib import Path

from pact_ffi.provider.results import InteractionResult, VerificationResult
from pact_ffi.reporting import differences as report

_PACKAGE = str(Path(__file__).parent.parent)
_NOT_SENT = re.compile(r"error sending request for url \((.*)\)")


def render_report(result: VerificationResult, *, colour: bool = False) -> str:
    """Return ``result`` as text: what failed with its differences, then the rest in one line."""
    failed, total = result.failed, len(result.interactions)
    head = f"Verification of provider {result.provider!r} "
    if result.success:
        head += f"passed: {_count(total)}"
    else:
        head += f"failed: {len(failed)} of {_count(total)}" if failed else "failed"
    lines = [head, *(f"- {problem}" for problem in result.problems)]
    for number, item in enumerate(failed, 1):
        lines += ["", f"{number}. {item}", *_details(item, colour)]
    pending = [item for item in result.interactions if item.outcome == "pending"]
    for item in pending:
        lines += ["", f"Pending (does not fail the run): {item}", *_details(item, colour)]
    lines += [f"Notice: {notice}" for notice in result.notices]
    passed = total - len(failed) - len(pending)
    if passed and not result.success:
        lines += ["", f"{_count(passed)} passed."]
    return "\n".join(lines)


def _count(number: int) -> str:
    return f"{number} interaction{'' if number == 1 else 's'}"


def _details(item: InteractionResult, colour: bool) -> list[str]:
    lines = []
    for failure in item.failures:
        frames = traceback.extract_tb(failure.error.__traceback__)
        own = traceback.format_list([frame for frame in frames if not frame.filename.startswith(_PACKAGE)])
        lines += [f"   {failure}", *textwrap.indent("".join(own), "     ").splitlines()]
    if lines:  # whatever differs then is only what the core made of it
        return lines
    if item.error:
        lines.append(f"   {explained(item.error)}")
    if item.mismatches:
        lines += report.render(item.mismatches, colour=colour, indent="   ").splitlines()
    return lines


def explained(error: str) -> str:
    """Return an error of the core in terms of the user."""
    not_sent = _NOT_SENT.fullmatch(error)
    if not_sent:
        trust = ", and is its certificate trusted" if not_sent[1].startswith("https:") else ""
        return f"no answer from the provider at {not_sent[1]}: is it running, and is this its address{trust}?"
    return error
