"""The Pact Broker client: publishing pacts, can-i-deploy, deployments and releases.

It follows the links of the broker's index, as the broker's published interface asks; ``/matrix``, which no index
lists, and the publishing of old brokers go by path.
"""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pact_ffi.broker import git
from pact_ffi.broker.hal import BrokerSettings, HalClient, expand
from pact_ffi.errors import BrokerError, InvalidInputError, PactFileError
from pact_ffi.pact_file.reading import read_pacts

_log = logging.getLogger("pact.broker")


class Notice(NamedTuple):
    """What the broker wants its user to read; ``kind`` is its "debug", "info", "success", "warning", "danger"..."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Deployability:
    """The answer to can-i-deploy; true as a condition if the version is safe to deploy.

    ``unknown`` is the number of required verification results that are still missing (0 if one has failed), ``matrix``
    holds the broker's rows (consumer, provider, pact, verificationResult).
    """

    deployable: bool
    reason: str
    unknown: int
    notices: list[Notice]
    matrix: list[dict[str, Any]]

    def __bool__(self) -> bool:
        return self.deployable


class Broker:
    """A Pact Broker (or PactFlow). Its methods raise `BrokerError` when it refuses or cannot be reached.

    Args:
        url: its base URL, ``user:password@`` accepted; default ``PACT_BROKER_BASE_URL``.
        username: for basic authentication, with ``password``; default ``PACT_BROKER_USERNAME``, ``_PASSWORD``.
        password: see ``username``.
        token: bearer token; default ``PACT_BROKER_TOKEN``.
        verify: check TLS certificates against the system's authorities (True), those in a PEM file or folder, or not.
        timeout: longest silence of the broker within one request, in seconds.

    Raises:
        InvalidInputError: no URL, or settings that cannot work.
    """

    def __init__(
        self, url: str | None = None, username: str | None = None, password: str | None = None,
        token: str | None = None, *, verify: bool | str | Path = True, timeout: float = 30,
    ) -> None:  # fmt: skip
        self._hal = HalClient(BrokerSettings(url, username, password, token), verify, timeout)
        self.url = self._hal.url

    def __repr__(self) -> str:
        return f"<Broker {self.url}>"

    def publish(
        self, *sources: str | Path, version: str | None = None, branch: str | None = None, tags: Iterable[str] = (),
        build_url: str | None = None, consumer: str | None = None, detect: bool = False, tag_with_branch: bool = False,
        merge: bool = False,
    ) -> list[Notice]:  # fmt: skip
        """Publish pact files, all those of one consumer in one request (``pb:publish-contracts``).

        Args:
            sources: pact files, or folders of which every pact (``*.json``) is published.
            version: the consumer's version.
            branch: its branch.
            tags: its tags.
            build_url: address of the CI build.
            consumer: publish only the pacts of this consumer.
            detect: take what is missing of version (the commit), branch and build URL from git and the CI variables.
            tag_with_branch: use the branch as a tag, too; it is detected if not given.
            merge: add to a pact already published for this version; otherwise the broker decides on a conflict.

        Returns:
            The broker's notices.

        Raises:
            PactFileError: nothing to publish, or a file that is no pact.
            InvalidInputError: no version.
            UsageError: detection was asked for and found nothing.
        """
        pacts = _read_pacts(sources, consumer)
        version = version or (git.commit() if detect else None)
        if not version:
            raise InvalidInputError("publishing needs the consumer's version: pass it, or ask for detection from git")
        branch = branch or (git.branch() if detect or tag_with_branch else None)
        labels = dict.fromkeys([tags] if isinstance(tags, str) else tags)
        if tag_with_branch and branch:
            labels[branch] = None
        build_url = build_url or (git.build_url() if detect else None)
        details = {"branch": branch, "tags": list(labels), "buildUrl": build_url}
        details = {key: value for key, value in details.items() if value}
        index, notices = self._hal.index(), []
        url = self._hal.link(index, "pb:publish-contracts")
        for name in dict.fromkeys(pact.consumer for pact in pacts):
            group = [pact for pact in pacts if pact.consumer == name]
            _log.info("publishing %d pacts of %s, version %s", len(group), name, version)
            try:
                if url:
                    head = {"pacticipantName": name, "pacticipantVersionNumber": version, **details}
                    contracts = [pact.contract(merge) for pact in group]
                    notices += _notices(self._hal.send("POST", url, {**head, "contracts": contracts}))
                else:
                    notices += self._publish_to_old_broker(group, version, details, merge)
            except BrokerError as error:
                raise BrokerError(f"pacts of {name} {version} were not published: {error}", error.status) from None
        return notices

    def _publish_to_old_broker(
        self, pacts: list[_Pact], version: str, details: dict[str, Any], merge: bool
    ) -> list[Notice]:
        """Publish to a broker before 2.86: tags first, so that its webhooks see them."""
        values = {"consumer": pacts[0].consumer, "version": version}
        for tag in details.get("tags", ()):
            path = expand("/pacticipants/{consumer}/versions/{version}/tags/{tag}", tag=tag, **values)
            self._hal.send("PUT", self.url + path, {})
        for pact in pacts:
            path = expand("/pacts/provider/{to}/consumer/{consumer}/version/{version}", to=pact.provider, **values)
            self._hal.send("PATCH" if merge else "PUT", self.url + path, pact.content)
        lost = [f"{key} {details[key]}" for key in ("branch", "buildUrl") if key in details]
        warnings = [Notice("warning", f"this broker is too old to record the {what}") for what in lost]
        return [Notice("success", f"Published {p.consumer} {version} - {p.provider}.") for p in pacts] + warnings

    def can_i_deploy(
        self, pacticipant: str, version: str | None = None, *, latest: bool | str = False,
        to_environment: str | None = None, to: str | None = None,
        retry_while_unknown: int = 0, retry_interval: float = 10,
    ) -> Deployability:  # fmt: skip
        """Ask whether a version is compatible with what it would meet (``/can-i-deploy``, ``/matrix``).

        Args:
            pacticipant: the application.
            version: its version.
            latest: instead of a version the latest one (True), or the latest one with this tag.
            to_environment: the environment to deploy to.
            to: the tag that stands for it; with neither, the latest version of every other application counts.
            retry_while_unknown: how many times to ask again while only results are missing.
            retry_interval: seconds between two questions.
        """
        if bool(version) == bool(latest) or (to and to_environment):
            raise InvalidInputError(
                "can-i-deploy takes a version or latest, and to_environment or a tag (to): one each"
            )
        kind, goal = ("environment", to_environment) if to_environment else ("tag", to or "")
        url = None
        if version and goal:
            relation = f"pb:can-i-deploy-pacticipant-version-to-{kind}"
            values = {"pacticipant": pacticipant, "version": version, kind: goal}
            url = self._hal.link(self._hal.index(), relation, **values)
        if url is None:
            # several versions may live in one environment, and "cvp" would only look at the newest of them
            scope = {"latestby": "cvpv"} if to_environment else {"latestby": "cvp", "latest": "true"}
            which = {"q[][version]": version or "", "q[][latest]": "true" if latest else ""}
            which["q[][tag]"] = latest if isinstance(latest, str) else ""
            query = {"q[][pacticipant]": pacticipant, **which, kind: goal, **scope}
            url = f"{self.url}/matrix?{urlencode({key: value for key, value in query.items() if value})}"
        for left in range(max(0, retry_while_unknown), -1, -1):
            result = _deployability(self._hal.send("GET", url))
            if result.deployable or not result.unknown or not left:
                break
            _log.info("%d results are missing; asking again in %g s, %d times", result.unknown, retry_interval, left)
            time.sleep(retry_interval)
        return result

    def record_deployment(
        self, pacticipant: str, version: str, environment: str, *, application_instance: str | None = None
    ) -> None:
        """Record that a version runs in an environment, in the place of its predecessor (``pb:record-deployment``).

        ``application_instance`` tells several instances in one environment apart.
        """
        body = {"applicationInstance": application_instance} if application_instance else {}
        self._record("pb:record-deployment", pacticipant, version, environment, body)

    def record_release(self, pacticipant: str, version: str, environment: str) -> None:
        """Record that a version is available in an environment, besides earlier ones (``pb:record-release``)."""
        self._record("pb:record-release", pacticipant, version, environment, {})

    def record_undeployment(
        self, pacticipant: str, environment: str, *, application_instance: str | None = None
    ) -> None:
        """Record that an application (or one instance of it) runs no more in an environment."""
        query = {"pacticipant": pacticipant}
        found = self._in_environment(environment, "pb:currently-deployed-deployed-versions", query)
        chosen = [i for i in found if (i.get("applicationInstance") or i.get("target")) == application_instance]
        self._end(
            chosen, "currentlyDeployed", f"{application_instance or pacticipant} is not deployed to {environment}"
        )

    def record_support_ended(self, pacticipant: str, version: str, environment: str) -> None:
        """Record that a released version is no more supported in an environment."""
        query = {"pacticipant": pacticipant, "version": version}
        found = self._in_environment(environment, "pb:currently-supported-released-versions", query)
        self._end(found, "currentlySupported", f"{pacticipant} {version} is not released to {environment}")

    def fetch(self, url: str) -> dict[str, Any]:
        """Return the pact at ``url``, for example a webhook's; the credentials go to the broker's own host only."""
        return self._hal.send("GET", url)

    def _record(self, relation: str, pacticipant: str, version: str, environment: str, body: dict[str, Any]) -> None:
        index = self._hal.index()
        url = self._hal.required(index, "pb:pacticipant-version", pacticipant=pacticipant, version=version)
        resource = self._hal.send("GET", url)
        link = self._hal.required(resource, relation) and self._hal.link(resource, relation, environment)
        if not link:
            raise _unknown_environment(environment, resource["_links"][relation])
        self._hal.send("POST", link, body)

    def _in_environment(self, environment: str, relation: str, query: dict[str, str]) -> list[dict[str, Any]]:
        index = self._hal.index()
        known = _embedded(self._hal.send("GET", self._hal.required(index, "pb:environments")))
        found = next((item for item in known if item.get("name") == environment), None)
        if found is None:
            raise _unknown_environment(environment, known)
        url = self._hal.link(found, "self") or self._hal.required(index, "pb:environment", uuid=str(found.get("uuid")))
        url = self._hal.required(self._hal.send("GET", url), relation)
        return _embedded(self._hal.send("GET", f"{url}?{urlencode(query)}"))

    def _end(self, items: list[dict[str, Any]], flag: str, absent: str) -> None:
        if not items:
            raise BrokerError(f"nothing to record: {absent}")
        for item in items:
            self._hal.send("PATCH", self._hal.required(item, "self"), {flag: False}, "application/merge-patch+json")


class _Pact(NamedTuple):
    path: Path
    consumer: str
    provider: str
    content: bytes

    def contract(self, merge: bool) -> dict[str, str]:
        """The pact as ``pb:publish-contracts`` takes it."""
        names = {"consumerName": self.consumer, "providerName": self.provider}
        form = {"specification": "pact", "contentType": "application/json"}
        content = base64.b64encode(self.content).decode()
        return {**names, **form, "content": content, **({"onConflict": "merge"} if merge else {})}


def _read_pacts(sources: Iterable[str | Path], consumer: str | None) -> list[_Pact]:
    """Read and check everything before anything is sent."""
    found: dict[tuple[str, str], _Pact] = {}
    for source in map(Path, sources):
        for pact in read_pacts(source):
            if consumer in (None, pact.consumer):
                path = Path(pact.source)
                read = _Pact(path, pact.consumer, pact.provider, path.read_bytes())
                other = found.setdefault((pact.consumer, pact.provider), read).path
                if other.resolve() != read.path.resolve():
                    raise PactFileError(
                        f"{other} and {read.path} are both the pact of {read.consumer} and {read.provider}"
                    )
    if not found:
        where = ", ".join(map(str, sources)) or "nowhere: no file or folder was given"
        raise PactFileError(f"no pact{f' of consumer {consumer!r}' if consumer else ''} to publish in {where}")
    return list(found.values())


def _deployability(answer: dict[str, Any]) -> Deployability:
    summary = answer.get("summary")
    if not isinstance(summary, dict) or "deployable" not in summary:
        raise BrokerError("the broker's answer to can-i-deploy has no summary.deployable")
    # null means "unknown"; after a failed result there is nothing to wait for
    unknown = 0 if summary.get("failed") else int(summary.get("unknown") or summary["deployable"] is None)
    reason = str(summary.get("reason") or "the broker gave no reason")
    return Deployability(
        summary["deployable"] is True, reason, unknown, _notices(answer), _objects(answer.get("matrix"))
    )


def _notices(answer: dict[str, Any]) -> list[Notice]:
    found = _objects(answer.get("notices") or answer.get("logs"))  # "logs" before broker 2.80
    return [Notice(str(n.get("type") or n.get("level")), str(n.get("text") or n.get("message"))) for n in found]


def _embedded(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of a collection, whatever their name."""
    return [item for items in (resource.get("_embedded") or {}).values() for item in _objects(items)]


def _objects(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _unknown_environment(name: str, known: list[dict[str, Any]]) -> BrokerError:
    names = ", ".join(sorted(str(item.get("name")) for item in known))
    return BrokerError(f"the broker has no environment {name!r}; it knows {names or 'none'}")
