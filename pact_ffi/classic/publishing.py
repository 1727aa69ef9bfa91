"""Publishing from the classic API, to the broker's own endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pact_ffi.classic import naming

if TYPE_CHECKING:
    from pact_ffi.classic.party import Party
    from pact_ffi.classic.provider import Provider


class Publishing:
    """What `Pact` and `MessagePact` have in common: their options, and what they tell a broker."""

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
        self.file_name = naming.file_name(consumer.name, provider.name, options.get("file_name"))
        naming.check_mode(self.file_write_mode)

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
        from pact_ffi.broker import Broker

        broker = Broker(self.broker_base_url, self.broker_username, self.broker_password, self.broker_token)
        broker.publish(
            pact_dir or self.pact_dir,
            consumer=consumer_name,
            version=version,
            branch=branch,
            tags=[consumer_tags] if isinstance(consumer_tags, str) else consumer_tags or (),
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
