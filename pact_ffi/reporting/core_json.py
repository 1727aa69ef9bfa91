"""The core's own JSON and report of a verification, fit to be shown: the same shape, without the values of secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pact_ffi.reporting.mismatches import ATTRIBUTES, Difference, Mismatch
from pact_ffi.reporting.redaction import Redactor, hide
from pact_ffi.reporting.scan import redact

_REPORT = "output"  # the lines of the core's report


def fit_to_be_shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of what `pactffi_verifier_json` says, in which only the values of secrets are replaced."""
    secrets = {secret for difference in _differences(found) for secret in difference.secrets()}
    shown = {name: _shown(value, secrets) for name, value in found.items() if name != _REPORT}
    if _REPORT in found:
        shown[_REPORT] = redact(hide("\n".join(found[_REPORT]), *secrets)).split("\n") if found[_REPORT] else []
    return shown


def _shown(value: Any, secrets: set[str]) -> Any:
    if isinstance(value, list):
        return [_shown(item, secrets) for item in value]
    if isinstance(value, str):
        return hide(redact(value), *secrets)
    if not isinstance(value, dict):
        return value
    mismatch = Mismatch.from_dict(value) if "type" in value else None
    if isinstance(mismatch, Difference):
        hidden = asdict(mismatch.redacted())
        return {name: hidden.get(ATTRIBUTES.get(name) or name, item) for name, item in value.items()}
    return {name: _shown(Redactor().named(name, item), secrets) for name, item in value.items()}


def _differences(value: Any) -> Iterator[Difference]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _differences(item)
    elif isinstance(value, dict):
        mismatch = Mismatch.from_dict(value) if "type" in value else None
        if isinstance(mismatch, Difference):
            yield mismatch
        for item in value.values():
            yield from _differences(item)
