"""Consumer version selectors: which pacts a broker hands out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from pact_ffi.errors import InvalidInputError

if TYPE_CHECKING:
    from typing_extensions import Unpack


Verifier = TypeVar("Verifier")


class Selector(TypedDict, total=False):
    """What a selector can say; the broker has the names in camel case, and explains them."""

    consumer: str
    tag: str
    fallback_tag: str
    latest: bool
    deployed_or_released: bool
    deployed: bool
    released: bool
    environment: str
    main_branch: bool
    branch: str
    matching_branch: bool
    fallback_branch: str


def _camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


_KINDS = {_camel(name): bool if "bool" in str(kind) else str for name, kind in Selector.__annotations__.items()}
_NEEDS = {"fallbackTag": "tag", "fallbackBranch": "branch"}


def selector_json(selector: str | Mapping[str, Any]) -> str:
    """Return a selector as the broker reads it.

    Raises `InvalidInputError` for an unknown key, a value of another type, or a fallback from nothing.
    """
    try:
        read = json.loads(selector) if isinstance(selector, str) else dict(selector)
    except (TypeError, ValueError):
        raise InvalidInputError(f"a consumer version selector must be JSON, not {selector!r}") from None
    if not isinstance(read, dict) or not read:
        raise InvalidInputError(
            f"a consumer version selector must be an object with at least one key, not {selector!r}"
        )
    for key, value in read.items():
        if key not in _KINDS:
            raise InvalidInputError(f"unknown key {key!r} in selector {read!r}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or value == "":
            raise InvalidInputError(f"selector key {key!r} must be a {_KINDS[key].__name__}, not {value!r}")
        if key in _NEEDS and _NEEDS[key] not in read:
            raise InvalidInputError(f"selector key {key!r} needs {_NEEDS[key]!r} beside it: {read!r}")
    return json.dumps(read)


class BrokerSelectorBuilder(Generic[Verifier]):
    """Says which pacts of the broker to verify; `build` returns to the verifier."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._selectors: list[str] = []
        self._consumer_tags: list[str] = []
        self._provider_tags: list[str] = []
        self._provider_branch: str | None = None
        self._pending = False
        self._wip_since: str | None = None

    def consumer_tags(self, *tags: str) -> BrokerSelectorBuilder[Verifier]:
        """Take the latest pacts with these consumer tags."""
        self._consumer_tags += tags
        return self

    def provider_tags(self, *tags: str) -> BrokerSelectorBuilder[Verifier]:
        """Say with which tags the results will be published; the broker needs it for pending pacts."""
        self._provider_tags += tags
        return self

    def provider_branch(self, branch: str) -> BrokerSelectorBuilder[Verifier]:
        """Say to which branch this provider version belongs."""
        self._provider_branch = branch
        return self

    def consumer_versions(self, *versions: str | Mapping[str, Any]) -> BrokerSelectorBuilder[Verifier]:
        """Add selectors as JSON texts or dicts with the broker's own keys."""
        self._selectors += [selector_json(version) for version in versions]
        return self

    def consumer_version(self, **selector: Unpack[Selector]) -> BrokerSelectorBuilder[Verifier]:
        """Add one selector; the names are those of the broker's documentation, in snake case (see `Selector`)."""
        return self.consumer_versions({_camel(key): value for key, value in selector.items() if value is not None})

    def include_pending(self) -> BrokerSelectorBuilder[Verifier]:
        """Verify pending pacts too; their failures do not fail the run."""
        self._pending = True
        return self

    def exclude_pending(self) -> BrokerSelectorBuilder[Verifier]:
        """Treat every pact alike (the default)."""
        self._pending = False
        return self

    def include_wip_since(self, since: str | date) -> BrokerSelectorBuilder[Verifier]:
        """Verify work-in-progress pacts published since that day (ISO 8601)."""
        text = since.isoformat() if isinstance(since, date) else str(since)
        try:
            date.fromisoformat(text[:10])
        except ValueError:
            raise InvalidInputError(f"include_wip_since takes an ISO date such as 2026-01-31, not {since!r}") from None
        self._wip_since = text
        return self

    def exclude_wip(self) -> BrokerSelectorBuilder[Verifier]:
        """Leave work-in-progress pacts out (the default)."""
        self._wip_since = None
        return self

    def values(self) -> tuple[Any, ...]:
        """Return what was chosen, in the order of the core's parameters."""
        tags, branch = self._provider_tags, self._provider_branch
        return self._pending, self._wip_since, tags, branch, self._selectors, self._consumer_tags

    def build(self) -> Verifier:
        """Return the verifier."""
        return self._verifier
