"""What went wrong with a consumer's requests, told in terms of its interactions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pact_ffi.consumer.http import HttpInteraction
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.reporting.differences import pair_line, render, shown
from pact_ffi.reporting.mismatches import Mismatch, MissingRequest, RequestMismatch, RequestNotFound, TransportMismatch


def explain(mismatches: Sequence[Mismatch], interactions: Sequence[Interaction], *, colour: bool = False) -> str:
    """Return the report: requests that differed, requests nobody expected, interactions never called."""
    lines: list[str] = []
    missing = [
        meant_by(each.method, each.path, interactions, each.request)
        for each in mismatches
        if isinstance(each, MissingRequest)
    ]
    called = [each for each in interactions if each not in missing]
    for mismatch in mismatches:
        if isinstance(mismatch, RequestMismatch):
            lines += _differed(mismatch, called, colour)
        elif isinstance(mismatch, RequestNotFound):
            lines += _unexpected(mismatch, interactions, colour)
        elif isinstance(mismatch, MissingRequest):
            lines.append(
                f"Interaction {_name(missing.pop(0))} was never called: no {mismatch.method} {mismatch.path} came."
            )
        elif isinstance(mismatch, TransportMismatch):
            lines.append(f"{mismatch.path}: {mismatch.error or 'what came differs:'}")
            lines += render(mismatch.mismatches, colour=colour).splitlines()
        else:
            lines.append(str(mismatch))
    return "\n".join(lines)


def _differed(mismatch: RequestMismatch, interactions: Sequence[Interaction], colour: bool) -> list[str]:
    meant = meant_by(mismatch.method, mismatch.path, interactions, [vars(each) for each in mismatch.mismatches])
    head = f"{mismatch.method} {mismatch.path} differs from interaction {_name(meant)}:"
    return [head, render(mismatch.mismatches, colour=colour)]


def _unexpected(mismatch: RequestNotFound, interactions: Sequence[Interaction], colour: bool) -> list[str]:
    query = "&".join(f"{k}={v}" for k, values in (mismatch.request.get("query") or {}).items() for v in values)
    asked = f"{mismatch.method} {mismatch.path}"
    lines = [f"{asked}{'?' + query if query else ''} is expected by no interaction."]
    known = {_asked(each): each for each in interactions if isinstance(each, HttpInteraction)}
    import difflib  # only a failing test pays for it

    near = difflib.get_close_matches(asked, list(known), n=1, cutoff=0.0)
    if near:
        lines.append(f"  The nearest is {_name(known[near[0]])}:")
        lines += ["  " + pair_line("-", "expected", near[0], colour), "  " + pair_line("+", "received", asked, colour)]
    body = mismatch.request.get("body")
    return [*lines, f"  with the body: {shown(body)}"] if body else lines


def meant_by(method: str, path: str, interactions: Sequence[Interaction], hint: Any) -> Interaction | None:
    """Find the interaction that the core means; it tells method, path and expected values, but no name."""
    fitting = [each for each in interactions if _asked(each) == f"{method} {path}"]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    words = set(_words(hint))
    keys = [each._kept.side("Request") for each in fitting]
    return fitting[max(range(len(keys)), key=lambda at: (sum(word in keys[at] for word in words), -len(keys[at])))]


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


def _asked(interaction: Interaction) -> str:
    return f"{interaction.method} {interaction.path}" if isinstance(interaction, HttpInteraction) else ""


def _name(interaction: Interaction | None) -> str:
    return repr(interaction.title) if interaction else "(which one, the core does not say)"
