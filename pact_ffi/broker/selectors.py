"""Consumer version selectors: which pacts a broker hands out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from pact_ffi.broker.settings import Reach
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


class Selection(Reach, total=False):
    """What `Verifier.broker_source` takes beside the login: which pacts, and how the broker is reached."""

    consumer_versions: str | Mapping[str, Any] | Iterable[str | Mapping[str, Any]]
    consumer_tags: str | Iterable[str]
    provider_branch: str | None
    provider_tags: str | Iterable[str]
    include_pending: bool
    include_wip_since: str | date | None


def separated(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what ``options`` (see `Selection`) say of how the broker is reached, and what of which pacts."""
    reach = {key: value for key, value in options.items() if key in Reach.__annotations__}
    return reach, {key: value for key, value in options.items() if key not in reach}


def _camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


_KINDS = {_camel(name): bool if "bool" in str(kind) else str for name, kind in Selector.__annotations__.items()}
_NEEDS = {"fallbackTag": "tag", "fallbackBranch": "branch"}


def checked_selector(selector: str | Mapping[str, Any]) -> dict[str, Any]:
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
    read = {_camel(str(key)): value for key, value in read.items()}
    for key, value in read.items():
        if key not in _KINDS:
            raise InvalidInputError(f"unknown key {key!r} in selector {read!r}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or value == "":
            raise InvalidInputError(f"selector key {key!r} must be a {_KINDS[key].__name__}, not {value!r}")
        if key in _NEEDS and _NEEDS[key] not in read:
            raise InvalidInputError(f"selector key {key!r} needs {_NEEDS[key]!r} beside it: {read!r}")
    return read


def _listed(name: str, given: Any) -> list[Any]:
    if isinstance(given, (str, Mapping)):
        return [given]
    if not isinstance(given, Iterable):
        raise InvalidInputError(f"{name} must be a list, not {given!r}")
    return list(given)


def _checked_tags(tags: Sequence[Any]) -> list[str]:
    for tag in tags:
        if not isinstance(tag, str) or not tag:
            raise InvalidInputError(f"a tag must be text that is not empty, not {tag!r}")
    return list(tags)


class BrokerSelectorBuilder(Generic[Verifier]):
    """Says which pacts of the broker to verify; `build` returns to the verifier.

    >>> builder = Verifier("orders").broker_source(broker_url, selector=True)
    >>> verifier = builder.consumer_version(main_branch=True).provider_branch("main").include_pending().build()
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._selectors: list[dict[str, Any]] = []
        self._consumer_tags: list[str] = []
        self._provider_tags: list[str] = []
        self._provider_branch: str | None = None
        self._pending = False
        self._wip_since: str | None = None

    def chosen(
        self,
        *,
        consumer_versions: str | Mapping[str, Any] | Iterable[str | Mapping[str, Any]] = (),
        consumer_tags: str | Iterable[str] = (),
        provider_branch: str | None = None,
        provider_tags: str | Iterable[str] = (),
        include_pending: bool = False,
        include_wip_since: str | date | None = None,
    ) -> BrokerSelectorBuilder[Verifier]:
        """Choose everything at once; each keyword is what the method of that name takes."""
        self.consumer_versions(*_listed("consumer_versions", consumer_versions))
        self.consumer_tags(*_listed("consumer_tags", consumer_tags))
        self.provider_tags(*_listed("provider_tags", provider_tags))
        self._provider_branch = provider_branch or self._provider_branch
        self._pending = include_pending or self._pending
        return self.include_wip_since(include_wip_since) if include_wip_since else self

    def consumer_tags(self, *tags: str) -> BrokerSelectorBuilder[Verifier]:
        """Take the latest pacts with these consumer tags."""
        self._consumer_tags += _checked_tags(tags)
        return self

    def provider_tags(self, *tags: str) -> BrokerSelectorBuilder[Verifier]:
        """Say with which tags the results will be published; the broker needs it for pending pacts."""
        self._provider_tags += _checked_tags(tags)
        return self

    def provider_branch(self, branch: str) -> BrokerSelectorBuilder[Verifier]:
        """Say to which branch this provider version belongs."""
        self._provider_branch = branch
        return self

    def consumer_versions(self, *versions: str | Mapping[str, Any]) -> BrokerSelectorBuilder[Verifier]:
        """Add selectors as JSON texts or dicts with the broker's own keys.

        >>> builder = Verifier("orders").broker_source(broker_url, selector=True)
        >>> builder = builder.consumer_versions({"mainBranch": True}, '{"deployed": true}')
        """
        self._selectors += [checked_selector(version) for version in versions]
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

    def question(self, branch: str | None = None, tags: Iterable[str] = ()) -> dict[str, Any]:
        """Return what the broker is asked; ``branch`` and ``tags`` are the provider's where none were said here."""
        latest = [{"tag": tag, "latest": True} for tag in self._consumer_tags]
        asked = {
            "consumerVersionSelectors": [*self._selectors, *latest],
            "includePendingStatus": self._pending,
            "includeWipPactsSince": self._wip_since,
            "providerVersionBranch": self._provider_branch or branch,
            "providerVersionTags": self._provider_tags or _checked_tags(_listed("tags", tags)),
        }
        required = ("consumerVersionSelectors", "includePendingStatus")
        return {key: value for key, value in asked.items() if value or key in required}

    def build(self) -> Verifier:
        """Return the verifier."""
        return self._verifier
