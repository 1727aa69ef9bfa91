"""The HTML report: one file without anything from elsewhere, failures first, light or dark, on a phone too.

The page is ``report.html``, what filters it ``report.js``; without scripts everything is there all the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from pact_ffi.reporting.differences import headline
from pact_ffi.reporting.redaction import Redactor
from pact_ffi.reporting.scan import redact
from pact_ffi.reporting.screen import printable

_OUTCOMES = ("failed", "pending", "skipped", "passed")  # in the order in which a reader wants them
_SIDES = {"consumer": "the consumer's tests, on the mock server", "provider": "verification of the provider"}
_LONGEST = 20_000  # characters of one request, response or message
_MOST = 100  # rules of one side
_OPEN = 5  # failures that are open at first; of more, a reader wants to see the list
_VALUES = re.compile(r"'[^']*'|(?<!\S)\S{1,40}(?= \((?:Integer|Decimal|Boolean)\))")  # a reason is the same with others
_PLACE = re.compile(r"(?:^|: )\s*(body|header|query|path|metadata)(?: ([^\s:]+))?: ")


def write_report(path: Path, records: Iterable[Mapping[str, Any]], facts: Mapping[str, object]) -> None:
    """Write the report of ``records`` to ``path``.

    Args:
        path: the file; its folder is made.
        records: what the tests found, as `Findings` has them.
        facts: what the reader should know of the run: its date, the commit, versions.
    """
    records = [{**record, "id": f"t{number}"} for number, record in enumerate(records, 1)]
    outcomes = Counter(str(record["outcome"]) for record in records)
    seconds = sum(record["duration"] for record in records if isinstance(record.get("duration"), (int, float)))
    facts = {**facts, "tests took": _took(seconds)} if records else facts
    verdict = next((outcome for outcome in _OUTCOMES if outcomes[outcome]), "passed")
    script = _asset("report.js")
    page = {
        "verdict": verdict if records else "nothing tested",
        "counts": _counts(outcomes) or "No contract was tested.",
        "bar": "".join(f'<i class="{name}" style="flex: {count}"></i>' for name, count in _ordered(outcomes)),
        "note": "Pending: it failed, and does not fail the run yet." if outcomes["pending"] else "",
        "most": _most_frequent(records),
        "facts": "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts.items()),
        "outcomes": "".join(_choice(name, count) for name, count in (("", len(records)), *_ordered(outcomes))),
        "contracts": _contracts(records, outcomes["failed"] <= _OPEN),
        "size": "many" if len(records) > _MOST else "",
        "script": script,
        "hash": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    text = _asset("report.html")
    parts = text.split("{{")
    text = parts[0] + "".join(page[name] + rest for name, rest in (part.split("}}", 1) for part in parts[1:]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")


def _asset(name: str) -> str:
    return (files("pact_ffi.reporting") / name).read_text(encoding="utf-8")


def _ordered(outcomes: Counter[str]) -> list[tuple[str, int]]:
    return [(name, outcomes[name]) for name in _OUTCOMES if outcomes[name]]


def _counts(outcomes: Counter[str]) -> str:
    return " · ".join(f'<span class="{name}-text">{count} {name}</span>' for name, count in _ordered(outcomes))


def _choice(outcome: str, count: int) -> str:
    checked = "" if outcome else " checked"
    name = f'<span class="{outcome}-text">{outcome}</span>' if outcome else "all"
    return f'<label><input type="radio" name="outcome" value="{outcome}"{checked}>{name} {count}</label>'


def _rank(record: Mapping[str, Any]) -> int:
    outcome = str(record["outcome"])
    return _OUTCOMES.index(outcome) if outcome in _OUTCOMES else len(_OUTCOMES)


def _contract(record: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(record["consumer"]), str(record["provider"]), str(record["side"])


def _most_frequent(records: list[Mapping[str, Any]]) -> str:
    """Return what several tests failed over, the most frequent first; each filters for its tests."""
    told = [headline(record["report"]) for record in records if record.get("report")]
    reasons = Counter(_VALUES.sub("…", reason) for reason in told)
    often = [(reason, count) for reason, count in reasons.most_common(5) if count > 1]
    buttons = "".join(f'<li>{count} × <button type="button">{_text(reason)}</button></li>' for reason, count in often)
    return f"<h2>Most frequent</h2><ul>{buttons}</ul>" if often else ""


def _contracts(records: list[Mapping[str, Any]], opened: bool) -> str:
    """Return a section for each contract and side: those with failures first, and in each the failures first."""
    groups = [list(group) for _, group in groupby(sorted(records, key=_contract), _contract)]
    sections = []
    for group in sorted(groups, key=lambda group: min(map(_rank, group))):
        consumer, provider, side = _contract(group[0])
        title = f"{consumer or 'any consumer'} → {provider}"
        counts = _counts(Counter(str(record["outcome"]) for record in group))
        head = f"<h2>{_text(title)}</h2><p>{_SIDES[side]}: {counts}</p>"
        tests = "".join(_test(record, opened) for record in sorted(group, key=_rank))
        sections.append(f"<section>{head}{tests}</section>")
    return "".join(sections)


def _test(record: Mapping[str, Any], opened: bool) -> str:
    """Return one test: what differed, then its interactions."""
    outcome, report = str(record["outcome"]), str(record.get("report") or "")
    rules: dict[str, str] = {}
    try:
        items = _interactions(record)
        content = "".join(map(_interaction, items))
        title = record.get("title") or ", ".join(str(item.get("description")) for item in items)
        rules = _rules_of_differences(record, items) if report else rules
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:  # a pact of an odd shape
        content = f"<p>This interaction cannot be shown ({_text(type(error).__name__)}).</p>"
        title = record.get("title") or "an interaction"
    diff = f"<h3>What differed</h3><pre>{_diff(report, rules)}</pre>" if report else ""
    why = f"<span>{_text(headline(report))}</span>" if report else ""
    seconds = record.get("duration")
    took = f" <small>{_took(seconds)}</small>" if isinstance(seconds, (int, float)) else ""
    shown = " open" if opened and report and outcome == "failed" else ""
    test = _text(record["test"])
    return (
        f'<details id="{record["id"]}" class="{escape(outcome)}" data-outcome="{escape(outcome)}"{shown}>'
        f"<summary><b>{escape(outcome)}</b>{_text(redact(str(title)))}{took}{why}</summary>"
        f'<p><code>{test}</code> <a href="#{record["id"]}" aria-label="Link to {test}">link</a></p>{diff}{content}'
        "</details>"
    )


def _took(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _interactions(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    if record["side"] == "provider":
        return [record["content"]] if record.get("content") else []
    pact = json.loads(record["text"])
    found: list[dict[str, Any]] = pact.get("interactions") or pact.get("messages") or []
    return found


def _interaction(item: Mapping[str, Any]) -> str:
    sides = [(name.capitalize(), item[name]) for name in ("request", "response") if item.get(name)]
    parts = [(name, part) for name, side in sides for part in (side if isinstance(side, list) else [side])]
    blocks = [_block(name, part) for name, part in parts or [("Message", item)]]
    states = item.get("providerStates") or ([{"name": item["providerState"]}] if item.get("providerState") else [])
    given = "".join(f" — given {_state(state)}" for state in states)
    return f'<h3>{_text(redact(str(item.get("description"))))}{given}</h3><div class="sides">{"".join(blocks)}</div>'


def _state(state: Mapping[str, Any]) -> str:
    parameters = state.get("params") or {}
    pairs = Redactor().body(parameters).items()
    shown = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in pairs)
    return _text(redact(str(state.get("name")))) + (f" ({_text(shown)})" if shown else "")


def _block(name: str, part: Mapping[str, Any]) -> str:
    redactor = Redactor()
    query = part.get("query") or ""
    if isinstance(query, dict):
        query = "&".join(f"{key}={value}" for key, values in query.items() for value in _values(values))
    question = f"?{redactor.pairs(str(query))}" if query else ""
    first = (
        f"{part['method']} {redact(str(part.get('path')))}{question}"
        if "method" in part
        else str(part.get("status") or "")
    )
    lines = [first] if first else []
    for key, values in (part.get("headers") or {}).items():
        lines.append(f"{key}: {redactor.header(key, ', '.join(map(str, _values(values))))}")
    for key, value in (part.get("metadata") or {}).items():
        shown = redactor.named(key, value)
        lines.append(f"{key}: {shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)}")
    body = part.get("body", part.get("contents"))
    if isinstance(body, dict) and "content" in body:
        body = body["content"]
    if body is not None:
        shown = redactor.body(body)
        lines += ["", shown if isinstance(shown, str) else json.dumps(shown, indent=2, ensure_ascii=False)]
    text = "\n".join(lines)
    more = f"\n... ({len(text):,} characters)" if len(text) > _LONGEST else ""
    return f"<div><h4>{name}</h4><pre>{_text(text[:_LONGEST] + more)}</pre>{_rules(part.get('matchingRules'))}</div>"


def _rules(rules: Any) -> str:
    """Return the matching rules of one side: what is compared by a rule, and by which."""
    lines = [f"{place}: {rule}" for place, rule in _rules_by_place(rules).items()]
    if not lines:
        return ""
    more = [f"... and {len(lines) - _MOST:,} more"] if len(lines) > _MOST else []
    return f"<h4>Rules</h4><pre>{_text(chr(10).join([*lines[:_MOST], *more]))}</pre>"


def _rules_by_place(rules: Any) -> dict[str, str]:
    found = {}
    for category, places in rules.items() if isinstance(rules, dict) else ():
        flat = isinstance(places, dict) and ("matchers" in places or "match" in places)  # as of a path, or of version 2
        for place, rule in [("", places)] if flat else places.items():
            matchers = (rule.get("matchers") if isinstance(rule, dict) else None) or [rule]
            found[f"{category} {place}".rstrip()] = "; ".join(map(_matcher, matchers))
    return found


def _matcher(matcher: Any) -> str:
    if not isinstance(matcher, dict):
        return str(matcher)
    name = str(matcher.get("match", ""))
    rest = {key: json.dumps(value, ensure_ascii=False) for key, value in matcher.items() if key != "match"}
    return " ".join(filter(None, (name, ", ".join(v if k == name else f"{k} {v}" for k, v in rest.items()))))


def _rules_of_differences(record: Mapping[str, Any], items: list[dict[str, Any]]) -> dict[str, str]:
    """Return the rules by which the side that was tested is compared, by place; without those that contradict."""
    found: dict[str, str] = {}
    for item in items:
        side = item.get("request" if record["side"] == "consumer" else "response") or item
        for part in side if isinstance(side, list) else [side]:
            for place, rule in _rules_by_place(part.get("matchingRules")).items():
                found[place] = rule if found.get(place, rule) == rule else ""
    return found


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    return escape(printable(str(value)))


def _diff(report: str, rules: Mapping[str, str]) -> str:
    """Return a report with its lines coloured, and with the rule behind each difference."""
    lines = []
    for line in report.splitlines():
        kind = {"- ": "minus", "+ ": "plus"}.get(line.lstrip()[:2])
        lines.append(f'<span class="{kind}">{_text(line)}</span>' if kind else _text(line))
        place = _PLACE.search(line)
        where = re.sub(r"\[\d+\]", "[*]", f"{place[1]} {place[2] or ''}".rstrip()) if place else ""
        if rule := rules.get(where):
            lines.append(f'<span class="rule">    rule: {_text(rule)}</span>')
    return "\n".join(lines)
