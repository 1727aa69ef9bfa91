"""What the pacts of both classic APIs, HTTP and messages, have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError

if TYPE_CHECKING:
    from pact_ffi.classic.party import Party
    from pact_ffi.classic.provider import Provider

_MODES = ("overwrite", "merge", "never")


class BasePact:
    """The options of `Pact` and `MessagePact`, their file, and what they tell a broker."""

    consumer: Party
    provider: Provider
    publish_to_broker: bool = False
    broker_base_url: str | None = None
    broker_username: str | None = None
    broker_password: str | None = None
    broker_token: str | None = None
    pact_dir: str = "pacts"
    file_write_mode: str = "overwrite"
    file_name: str = ""

    def __init__(self, consumer: Party, provider: Provider, **options: Any) -> None:
        known = {name for kind in type(self).__mro__ for name in getattr(kind, "__annotations__", ())}
        for name, value in options.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no option {name!r}; it has {', '.join(sorted(known))}")
            if value is not None:
                setattr(self, name, value)
        self.consumer = consumer
        self.provider = provider
        self.pact_dir = str(Path(self.pact_dir).absolute())
        self.file_name = _file_name(consumer.name, provider.name, options.get("file_name"))
        if self.file_write_mode not in _MODES:
            modes = ", ".join(map(repr, _MODES))
            raise InvalidInputError(f"file_write_mode {self.file_write_mode!r} is none of {modes}")

    @property
    def path(self) -> Path:
        """The pact file."""
        return Path(self.pact_dir) / self.file_name

    def publish(
        self,
        consumer_name: str,
        version: str,
        pact_dir: str | None = None,
        tag_with_git_branch: bool | None = None,
        consumer_tags: Sequence[str] | str | None = None,
        branch: str | None = None,
        build_url: str | None = None,
        auto_detect_version_properties: bool = False,
    ) -> None:
        """Publish the pacts of ``consumer_name`` in ``pact_dir``; raises `BrokerError`.

        Args:
            consumer_name: Whose pacts.
            version: Its version.
            pact_dir: The folder; that of this pact by default.
            tag_with_git_branch: Tag the version with the branch of the git checkout.
            consumer_tags: Further tags.
            branch: The version's branch.
            build_url: The address of the build.
            auto_detect_version_properties: Take what is missing from git or the CI system.
        """
        from pact_ffi.broker.client import Broker

        broker = Broker(self.broker_base_url, self.broker_username, self.broker_password, self.broker_token)
        broker.publish(
            pact_dir or self.pact_dir,
            consumer=consumer_name,
            version=version,
            branch=branch,
            tags=consumer_tags or (),
            build_url=build_url,
            detect=auto_detect_version_properties,
            tag_with_branch=bool(tag_with_git_branch),
        )

    def publish_own(self) -> None:
        """Publish with what the consumer was made with."""
        owner = self.consumer
        self.publish(
            owner.name,
            owner.version,
            tag_with_git_branch=owner.tag_with_git_branch,
            consumer_tags=owner.tags,
            branch=owner.branch,
            build_url=owner.build_url,
            auto_detect_version_properties=owner.auto_detect_version_properties,
        )

    def _begin(self, version: str) -> None:
        """Make the contract; the option with the specification's version has another name for messages."""
        self._contract = Contract(self.consumer.name, self.provider.name, PactSpecification.parse(version))
        self._written = False

    def _write(self, interactions: Sequence[Interaction]) -> bool:
        """Add ``interactions`` to the file as its mode says; returns whether there was something to write."""
        if not interactions or self.file_write_mode == "never":
            return False
        overwrite = self.file_write_mode == "overwrite" and not self._written
        self._contract.write(self.path, overwrite=overwrite, interactions=interactions)
        self._written = True
        return True


def _file_name(consumer: str, provider: str, pattern: str | None) -> str:
    """Return the pact file's name: kebab case, or ``pattern`` with ``{consumer}`` and ``{provider}`` filled in."""
    if pattern is None:
        return f"{_kebab(consumer)}-{_kebab(provider)}.json"
    try:
        name = pattern.format(consumer=consumer, provider=provider)
    except (AttributeError, LookupError, ValueError) as error:
        raise InvalidInputError(f"file_name {pattern!r} may have {{consumer}} and {{provider}}: {error!r}") from None
    if re.search(r"[/\\\x00-\x1f\x7f]", name) or name in ("", ".", ".."):
        raise InvalidInputError(f"file_name {pattern!r} is no name of a file in pact_dir: {name!r}")
    return name


def _kebab(name: str) -> str:
    """Return ``name`` in kebab case: ``BillingService`` and ``billing service`` become ``billing-service``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[\s_-]+", "-", words).strip("-").lower()
