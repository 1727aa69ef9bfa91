"""What a Pact Broker remembers."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

NOW = "2026-11-25T14:05:23+00:00"
_MAIN_BRANCHES = ("develop", "main", "master")
_LISTS = ("interactions", "messages")


def digest(content: Any) -> str:
    return hashlib.sha1(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass
class Version:
    """A version of a pacticipant; `order` is the broker's own number of it."""

    order: int
    pacticipant: str
    number: str
    branches: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    build_url: str | None = None

    @property
    def details(self) -> dict[str, Any]:
        found = {"branch": self.branches[-1] if self.branches else None, "tags": self.tags, "buildUrl": self.build_url}
        return {key: value for key, value in found.items() if value}


@dataclass
class Pact:
    """What one consumer version published for one provider."""

    version: Version
    provider: str
    content: dict[str, Any]

    @property
    def consumer(self) -> str:
        return self.version.pacticipant

    @property
    def sha(self) -> str:
        return digest([self.consumer, self.provider, self.content])

    @property
    def name(self) -> str:
        return f"Pact between {self.consumer} ({self.version.number}) and {self.provider}"

    def with_ids(self) -> dict[str, Any]:
        """The content as the broker gives it out: each interaction with its id."""
        lists = {
            name: [{"_id": digest([self.consumer, self.provider, item]), **item} for item in self.content[name]]
            for name in _LISTS
            if name in self.content
        }
        return {**self.content, **lists}


@dataclass
class Result:
    """One published verification result."""

    number: int
    sha: str
    consumer: str
    provider_version: Version
    body: dict[str, Any]

    @property
    def success(self) -> bool:
        return bool(self.body["success"])


@dataclass
class Presence:
    """A version that was deployed or released to an environment."""

    kind: str  # "deployed-versions", "released-versions"
    environment: str  # its uuid
    version: Version
    instance: str | None = None
    current: bool = True
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Store:
    """Everything that was told, in the order in which it came."""

    versions: list[Version] = field(default_factory=list)
    pacts: list[Pact] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    environments: list[dict[str, Any]] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    main_branches: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)  # pacticipants without a version

    # ---- pacticipants and versions

    def knows(self, pacticipant: str) -> bool:
        return pacticipant in self.others or any(v.pacticipant == pacticipant for v in self.versions)

    def version(self, pacticipant: str, number: str) -> Version | None:
        return next((v for v in self.versions if (v.pacticipant, v.number) == (pacticipant, number)), None)

    def made(self, pacticipant: str, number: str) -> Version:
        version = self.version(pacticipant, number)
        if version is None:
            version = Version(len(self.versions) + 1, pacticipant, number)
            self.versions.append(version)
        return version

    def put_on_branch(self, version: Version, branch: str) -> None:
        if branch not in version.branches:
            version.branches.append(branch)
        if branch in _MAIN_BRANCHES:
            self.main_branches.setdefault(version.pacticipant, branch)

    def latest(self, pacticipant: str, branch: str | None = None, tag: str | None = None) -> Version | None:
        chosen = [
            version
            for version in self.versions
            if version.pacticipant == pacticipant
            and (branch is None or branch in version.branches)
            and (tag is None or tag in version.tags)
        ]
        return chosen[-1] if chosen else None

    def present(self, environment: str, pacticipant: str) -> list[Version]:
        """The versions of an application that are deployed or released to the environment of this name."""
        uuids = [item["uuid"] for item in self.environments if item["name"] == environment]
        found = [
            presence.version
            for presence in self.presences
            if presence.current and presence.environment in uuids and presence.version.pacticipant == pacticipant
        ]
        return list({id(version): version for version in found}.values())

    def present_anywhere(self, pacticipant: str) -> bool:
        return any(self.present(item["name"], pacticipant) for item in self.environments)

    # ---- pacts and results

    def pact(self, consumer: str, provider: str, number: str | None = None, sha: str | None = None) -> Pact | None:
        found = [
            pact
            for pact in self.pacts
            if (pact.consumer, pact.provider) == (consumer, provider)
            and number in (None, pact.version.number)
            and sha in (None, pact.sha)
        ]
        return found[-1] if found else None

    def consumers(self, provider: str) -> list[str]:
        return sorted({pact.consumer for pact in self.pacts if pact.provider == provider})

    def providers(self, version: Version) -> list[str]:
        return sorted({pact.provider for pact in self.pacts if pact.version is version})

    def results_of(self, pact: Pact) -> list[Result]:
        return [result for result in self.results if result.sha == pact.sha]

    def result(self, pact: Pact, provider_version: Version) -> Result | None:
        found = [result for result in self.results_of(pact) if result.provider_version is provider_version]
        return found[-1] if found else None

    def pending(self, pact: Pact, branch: str | None, tags: list[str]) -> bool:
        """Whether no version of the provider (on this branch, with one of these tags) has met the content yet."""
        for result in self.results_of(pact):
            version = result.provider_version
            among = branch in version.branches if branch else bool(set(tags) & set(version.tags)) if tags else True
            if result.success and among:
                return False
        return True

    def environment(self, name: str) -> dict[str, Any] | None:
        return next((item for item in self.environments if item["name"] == name), None)

    def add_environment(self, name: str, display_name: str | None = None, production: bool = False) -> dict[str, Any]:
        shown = {"uuid": str(uuid.uuid4()), "name": name, "displayName": display_name or name.capitalize()}
        self.environments.append({**shown, "production": production, "createdAt": NOW})
        self.environments.sort(key=lambda item: str(item["name"]))
        return next(item for item in self.environments if item["name"] == name)
