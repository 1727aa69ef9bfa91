"""The Pact Broker client: publishing pacts, can-i-deploy, environments, deployments and releases.

It follows the links of the broker's index, as the broker's published interface asks; ``/matrix``, which no index
lists, and the publishing of old brokers go by path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pact_ffi.broker import deployability
from pact_ffi.broker.deployability import Candidate, Deployability, Question
from pact_ffi.broker.hal import HalClient, Resource
from pact_ffi.broker.publishing import Notice, described_version, pacts_to_publish, publish
from pact_ffi.broker.settings import BrokerSettings, Connection
from pact_ffi.errors import BrokerError

_LISTED = 10  # of the versions that exist


class Broker:
    """A Pact Broker (or PactFlow). Its methods raise `BrokerError` when it refuses or cannot be reached.

    Args:
        url: its base URL, ``user:password@`` accepted; default ``PACT_BROKER_BASE_URL``.
        username: for basic authentication, with ``password``; default ``PACT_BROKER_USERNAME``, ``_PASSWORD``.
        password: see ``username``.
        token: bearer token; default ``PACT_BROKER_TOKEN``.
        verify: check TLS certificates against the usual authorities, or those that ``REQUESTS_CA_BUNDLE`` or
            ``SSL_CERT_FILE`` name (True), against those in a PEM file or folder, or not at all (False).
        cert: a client certificate: a PEM file with its key, or a pair of files.
        timeout: how long one answer may take in whole, in seconds.
        retries: how often a call is repeated after 429, 502, 503 or a refused connection.

    Raises:
        InvalidInputError: no URL, or settings that cannot work.

    >>> broker = Broker(broker_url, token=None)
    >>> published = broker.publish("pacts", version="1.2.0", branch="main")
    >>> broker.record_deployment("shop", "1.2.0", "production")
    >>> answer = broker.can_i_deploy("shop", "1.2.0", to_environment="production")
    >>> bool(answer), answer.unknown  # orders has not verified it yet
    (False, 1)
    """

    def __init__(
        self,
        url: str | None = None,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        *,
        verify: bool | str | Path = True,
        cert: str | Path | Sequence[str | Path] | None = None,
        timeout: float = 30,
        retries: int = 2,
    ) -> None:
        settings = BrokerSettings(url, username, password, token)
        self._hal = HalClient(settings, Connection(verify, cert, timeout, retries))
        self.url = self._hal.url

    def __repr__(self) -> str:
        return f"<Broker {self.url}>"

    def publish(
        self,
        *sources: str | Path,
        version: str | None = None,
        branch: str | None = None,
        tags: Iterable[str] = (),
        build_url: str | None = None,
        consumer: str | None = None,
        detect: bool = False,
        tag_with_branch: bool = False,
        merge: bool = False,
    ) -> list[Notice]:
        """Publish pact files, all those of one consumer in one request (``pb:publish-contracts``).

        Args:
            sources: pact files, patterns (``pacts/*.json``), or folders of which every pact (``*.json``) is published.
            version: the consumer's version.
            branch: its branch.
            tags: its tags.
            build_url: address of the CI build.
            consumer: publish only the pacts of this consumer.
            detect: take what is missing of version (the commit), branch and build URL from git and the CI variables.
            tag_with_branch: use the branch as a tag, too; it is detected if not given.
            merge: add to a pact already published for this version, which the broker must be set to allow; otherwise
                the broker decides on a conflict.

        Returns:
            The broker's notices.

        Raises:
            PactFileError: nothing to publish, or a file that is not a pact.
            InvalidInputError: no version.
            UsageError: detection was asked for and found nothing.
        """
        pacts = pacts_to_publish(sources, consumer)
        described = described_version(version, branch, tags, build_url, detect=detect, tag_with_branch=tag_with_branch)
        return publish(self._hal, pacts, described, merge)

    def can_i_deploy(
        self,
        pacticipant: str,
        version: str | None = None,
        *,
        latest: bool | str = False,
        branch: str | None = None,
        main_branch: bool = False,
        others: Iterable[Iterable[str] | Mapping[str, Any] | Candidate] = (),
        to_environment: str | None = None,
        to: str | None = None,
        ignore: Iterable[str | tuple[str, str]] = (),
        retry_while_unknown: int = 0,
        retry_interval: float = 10,
    ) -> Deployability:
        """Ask whether a version is compatible with what it would meet (``/can-i-deploy``, ``/matrix``).

        Args:
            pacticipant: the application.
            version: its version.
            latest: instead of a version the latest one (True), or the latest one with this tag.
            branch: or the latest one of this branch.
            main_branch: or the latest one of its main branch.
            others: further applications that shall go together with it, as pairs of name and version.
            to_environment: the environment to deploy to.
            to: the tag that stands for it; with neither, the latest version of every other application counts.
            ignore: applications (or pairs with a version) whose results do not matter.
            retry_while_unknown: how many times to ask again while results are missing or the broker is away.
            retry_interval: seconds between two questions.
        """
        first = Candidate(pacticipant, version, latest, branch, main_branch)
        ignored = tuple((item, None) if isinstance(item, str) else (item[0], item[1]) for item in ignore)
        question = Question([first, *map(Candidate.of, others)], to_environment, to, ignored)
        return deployability.ask(self._hal, question, retry_while_unknown, retry_interval)

    def create_environment(self, name: str, *, display_name: str | None = None, production: bool = False) -> None:
        """Make an environment known (``pb:environments``); a fresh broker has none.

        >>> broker.create_environment("staging")
        """
        shown = {"displayName": display_name} if display_name else {}
        url = self._hal.index().required("pb:environments")
        self._hal.send("POST", url, {"name": name, **shown, "production": production}, repeatable=False)

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
        """Record that an application (or one instance of it) no longer runs in an environment."""
        query = {"pacticipant": pacticipant}
        running = self._in_environment(environment, "pb:currently-deployed-deployed-versions", query)
        names = [item.content.get("applicationInstance") or item.content.get("target") for item in running]
        chosen = [item for item, name in zip(running, names, strict=True) if name == application_instance]
        absent = f"{pacticipant} is not deployed to {environment}"
        if application_instance or names:
            instances = ", ".join("one without a name" if name is None else repr(name) for name in names) or "none"
            what = f"instance {application_instance!r}" if application_instance else "instance without a name"
            absent = f"{pacticipant} has no {what} in {environment}; deployed there: {instances}"
        self._end(chosen, "currentlyDeployed", absent)

    def record_support_ended(self, pacticipant: str, version: str, environment: str) -> None:
        """Record that a released version is no longer supported in an environment."""
        query = {"pacticipant": pacticipant}
        released = self._in_environment(environment, "pb:currently-supported-released-versions", query)
        numbers = [item.value(str, "_embedded", "version", "number", default="") for item in released]
        chosen = [item for item, number in zip(released, numbers, strict=True) if number == version]
        there = ", ".join(numbers) or "none"
        self._end(
            chosen, "currentlySupported", f"{pacticipant} {version} is not released to {environment}; there: {there}"
        )

    def describe_version(self, pacticipant: str, version: str | None = None) -> dict[str, Any]:
        """Return what the broker knows of a version (by default the latest): number, branches, tags, environments.

        >>> published = broker.publish("pacts", version="1.2.0", branch="main")
        >>> broker.describe_version("shop")["version"]
        '1.2.0'
        """
        index = self._hal.index()
        if version is None:
            url = index.required("pb:latest-version", pacticipant=pacticipant)
            resource = self._hal.send("GET", url)
        else:
            resource = self._version(index, pacticipant, version)
        names = {
            kind: [str(link.get("name")) for link in resource.links(f"pb:{kind}-environments")]
            for kind in ("deployed", "released")
        }
        return {
            "pacticipant": pacticipant,
            "version": resource.value(str, "number"),
            "branches": [item.value(str, "name") for item in resource.objects("_embedded", "branchVersions")],
            "tags": [item.value(str, "name") for item in resource.objects("_embedded", "tags")],
            "buildUrl": resource.content.get("buildUrl"),
            "deployed": names["deployed"],
            "released": names["released"],
        }

    def fetch(self, url: str) -> dict[str, Any]:
        """Return the pact at ``url``, for example a webhook's; the credentials go to the broker's own host only."""
        return self._hal.send("GET", url).content

    def _version(self, index: Resource, pacticipant: str, version: str) -> Resource:
        url = index.required("pb:pacticipant-version", pacticipant=pacticipant, version=version)
        try:
            return self._hal.send("GET", url)
        except BrokerError as error:
            if error.status != 404:
                raise
        raise BrokerError(
            f"the broker knows no version {version} of {pacticipant}; {self._known(index, pacticipant)}", 404
        )

    def _known(self, index: Resource, pacticipant: str) -> str:
        """Say which versions there are."""
        try:
            application = self._hal.send("GET", index.required("pb:pacticipant", pacticipant=pacticipant))
            listed = self._hal.send("GET", application.required("pb:versions")).embedded()
        except BrokerError as error:
            if error.status != 404:
                raise
            return "nor any other version of it"
        numbers = [item.value(str, "number", default="?") for item in listed]
        more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
        return f"it knows {', '.join(numbers[:_LISTED]) or 'none'}{more}"

    def _record(self, relation: str, pacticipant: str, version: str, environment: str, body: dict[str, Any]) -> None:
        index = self._hal.index()
        resource = self._version(index, pacticipant, version)
        link = resource.link(relation, environment)
        if not link:
            self._environments(index, environment)
            raise resource.error(f"the answer has no link {relation} for {environment!r}")
        self._hal.send("POST", link, body, repeatable=False)

    def _environments(self, index: Resource, wanted: str) -> Resource:
        """Return the environment of this name; raises `BrokerError` that lists those that exist."""
        known = self._hal.send("GET", index.required("pb:environments")).embedded()
        names = sorted(item.value(str, "name", default="?") for item in known)
        for item in known:
            if item.content.get("name") == wanted:
                return item
        there = f"it knows {', '.join(names)}" if names else "it knows none; create it with create-environment"
        raise BrokerError(f"the broker has no environment {wanted!r}; {there}")

    def _in_environment(self, environment: str, relation: str, query: dict[str, str]) -> list[Resource]:
        index = self._hal.index()
        item = self._environments(index, environment)
        url = item.link("self") or index.required("pb:environment", uuid=item.value(str, "uuid"))
        url = self._hal.send("GET", url).required(relation)
        return self._hal.send("GET", f"{url}?{urlencode(query)}").embedded()

    def _end(self, items: list[Resource], flag: str, absent: str) -> None:
        if not items:
            raise BrokerError(f"nothing to record: {absent}")
        for item in items:
            self._hal.send("PATCH", item.required("self"), {flag: False}, kind="application/merge-patch+json")
