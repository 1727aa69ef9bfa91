"""The HTML report: one file without anything from elsewhere, light or dark as the reader likes, on a phone too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from pact_ffi.reporting.redaction import HIDDEN, is_secret, redact

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #59636e; --line: #d1d9e0; --code: #f4f6f8;
  --passed: #116329; --failed: #b3141f; --pending: #7a4d00; --skipped: #59636e }
@media (prefers-color-scheme: dark) { :root { --back: #0f1318; --text: #e4e8ec; --soft: #9aa5b1; --line: #333c46;
  --code: #181e25; --passed: #5fd07c; --failed: #ff8a80; --pending: #e6b450; --skipped: #9aa5b1 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
h3 { font-size: .85rem; margin: .75rem 0 .25rem; color: var(--soft) } p { margin: .25rem 0; color: var(--soft) }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .75rem }
details[open] { padding-bottom: .75rem }
summary { cursor: pointer; padding: .6rem 0 } summary:focus-visible { outline: 2px solid var(--text) }
pre { margin: 0; padding: .6rem; background: var(--code); border-radius: .35rem; white-space: pre-wrap;
  font: .85rem/1.45 ui-monospace, monospace }
.sides { display: grid; gap: 0 .75rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)) }
.passed { color: var(--passed) } .failed { color: var(--failed) } .pending { color: var(--pending) }
.skipped { color: var(--skipped) } b { margin-right: .35rem } .minus { color: var(--failed) }
.plus { color: var(--passed) }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Pact report</title><style>{style}</style></head>
<body><h1>Pact report</h1><p>{summary}</p>{contracts}</body></html>
"""
_SIDES = {"consumer": "mock server", "provider": "verification of the provider"}


def write_report(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write the report of ``records``, as `Findings` has them, to ``path``."""
    records, contracts = sorted(records, key=_contract), ""
    for (consumer, provider, side), group in groupby(records, _contract):
        title, how = escape(f"{consumer} → {provider}"), _SIDES[side]
        contracts += f"<h2>{title}</h2><p>{how}</p>" + "".join(map(_test, group))
    outcomes = Counter(record["outcome"] for record in records)
    summary = " · ".join(f'<span class="{name}">{count} {name}</span>' for name, count in outcomes.items())
    page = _PAGE.format(style=_STYLE, summary=summary or "No contract was tested.", contracts=contracts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", errors="replace")


def _contract(record: Mapping[str, Any]) -> tuple[str, str, str]:
    return record["consumer"], record["provider"], record["side"]


def _test(record: Mapping[str, Any]) -> str:
    """Return one test: its interactions, and what differed."""
    items = _interactions(record)
    title = record.get("title") or ", ".join(item["description"] for item in items)
    outcome, opened = record["outcome"], " open" if record["report"] else ""
    diff = f"<h3>What differed</h3><pre>{_diff(redact(record['report']))}</pre>" if record["report"] else ""
    body = f"<p>{_text(record['test'])}</p>{diff}" + "".join(map(_interaction, items))
    badge = f'<b class="{escape(outcome)}">{escape(outcome)}</b>'
    return f"<details{opened}><summary>{badge}{_text(title)}</summary>{body}</details>"


def _interactions(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    if record["side"] == "provider":
        return [record["content"]] if record["content"] else []
    pact = json.loads(record["text"])
    found: list[dict[str, Any]] = pact.get("interactions") or pact.get("messages") or []
    return found


def _interaction(item: Mapping[str, Any]) -> str:
    sides = [(name.capitalize(), item[name]) for name in ("request", "response") if name in item]
    parts = [(name, part) for name, side in sides for part in (side if isinstance(side, list) else [side])]
    blocks = [_block(name, part) for name, part in parts or [("Message", item)]]
    states = [each["name"] for each in item.get("providerStates", ())] or [item.get("providerState")]
    given = f" — given {', '.join(states)}" if states[0] else ""
    return f'<h3>{_text(item["description"] + given)}</h3><div class="sides">{"".join(blocks)}</div>'


def _block(name: str, part: Mapping[str, Any]) -> str:
    query = part.get("query") or ""
    if isinstance(query, dict):
        query = "&".join(f"{key}={value}" for key, values in query.items() for value in _values(values))
    asked = f"{part['method']} {part['path']}{'?' if query else ''}{query}" if "method" in part else ""
    first = asked or str(part.get("status") or "")
    lines = [first] if first else []
    for key, values in {**part.get("headers", {}), **part.get("metadata", {})}.items():
        lines.append(f"{key}: {HIDDEN if is_secret(key) else ', '.join(map(str, _values(values)))}")
    body = part.get("body", part.get("contents"))
    if isinstance(body, dict) and "content" in body:
        body = body["content"]
    if body is not None:
        lines += ["", body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)]
    return f"<div><h3>{name}</h3><pre>{_text(chr(10).join(lines))}</pre></div>"


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: str) -> str:
    return escape(redact(value))


def _diff(report: str) -> str:
    classes = {"- ": "minus", "+ ": "plus"}
    lines = [(classes.get(line.lstrip()[:2]), escape(line)) for line in report.splitlines()]
    return "\n".join(f'<span class="{kind}">{line}</span>' if kind else line for kind, line in lines)
