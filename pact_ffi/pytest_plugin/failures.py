"""A failure that a contract explains: the contract's words come first, the traceback below."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from traceback import walk_tb
from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry, ReprFileLocation, ReprTraceback
from _pytest.outcomes import Failed

from pact_ffi.errors import MismatchesError, PactError, PactVerificationError, VerificationError
from pact_ffi.reporting.differences import headline

_PACKAGE = str(Path(__file__).parents[1])
CONTRACTS = (MismatchesError, PactVerificationError, VerificationError)


class NotMet(Failed):
    """A contract that was not met, found when the test function had ended."""


def explanation(error: BaseException | None) -> str:
    """Return what a contract says of ``error``: it is the contract's own, a group that has some, or has a report."""
    if isinstance(error, (*CONTRACTS, NotMet)):
        return str(error)
    inner: Iterable[BaseException] = getattr(error, "exceptions", ())
    return getattr(error, "pact_report", "") or "\n".join(filter(None, map(explanation, inner)))


def led(report: pytest.TestReport, error: BaseException | None, text: str) -> None:
    """Let ``report`` begin with ``text``: on the screen, and in pytest's short summary.

    What the test itself raised stays below. Where ``error`` is the contract's own exception, its traceback has nothing
    more to say; that of the exception that caused it does.
    """
    shown: Any = report.longrepr
    place = report.location
    crash = ReprFileLocation(place[0], (place[1] or 0) + 1, f"pact: {headline(text)}")
    own = isinstance(error, (*CONTRACTS, NotMet))
    below: list[Any]
    if hasattr(shown, "chain"):
        below = list(shown.chain[:-1] if own else shown.chain)
    elif hasattr(shown, "reprtraceback"):  # the style "native" writes the causes into one text
        below = [] if own and getattr(error, "__cause__", None) is None else [(shown.reprtraceback, None, None)]
    else:
        below = [] if own else [(_lines([str(shown)]), None, None)]
    first = _lines([f"E   {line}" for line in text.splitlines()], None if below else crash)
    chain: list[Any] = [(first, crash, "The test ended with this exception:" if below else None), *below]
    chain[-1] = (chain[-1][0], crash, None)
    report.longrepr = ExceptionChainRepr(chain)


def hide_our_frames(error: BaseException | None) -> None:
    """Keep pytest from showing the frames of this package that ``error`` and what caused it passed."""
    while error is not None:
        for frame, _ in walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(_PACKAGE):
                frame.f_globals["__tracebackhide__"] = _is_no_fault_of_ours
        error = error.__cause__ or error.__context__


def _is_no_fault_of_ours(caught: pytest.ExceptionInfo[BaseException]) -> bool:
    return isinstance(caught.value, PactError) or not str(caught.traceback[-1].path).startswith(_PACKAGE)


def _lines(lines: list[str], place: ReprFileLocation | None = None) -> ReprTraceback:
    return ReprTraceback([ReprEntry(lines, None, None, place, "long")], None, "long")
