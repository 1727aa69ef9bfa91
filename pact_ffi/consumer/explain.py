"""What went wrong with a consumer's requests, told in terms of its interactions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from heapq import nlargest
from typing import Any

from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.matching import check_regex
from pact_ffi.reporting.differences import difference, render, shown
from pact_ffi.reporting.mismatches import Mismatch, MissingRequest, RequestMismatch, RequestNotFound, TransportMismatch
from pact_ffi.reporting.redaction import Redactor, told_from
from pact_ffi.reporting.scan import redact
from pact_ffi.reporting.screen import one_line

_MOST = 50  # requests that a report tells of
_COMPARED = 200  # paths that are compared letter by letter to find the nearest


def explain(mismatches: Sequence[Mismatch], interactions: Sequence[Interaction], *, colour: bool = False) -> str:
    """Return the report: requests that differed, requests nobody expected, interactions never called.

    Equal requests are told once, with their number; of more than fifty different ones the first are told.
    """
    described = Described(interactions)
    missing = [described.missing(mismatch) for mismatch in mismatches if isinstance(mismatch, MissingRequest)]
    counts: dict[str, int] = {}
    first: dict[str, Callable[[], list[str]]] = {}
    for mismatch in mismatches:
        if isinstance(mismatch, MissingRequest):
            key = f"missing {len(missing)}"
            lines = partial(_missing, mismatch, missing.pop(0), described)
        else:
            key, lines = _key(mismatch), partial(_told, mismatch, described, colour)
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, lines)
    report = [line for key in list(first)[:_MOST] for line in _counted(first[key](), counts[key])]
    if len(first) > _MOST:
        report.append(f"... and {len(first) - _MOST:,} more requests or interactions")
    return "\n".join(report)


class Described:
    """The interactions of a pact, by method and path."""

    def __init__(self, interactions: Sequence[Interaction]) -> None:
        self._by_request: dict[str, list[HttpInteraction]] = {}
        self._asked: dict[int, str] = {}
        self._never_called: set[int] = set()
        for interaction in interactions:
            if isinstance(interaction, HttpInteraction):
                self._by_request.setdefault(f"{interaction.method} {interaction.path}", []).append(interaction)

    def missing(self, mismatch: MissingRequest) -> HttpInteraction | None:
        """Return the interaction that was never called, each once."""
        interaction = self.meant_by(mismatch.method, mismatch.path, mismatch.request)
        if interaction:
            self._never_called.add(id(interaction))
        return interaction

    def meant_by(self, method: str, path: str, hint: Any) -> HttpInteraction | None:
        """Find the interaction that the core means; it tells method, path and expected values, but no name."""
        everyone = self._by_request.get(f"{method} {path}", [])
        fitting = [interaction for interaction in everyone if id(interaction) not in self._never_called] or everyone
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        words = set(_words(hint))

        def score(interaction: HttpInteraction) -> tuple[int, int]:
            key = self._asked.get(id(interaction)) or interaction._kept.side("Request")
            self._asked[id(interaction)] = key
            return sum(word in key for word in words), -len(key)

        return max(fitting, key=score)

    def taken_by(self, missing: MissingRequest) -> HttpInteraction | None:
        """Return an interaction that was called and whose rule for the path takes the request that is missing, too."""
        called = (
            other
            for others in self._by_request.values()
            for other in others
            if other.method == missing.method and id(other) not in self._never_called
        )
        return next((other for other in called if _takes(other, missing.path)), None)

    def nearest(self, asked: str) -> tuple[str, HttpInteraction] | None:
        """Return the method and path that is most like ``asked``, and its interaction."""
        known: Iterable[str] = self._by_request
        path = asked.partition(" ")[2]
        if len(self._by_request) > _COMPARED:
            known = nlargest(_COMPARED, known, key=lambda one: _same_letters(one.partition(" ")[2], path))
        import difflib  # only a failing test pays for it

        near = difflib.get_close_matches(asked, list(known), n=1, cutoff=0.0)
        return (near[0], self._by_request[near[0]][0]) if near else None


def _same_letters(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _key(mismatch: Mismatch) -> str:
    """Return what is the same for equal requests."""
    if isinstance(mismatch, RequestNotFound):
        return repr([mismatch.method, mismatch.path, mismatch.request.get("query"), mismatch.request.get("body")])
    if isinstance(mismatch, RequestMismatch):
        return repr([mismatch.method, mismatch.path, *map(vars, mismatch.mismatches)])
    return repr(vars(mismatch))


def _counted(lines: list[str], times: int) -> list[str]:
    return [*lines, f"  (This came {times:,} times.)"] if times > 1 else lines


def _takes(interaction: HttpInteraction, path: str) -> bool:
    text = str(interaction._kept.value("request"))
    rule = json.loads(text) if text.startswith("{") else {}
    kind = rule.get("pact:matcher:type")
    return check_regex(rule["regex"], path) if kind == "regex" else kind == "type"


def _missing(mismatch: MissingRequest, interaction: Interaction | None, described: Described) -> list[str]:
    asked = _asked(mismatch)
    head = f"Interaction {_name(interaction)} was never called"
    if other := described.taken_by(mismatch):
        return [f"{head}: {_name(other)} takes {asked}, too; if that request came, it got this other one's answer."]
    return [f"{head}: no {asked} came."]


def _told(mismatch: Mismatch, described: Described, colour: bool) -> list[str]:
    if isinstance(mismatch, RequestMismatch):
        return _differed(mismatch, described, colour)
    if isinstance(mismatch, RequestNotFound):
        return _unexpected(mismatch, described)
    if isinstance(mismatch, TransportMismatch):
        head = one_line(f"{mismatch.path}: {mismatch.error or 'what came differs:'}")
        return [head, *render(mismatch.mismatches, colour=colour).splitlines()]
    return [one_line(str(mismatch))]


def _differed(mismatch: RequestMismatch, described: Described, colour: bool) -> list[str]:
    meant = described.meant_by(mismatch.method, mismatch.path, [vars(each) for each in mismatch.mismatches])
    head = f"{_asked(mismatch)} differs from interaction {_name(meant)}"
    if len(mismatch.mismatches) == 1:
        first, *rest = difference(mismatch.mismatches[0], colour=colour)
        return [f"{head}: {first}", *rest]
    places = f" in {len(mismatch.mismatches):,} places" if mismatch.mismatches else ""
    return [f"{head}{places}:", *render(mismatch.mismatches, colour=colour).splitlines()]


def _unexpected(mismatch: RequestNotFound, described: Described) -> list[str]:
    redactor = Redactor()
    query = "&".join(
        f"{name}={redactor.named(name, value)}"
        for name, values in (mismatch.request.get("query") or {}).items()
        for value in values
    )
    head = f"{_asked(mismatch)}{one_line('?' + query if query else '')} was not expected"
    if near := described.nearest(f"{mismatch.method} {mismatch.path}"):
        wanted = one_line(redact(near[0]))
        path = told_from(_asked(mismatch), wanted, differ=near[0] != f"{mismatch.method} {mismatch.path}")
        head += f"; nearest: {_name(near[1])} expects {path}"
    else:
        head += "; the pact describes no request"
    body = mismatch.request.get("body")
    return [head, f"  with the body: {shown(redactor.body(body))}"] if body else [head]


def _words(hint: Any) -> list[str]:
    if isinstance(hint, dict):
        return [word for key, value in hint.items() if key != "actual" for word in [str(key), *_words(value)]]
    if isinstance(hint, (list, tuple)):
        return [word for value in hint for word in _words(value)]
    text = str(hint)
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return _words(value) if isinstance(value, (dict, list)) else [str(value)]


def _asked(mismatch: MissingRequest | RequestNotFound | RequestMismatch) -> str:
    return one_line(redact(f"{mismatch.method} {mismatch.path}"))


def _name(interaction: Interaction | None) -> str:
    return repr(interaction.title) if interaction else "(which one, the core does not say)"
