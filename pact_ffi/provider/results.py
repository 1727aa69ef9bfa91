"""What a verification found, as objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pact_ffi.errors import PactError
from pact_ffi.provider.core_report import received_bodies
from pact_ffi.provider.wire import Response
from pact_ffi.reporting.core_json import fit_to_be_shown
from pact_ffi.reporting.mismatches import Mismatch, StatusMismatch
from pact_ffi.reporting.redaction import said_by
from pact_ffi.reporting.scan import redact

_SECONDS = {"ns": 1e-9, "µs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
RELAY_FAILED = 599  # a status that no provider sends: how the relay says that there is no answer
_STATE_FAILURE = re.compile(r"(setup|teardown) state change handlers")


@dataclass(frozen=True)
class HandlerFailure:
    """A user's code that raised: in which role, for which state, message or request, with which exception."""

    role: str
    subject: str
    error: BaseException

    def __str__(self) -> str:
        text = said_by(self.error)
        if isinstance(self.error, PactError):
            return text
        if self.role == "application":
            return f"the application raised {type(self.error).__name__} at {redact(self.subject)}: {text}"
        return f"{self.role} {redact(self.subject)!r} raised {type(self.error).__name__}: {text}"


@dataclass
class InteractionResult:
    """One verified interaction. `outcome` is ``"passed"``, ``"failed"``, or ``"pending"``: failed, but not yet binding.

    `duration` is in seconds; `error` says why there was nothing to compare; `failures` are what users' code raised, in
    handlers or in the application; `response` is what an application in this process answered, and of an error of a
    provider elsewhere what the core tells; `id` is what the broker calls it.
    """

    consumer: str
    provider: str
    description: str
    states: list[str]
    pending: bool
    duration: float
    outcome: str
    mismatches: list[Mismatch] = field(default_factory=list)
    error: str | None = None
    failures: list[HandlerFailure] = field(default_factory=list)
    id: str | None = None
    response: Response | None = field(default=None, repr=False)

    @property
    def failed(self) -> bool:
        """Whether the provider did not keep to it, be it pending or not."""
        return self.outcome != "passed"

    def __str__(self) -> str:
        states = f" [{', '.join(self.states)}]" if self.states else ""
        return f"{self.consumer}: {self.description}{states}"


def _nothing_yet() -> dict[str, Any]:
    return {"result": True, "errors": [], "pendingErrors": [], "interactionResults": [], "notices": [], "output": []}


@dataclass
class VerificationResult:
    """A whole run; `problems` are failures that belong to no interaction, `notes` what a person should know besides.

    `core_json` is the core's own JSON with all values, `raw` the same fit to be shown, `logs` what it logged,
    `request_timeout` the seconds that each answer had.

    >>> [(item.description, item.outcome) for item in verifier.verify().result.interactions]
    [('a request for order 7', 'passed')]
    """

    provider: str
    interactions: list[InteractionResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    core_json: dict[str, Any] = field(default_factory=_nothing_yet, repr=False)
    logs: str = field(default="", repr=False)
    request_timeout: float = 5.0

    @property
    def raw(self) -> dict[str, Any]:
        """The core's own JSON, in which the values of secrets are hidden."""
        return fit_to_be_shown(self.core_json)

    @property
    def notices(self) -> list[str]:
        """What the broker says of each pact, as far as it is true."""
        return [f"{item['pact']}: {item['text']}" for item in self.core_json["notices"]]

    @property
    def failed(self) -> list[InteractionResult]:
        """The interactions that fail the run."""
        return [item for item in self.interactions if item.outcome == "failed"]

    @property
    def success(self) -> bool:
        """Whether the provider keeps to its pacts."""
        return not self.failed and not self.problems

    def add(self, part: VerificationResult) -> None:
        """Add what a further execution of the core found."""
        self.interactions += part.interactions
        self.problems += part.problems
        self.notes += part.notes
        for key, value in part.core_json.items():
            if isinstance(value, list):
                self.core_json.setdefault(key, []).extend(value)
            else:
                self.core_json[key] = self.core_json.get(key) and value
        self.logs += part.logs


def read_results(
    provider: str, results: dict[str, Any], failures: list[HandlerFailure], *, alone: bool
) -> VerificationResult:
    """Read the core's JSON of one execution.

    Where its interaction was not ``alone``, each of ``failures`` (in order of time) goes to the one that it fits. With
    plugins that is a guess by role and subject: a call of the core names a state or a message, and no interaction.
    """
    waiting, items = [] if alone else list(failures), results.get("interactionResults", ())
    found = VerificationResult(provider, [_interaction(item, waiting) for item in items], core_json=results)
    _tell_bodies(found.interactions, results.get("output", ()))
    seen = [item.get("mismatch") for item in items if item.get("mismatch")]
    for problem in results.get("errors", ()):
        mismatch = problem.get("mismatch", {})
        if mismatch in seen:
            seen.remove(mismatch)
        else:
            found.problems.append(str(mismatch.get("message") or problem.get("interaction")))
    found.problems += [str(failure) for failure in waiting]
    return found


def _tell_bodies(items: Iterable[InteractionResult], report: Iterable[str]) -> None:
    """Give the interactions that an error answered, such as 500, the body that the core's report has."""
    errors = [(item, status) for item in items if (status := _error_status(item))]
    bodies = received_bodies(report) if errors else []
    for item, status in errors:
        told = next((told for told in bodies if told[0].endswith(f" - {item.description}")), None)
        if told is not None:
            bodies.remove(told)
            item.response = Response(status, told[1])


def _error_status(item: InteractionResult) -> int | None:
    statuses = (str(each.actual) for each in item.mismatches if isinstance(each, StatusMismatch))
    return next((int(status) for status in statuses if re.fullmatch("[45][0-9][0-9]", status)), None)


def _interaction(item: Mapping[str, Any], waiting: list[HandlerFailure]) -> InteractionResult:
    mismatch = item.get("mismatch") or {}
    pending = bool(item.get("pending"))
    result = InteractionResult(
        consumer=str(item.get("consumer", "")),
        provider=str(item.get("provider", "")),
        description=str(item.get("description", "")),
        states=list(item.get("providerStates", ())),
        pending=pending,
        duration=_seconds(str(item.get("duration", ""))),
        outcome="passed",
        mismatches=sorted(map(Mismatch.from_dict, mismatch.get("mismatches", ())), key=_order),
        error=mismatch.get("message"),
        id=item.get("interactionId"),
    )
    stage = _STATE_FAILURE.search(result.error or "")
    while waiting and _belongs(waiting[0], result, stage is not None):
        result.failures.append(waiting.pop(0))
    if item.get("result") != "OK" or result.failures:
        result.outcome = "pending" if pending else "failed"
    return result


def _order(mismatch: Mismatch) -> tuple[bool, str]:
    """Return what puts the status first, and the rest in the order of its places; the core has none."""
    return not isinstance(mismatch, StatusMismatch), str(getattr(mismatch, "where", ""))


def _belongs(failure: HandlerFailure, result: InteractionResult, state_failed: bool) -> bool:
    if failure.role == "message handler":
        return failure.subject == result.description
    if failure.role == "request filter":
        return any(isinstance(item, StatusMismatch) and item.actual == RELAY_FAILED for item in result.mismatches)
    return state_failed and (failure.subject in result.states or not (failure.subject or result.states))


def _seconds(text: str) -> float:
    return sum(float(n) * _SECONDS[unit] for n, unit in re.findall(r"([\d.]+)(ns|µs|us|ms|s|m|h)", text))
