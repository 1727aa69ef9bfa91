"""What the consumers of both classic APIs, HTTP and messages, have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pact_ffi.classic.provider import Provider


@dataclass(eq=False, repr=False)
class Party:
    """A consumer by name, with what is published about its version.

    Args:
        name: The consumer's name.
        service_cls: The class that ``has_pact_with`` instantiates.
        tags: Tags to publish the version with.
        tag_with_git_branch: Publish with the branch of the git checkout as a tag.
        version: The consumer's version, for publishing.
        branch: The branch to publish the version with.
        build_url: The address of the build to publish the version with.
        auto_detect_version_properties: Take branch and version from git or the CI system.
    """

    name: str
    service_cls: type[Any] | None = None
    tags: Sequence[str] | None = None
    tag_with_git_branch: bool = False
    version: str = "0.0.0"
    branch: str | None = None
    build_url: str | None = None
    auto_detect_version_properties: bool = False

    def __post_init__(self) -> None:
        self.service_cls = self.service_cls or type(self).service_cls

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def _service(self, said: dict[str, Any]) -> Any:
        """Call ``service_cls`` with what ``has_pact_with`` was called with, whose local names are ``said``."""
        options = {name: value for name, value in said.items() if name not in ("self", "options", "__class__")}
        if not isinstance(options["provider"], Provider):
            raise ValueError("provider must be an instance of the Provider class.")
        return self.service_cls(consumer=self, **options)  # type: ignore[misc]
