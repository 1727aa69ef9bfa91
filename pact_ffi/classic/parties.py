"""The two sides of a classic pact, by name: the `Provider`, and what both kinds of consumers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pact_ffi.classic.options import read_option


class Provider:
    """The service that a pact is with, by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Provider({self.name!r})"


@dataclass(eq=False, repr=False)
class Party:
    """What `Consumer` and `MessageConsumer` are made with."""

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
        for name in ("tag_with_git_branch", "auto_detect_version_properties"):
            setattr(self, name, read_option(name, getattr(self, name), False))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def make_pact(self, said: dict[str, Any]) -> Any:
        """Make the pact from what ``has_pact_with`` was called with, whose local names are ``said``."""
        more = said.pop("options")
        options = {name: value for name, value in said.items() if name not in ("self", "__class__")}
        if not isinstance(options["provider"], Provider):
            raise ValueError("provider must be an instance of the Provider class.")
        return self.service_cls(consumer=self, **options, **more)  # type: ignore[misc]
