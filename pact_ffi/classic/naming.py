"""Names of pact files, and what may happen to a file, in the classic API."""

from __future__ import annotations

import re

from pact_ffi.errors import InvalidInputError

_MODES = ("overwrite", "merge", "never")


def kebab(name: str) -> str:
    """Return ``name`` in kebab case: ``BillingService`` and ``billing service`` become ``billing-service``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[\s_-]+", "-", words).strip("-").lower()


def file_name(consumer: str, provider: str, pattern: str | None = None) -> str:
    """Return the pact file's name: kebab case, or ``pattern`` with ``{consumer}`` and ``{provider}`` filled in."""
    if pattern is None:
        return f"{kebab(consumer)}-{kebab(provider)}.json"
    try:
        name = pattern.format(consumer=consumer, provider=provider)
    except (AttributeError, LookupError, ValueError) as error:
        raise InvalidInputError(f"file_name {pattern!r} may have {{consumer}} and {{provider}}: {error!r}") from None
    if re.search(r"[/\\\x00-\x1f\x7f]", name) or name in ("", ".", ".."):
        raise InvalidInputError(f"file_name {pattern!r} is no name of a file in pact_dir: {name!r}")
    return name


def check_mode(mode: str) -> None:
    """Raise `InvalidInputError` unless ``mode`` is a ``file_write_mode``."""
    if mode not in _MODES:
        raise InvalidInputError(f"file_write_mode {mode!r} is none of {', '.join(map(repr, _MODES))}")
