"""Which results go back to the broker, what is in them, and why the others stay here."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from pact_ffi.broker.results import ProviderVersion
from pact_ffi.broker.selection import FetchedPact
from pact_ffi.errors import BrokerError
from pact_ffi.provider.results import InteractionResult, VerificationResult
from pact_ffi.reporting.mismatches import Difference
from pact_ffi.reporting.scan import redact
from pact_ffi.reporting.screen import printable

logger = logging.getLogger("pact.verifier")
Part = tuple[FetchedPact, VerificationResult]  # a pact that came by URL, and what its verification found


def publish(parts: Iterable[Part], version: ProviderVersion | None, reason: str | None) -> VerificationResult:
    """Publish what was verified whole, and say of each pact what the broker wants to be said.

    ``reason`` is why nothing may be published in this run. Returns what there is to add to the run's result: notices,
    notes on what was not published, and a problem for each result that the broker did not take.
    """
    outcome = VerificationResult("")
    left, announced = reason, set[str]()
    for pact, found in parts:
        published = False
        if version is not None and left is None:
            incomplete = _incomplete(pact, found)
            if incomplete:
                outcome.notes.append(f"the result of {pact.name} was not published: {incomplete}")
            else:
                try:
                    if pact.client.url not in announced:
                        version.announce(pact)
                        announced.add(pact.client.url)
                    version.publish(pact, _met(found), list(test_results(found)))
                    published = True
                except BrokerError as error:
                    outcome.problems.append(f"the result of {pact.name} was not published: {error}")
                    if error.status is None:
                        left = "the broker does not answer"
        say(outcome, pact, pact.said_after(_met(found), published))
    if version is not None and left is not None:
        outcome.notes.append(f"no further result was published: {left}" if reason is None else reason)
    for note in outcome.notes:
        logger.warning("%s", note)
    return outcome


def say(result: VerificationResult, pact: FetchedPact, texts: Iterable[str]) -> None:
    """Add notices of the broker to ``result``."""
    for text in texts:
        logger.info("%s", printable(f"{pact.name}: {text}"))
        result.core_json["notices"].append({"pact": pact.name, "text": text})


def as_pending(found: dict[str, Any]) -> None:
    """Change the core's JSON so that failed interactions do not fail the run: their pact is pending."""
    items = found.get("interactionResults", [])
    for item in items:
        item["pending"] = True
    failed = [item.get("mismatch") for item in items if item.get("mismatch")]
    errors = found.get("errors", [])
    found["errors"] = [error for error in errors if error.get("mismatch") not in failed]
    found["pendingErrors"] = [*found.get("pendingErrors", []), *(e for e in errors if e.get("mismatch") in failed)]
    found["result"] = not found["errors"]


def _incomplete(pact: FetchedPact, found: VerificationResult) -> str | None:
    total = len(pact.document.interactions)
    if not total:
        return "it has no interactions"
    if len(found.interactions) != total:
        return f"{len(found.interactions)} of its {total} interactions were verified"
    return None


def _met(found: VerificationResult) -> bool:
    """Whether the provider met the pact, pending or not."""
    return not found.problems and all(item.outcome == "passed" for item in found.interactions)


def test_results(found: VerificationResult) -> Iterator[dict[str, Any]]:
    """Yield a test result for each interaction, as the broker takes it."""
    for item in found.interactions:
        test: dict[str, Any] = {"interactionId": item.id} if item.id else {"interactionDescription": item.description}
        test["success"] = item.outcome == "passed"
        if item.mismatches:
            test["mismatches"] = [_mismatch(mismatch) for mismatch in item.mismatches]
        exceptions = _exceptions(item)
        if exceptions:
            test["exceptions"] = exceptions
        yield test


def _mismatch(mismatch: Any) -> dict[str, str]:
    if not isinstance(mismatch, Difference):
        return {"attribute": mismatch.type or "unknown", "description": str(mismatch)}
    shown = mismatch.redacted()
    identifier = shown.where.removeprefix(shown.place).strip()
    text = shown.mismatch or f"expected {shown.expected!r} but was {shown.actual!r}"
    found = {"attribute": shown.place, "identifier": identifier, "description": text}
    return {key: value for key, value in found.items() if value}


def _exceptions(item: InteractionResult) -> list[dict[str, str]]:
    told = [str(failure) for failure in item.failures]
    if not told and item.error:
        told.append(redact(item.error))
    return [{"message": text} for text in told]
