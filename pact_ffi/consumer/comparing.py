"""Whether interactions of one pact can stand, and be served, side by side."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence

from pact_ffi.consumer.interaction import Interaction
from pact_ffi.errors import InvalidInputError, PactConflictError, PactWarning
from pact_ffi.pact_file import file as pact_file


def check_served(interactions: Sequence[Interaction]) -> None:
    """Raise `InvalidInputError` for interactions that an earlier one with the same request would hide."""
    for interaction in interactions:
        if doubt := interaction._doubt():
            warnings.warn(doubt, PactWarning, stacklevel=4)
    groups: dict[object, list[Interaction]] = {}
    for interaction in interactions:  # the quick look first
        groups.setdefault(interaction._kept.calls.get(("request",)), []).append(interaction)
    for group in groups.values():
        seen: dict[str, Interaction] = {}
        for interaction in group if len(group) > 1 else ():
            first = seen.setdefault(interaction._kept.side("Request"), interaction)
            if first is not interaction:
                _check_answers(first, interaction)


def distinct(interactions: Sequence[Interaction]) -> list[Interaction]:
    """Return the interactions, each once.

    Raises `PactConflictError` for interactions of one description and states that say different things.
    """
    seen: dict[tuple[str, str, str], Interaction] = {}
    for interaction in interactions:
        first = seen.setdefault(interaction._identity, interaction)
        if first is not interaction and first._kept.all() != interaction._kept.all():
            known, new = (json.dumps(each._kept.lines(), indent=2, default=str) for each in (first, interaction))
            raise PactConflictError(pact_file.conflict(interaction._identity, known, new, "this pact"))
    return list(seen.values())


def _check_answers(first: Interaction, second: Interaction) -> None:
    titles = f"{first.title!r} and {second.title!r}"
    if first._kept.side("Response") != second._kept.side("Response"):
        raise InvalidInputError(
            f"interactions {titles} have the same request but different responses: a mock server could only ever serve"
            " the first. Serve them one at a time, or make the requests differ."
        )
    if first._identity != second._identity:
        warnings.warn(f"{titles} are served as one: request and response are equal", PactWarning, stacklevel=5)
