"""can-i-deploy: the question, the answer, and waiting for one."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pact_ffi.broker.hal import HalClient, Resource
from pact_ffi.broker.publishing import Notice, notices
from pact_ffi.errors import BrokerError, InvalidInputError

_log = logging.getLogger("pact.broker")
# What a broker in trouble says; whoever waits for results goes on waiting.
_AWAY = (429, 500, 502, 503, 504)
_MORE_THAN_ONE = "choose one of version, latest, branch and main_branch for {name!r}"


@dataclass(frozen=True)
class Deployability:
    """The answer to can-i-deploy; true as a condition if the version is safe to deploy.

    ``unknown`` is the number of required verification results that are still missing (0 if one has failed), ``matrix``
    holds the broker's rows (consumer, provider, pact, verificationResult).
    """

    deployable: bool
    reason: str
    unknown: int
    notices: list[Notice]
    matrix: list[dict[str, Any]]

    def __bool__(self) -> bool:
        return self.deployable


@dataclass(frozen=True)
class Candidate:
    """One application in the question: a version, or the latest one (with a tag, of a branch, of its main branch)."""

    pacticipant: str
    version: str | None = None
    latest: bool | str = False
    branch: str | None = None
    main_branch: bool = False

    @classmethod
    def of(cls, given: Iterable[str] | Mapping[str, Any] | Candidate) -> Candidate:
        """Read ``(name, version)``, or the attributes as a dict; raises `InvalidInputError` for anything else."""
        if isinstance(given, Candidate):
            return given
        try:
            if isinstance(given, Mapping):
                return cls(**given)
            name, version = given
        except (TypeError, ValueError):
            raise InvalidInputError(f"an application is a pair of name and version, not {given!r}") from None
        return cls(name, version)

    def query(self) -> list[tuple[str, str]]:
        """Return its parameters in a question to ``/matrix``."""
        kinds = [self.version, self.latest, self.branch, self.main_branch]
        if sum(map(bool, kinds)) > 1:
            raise InvalidInputError(_MORE_THAN_ONE.format(name=self.pacticipant))
        pairs = {
            "version": self.version or "",
            "latest": "true" if self.latest or self.branch or self.main_branch else "",
            "tag": self.latest if isinstance(self.latest, str) else "",
            "branch": self.branch or "",
            "mainBranch": "true" if self.main_branch else "",
        }
        named = [("q[][pacticipant]", self.pacticipant)]
        return named + [(f"q[][{key}]", value) for key, value in pairs.items() if value]


@dataclass(frozen=True)
class Question:
    """What is asked: may these be deployed together, and to where?"""

    candidates: list[Candidate]
    to_environment: str | None = None
    to: str | None = None
    ignore: tuple[tuple[str, str | None], ...] = ()

    def url(self, hal: HalClient) -> str:
        """Return where the question is asked; raises `InvalidInputError` for one that is unclear."""
        if self.to and self.to_environment:
            raise InvalidInputError("can-i-deploy takes to_environment or a tag (to), not both")
        first, alone = self.candidates[0], len(self.candidates) == 1
        parameters = [pair for candidate in self.candidates for pair in candidate.query()]
        if alone and len(parameters) == 1:
            raise InvalidInputError("can-i-deploy needs a version, or one of latest, branch and main_branch")
        kind, goal = ("environment", self.to_environment) if self.to_environment else ("tag", self.to or "")
        if alone and first.version and goal and not self.ignore:
            relation = f"pb:can-i-deploy-pacticipant-version-to-{kind}"
            values = {"pacticipant": first.pacticipant, "version": first.version, kind: goal}
            if url := hal.index().link(relation, **values):
                return url
        for name, version in self.ignore:
            parameters.append(("ignore[][pacticipant]", name))
            parameters += [("ignore[][version]", version)] if version else []
        if goal:
            parameters.append((kind, goal))
        # Several versions may be in one environment, and "cvp" would only look at the newest of them.
        parameters.append(("latestby", "cvpv" if self.to_environment or not (alone or goal) else "cvp"))
        if (alone and not self.to_environment) or self.to:
            parameters.append(("latest", "true"))
        return f"{hal.url}/matrix?{urlencode(parameters)}"


def ask(hal: HalClient, question: Question, retry_while_unknown: int, retry_interval: float) -> Deployability:
    """Ask, and ask again while only results are missing, or the broker is away; raises `BrokerError`."""
    url = question.url(hal)
    for left in range(max(0, retry_while_unknown), -1, -1):
        try:
            result = _deployability(hal.send("GET", url))
        except BrokerError as error:
            if not left or error.status not in (None, *_AWAY):
                raise
            _log.warning("%s; asking again in %g s (%s left)", error, retry_interval, left)
        else:
            if result.deployable or not result.unknown or not left:
                return result
            missing = "1 result is" if result.unknown == 1 else f"{result.unknown} results are"
            _log.warning("%s missing; asking again in %g s (%d left)", missing, retry_interval, left)
        time.sleep(retry_interval)
    raise AssertionError


def _deployability(answer: Resource) -> Deployability:
    summary = answer.content.get("summary")
    if not isinstance(summary, dict) or "deployable" not in summary:
        raise answer.error("the broker's answer to can-i-deploy has no summary.deployable")
    # null means "unknown"; after a failed result there is nothing to wait for
    missing = summary.get("unknown")
    counted = missing if isinstance(missing, int) else 0
    unknown = 0 if summary.get("failed") else counted or int(summary["deployable"] is None)
    reason = answer.said("summary", "reason") or "the broker gave no reason"
    rows = [row.content for row in answer.objects("matrix")]
    return Deployability(summary["deployable"] is True, reason, unknown, notices(answer), rows)
