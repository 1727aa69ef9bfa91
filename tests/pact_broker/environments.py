"""Environments, and what was deployed or released to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pact_broker.replies import missing, wrong
from pact_broker.store import NOW, Presence, Store

if TYPE_CHECKING:
    from pact_broker.server import Reply, Seen


class Environments:
    """The resources below ``/environments``, and those of each presence."""

    store: Store

    def href(self, *steps: str) -> str:
        raise NotImplementedError

    def at(self, title: str | None, name: str | None, *steps: str) -> dict[str, str]:
        raise NotImplementedError

    def _environment(self, item: dict[str, Any]) -> dict[str, Any]:
        here, shown = ("environments", item["uuid"]), item["displayName"]
        links = {
            "self": self.at("Environment", item["name"], *here),
            "pb:currently-deployed-deployed-versions": self.at(
                f"Versions currently deployed to {shown} environment",
                None, *here, "deployed-versions", "currently-deployed",
            ),
            "pb:currently-supported-released-versions": self.at(
                f"Versions released and supported in {shown} environment",
                None, *here, "released-versions", "currently-supported",
            ),
            "pb:environments": self.at("Environments", None, "environments"),
        }  # fmt: skip
        return {**item, "_links": links}

    def environments(self, request: Seen) -> Reply:
        items = self.store.environments
        named = [self.at("Environment", item["name"], "environments", item["uuid"]) for item in items]
        links = {"self": self.at("Environments", None, "environments"), "pb:environments": named}
        return 200, {"_embedded": {"environments": list(map(self._environment, items))}, "_links": links}, {}

    def environment(self, request: Seen, uuid: str) -> Reply:
        found = [item for item in self.store.environments if item["uuid"] == uuid]
        return (200, self._environment(found[0]), {}) if found else missing()

    def add_environment(self, request: Seen) -> Reply:
        body = request.body
        name = body.get("name")
        if not name:
            return wrong(name="must be filled")
        if self.store.environment(name):
            return wrong(name=f"name '{name}' is already used by an existing environment.")
        if not isinstance(body.get("production"), bool):
            return wrong(production="must be one of: true, false")
        item = self.store.add_environment(name, body.get("displayName"), body["production"])
        return 201, self._environment(item), {"Location": self.href("environments", item["uuid"])}

    def record(self, request: Seen, name: str, number: str, kind: str, uuid: str) -> Reply:
        version = self.store.version(name, number)
        environment = next((item for item in self.store.environments if item["uuid"] == uuid), None)
        if version is None or environment is None:
            return missing()
        new = Presence(kind, uuid, version, (request.body or {}).get("applicationInstance"))
        for old in self.store.presences:
            before = (old.kind, old.environment, old.version.pacticipant, old.instance)
            if kind == "deployed-versions" and before == (kind, uuid, name, new.instance):
                old.current = False
        self.store.presences.append(new)
        shown = self._presence(new)
        shown["_embedded"]["environment"] = self._environment(environment)
        return 201, shown, {"Location": self.href(kind, new.uuid)}

    def _presence(self, presence: Presence) -> dict[str, Any]:
        flag = "currentlyDeployed" if presence.kind == "deployed-versions" else "currentlySupported"
        instance = presence.instance
        extra = {"target": instance, "applicationInstance": instance} if instance else {}
        name, number = presence.version.pacticipant, presence.version.number
        version = self.at("Version", number, "pacticipants", name, "versions", number)
        embedded = {
            "pacticipant": {"name": name, "_links": {"self": self.at(None, None, "pacticipants", name)}},
            "version": {"number": number, "_links": {"self": version}},
        }
        shown = {"uuid": presence.uuid, flag: presence.current, **extra, "createdAt": NOW, "_embedded": embedded}
        return {**shown, "_links": {"self": self.at(None, None, presence.kind, presence.uuid)}}

    def current(self, request: Seen, uuid: str, kind: str, which: str) -> Reply:
        wanted = dict(request.query)
        found = [
            presence
            for presence in self.store.presences[::-1]
            if (presence.kind, presence.environment, presence.current) == (kind, uuid, True)
            and wanted.get("pacticipant") in (None, presence.version.pacticipant)
            and wanted.get("version") in (None, presence.version.number)
        ]
        shown = next(item["displayName"] for item in self.store.environments if item["uuid"] == uuid)
        title = f"Currently {which.removeprefix('currently-')} versions for {shown}"
        links = {"self": self.at(title, None, "environments", uuid, kind, which)}
        name = re.sub("-(.)", lambda part: part[1].upper(), kind)
        return 200, {"_embedded": {name: list(map(self._presence, found))}, "_links": links}, {}

    def end(self, request: Seen, kind: str, uuid: str) -> Reply:
        flag = {"deployed-versions": "currentlyDeployed", "released-versions": "currentlySupported"}.get(kind)
        found = [item for item in self.store.presences if (item.kind, item.uuid) == (kind, uuid)]
        if flag is None or not found:
            return missing()
        if request.headers.get("content-type") != "application/merge-patch+json" or request.body != {flag: False}:
            return 415, {"errors": {"body": ["must be a merge patch"]}}, {}
        found[0].current = False
        return 200, self._presence(found[0]), {}
