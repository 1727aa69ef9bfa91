"""The documents of a Pact Broker, in the shapes that `exchanges.json` recorded."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from pact_broker import matrix, selection
from pact_broker.environments import Environments
from pact_broker.replies import JSON, missing, wrong
from pact_broker.store import NOW, Pact, Result, Store, Version

if TYPE_CHECKING:
    from pact_broker.server import Reply, Seen

RECORDED = Path(__file__).with_name("exchanges.json")
RECORDED_HOST = "http://broker.test"
# What an index before 2.86 lacks.
_NEW = ("pb:publish-contracts", "pb:pacticipant-version", "pb:environment", "pb:can-i-deploy", "pb:pacticipant-branch")
_CHANGED = (
    "Cannot change the content of the pact for {name} version {version} and provider {provider}, as race conditions "
    "will cause unreliable results for can-i-deploy. Each pact must be published with a unique consumer version "
    "number. Some Pact libraries generate random data when a concrete value for a type matcher is not specified, and "
    "this can cause the contract to mutate - ensure you have given example values for all type matchers. For more "
    "information see https://docs.pact.io/go/versioning"
)


def recorded() -> list[dict[str, Any]]:
    return json.loads(RECORDED.read_text())  # type: ignore[no-any-return]


_INDEX = next(item["response"]["body"] for item in recorded() if item["what"] == "index")


class Resources(Environments):
    """What each address answers; ``links`` is what all links begin with."""

    store: Store
    links: str
    old: bool
    allow_changes: bool

    def resource(self, request: Seen) -> Reply:
        steps = request.steps
        for method, shape, handle in _ROUTES:
            if method == request.method and len(steps) == len(shape):
                pairs = list(zip(shape, steps, strict=True))
                if all(part in ("*", step) for part, step in pairs):
                    return handle(self, request, *[step for part, step in pairs if part == "*"])
        return missing()

    def href(self, *steps: str) -> str:
        return self.links + "".join(f"/{quote(step, safe='')}" for step in steps)

    def at(self, title: str | None, name: str | None, *steps: str) -> dict[str, str]:
        found = {"title": title, "name": name, "href": self.href(*steps)}
        return {key: value for key, value in found.items() if value is not None}

    # ---- index, publishing

    def index(self, request: Seen) -> Reply:
        text = json.dumps(_INDEX).replace(RECORDED_HOST, self.links)
        links = json.loads(text)["_links"]
        if self.old:
            links = {name: link for name, link in links.items() if not name.startswith(_NEW)}
        return 200, {"_links": links}, {}

    def publish(self, request: Seen) -> Reply:
        body = request.body
        name, number = body["pacticipantName"], body["pacticipantVersionNumber"]
        if not number:
            return wrong(pacticipantVersionNumber="must be filled")
        if not number.isprintable():
            return 422, {"errors": {"pacticipantVersionNumber": ["cannot contain control characters"]}}, {}
        new = [
            Pact(
                Version(0, contract["consumerName"], number),
                contract["providerName"],
                json.loads(base64.b64decode(contract["content"], validate=True)),
            )
            for contract in body["contracts"]
        ]
        merging = [contract.get("onConflict") == "merge" for contract in body["contracts"]]
        for pact, merge in zip(new, merging, strict=True):
            if pact.consumer != name or pact.content["consumer"]["name"] != name:
                return wrong(contracts="consumerName must match pacticipantName")
            before = self.store.pact(name, pact.provider, number)
            if before and before.content != pact.content:
                merged = self.allow_changes and merge and _merged(before.content, pact.content)
                if not merged:
                    return self._conflict(pact)
                pact.content = merged
        existed = self.store.version(name, number) is not None
        version = self.store.made(name, number)
        tags, branch = body.get("tags") or [], body.get("branch")
        version.tags += [tag for tag in tags if tag not in version.tags]
        version.build_url = body.get("buildUrl") or version.build_url
        if branch:
            self.store.put_on_branch(version, branch)
        told = [f"branch {branch}"] * bool(branch) + [f"tags {', '.join(tags)}"] * bool(tags)
        words = f" with {' and '.join(told)}" if told else ""
        notices = [("debug", f"{'Updated' if existed else 'Created'} {name} version {number}{words}")]
        for pact in new:
            notices += self._published(pact, version, tags)
        return 200, self._publication(version, new, tags, notices), {}

    def _published(self, pact: Pact, version: Version, tags: list[str]) -> list[tuple[str, str]]:
        before = self.store.pact(pact.consumer, pact.provider, version.number)
        first = not any(
            other.provider == pact.provider and other.consumer == pact.consumer and set(tags) & set(other.version.tags)
            for other in self.store.pacts
        )
        pact.version = version
        if before is None:
            self.store.pacts.append(pact)
            self.store.others.add(pact.provider)
        else:
            before.content = pact.content
        what = f"for {pact.consumer} version {version.number} and provider {pact.provider}"
        done = f"published {what}." if before is None else f"republished {what} with no content changes."
        changed = ", contract_content_changed" if before is None else ""
        if changed and self.store.present_anywhere(pact.provider):
            changed = f", contract_requiring_verification_published{changed}"
        if changed and tags and first:
            changed += f" (first time any pact published for this consumer with consumer version tagged {tags[0]})"
        elif changed and not tags:
            changed += " (first time untagged pact published)"
        verify, webhook = "https://docs.pact.io/go/provider_verification", "https://docs.pact.io/go/webhooks"
        place = self.href("pacts", "provider", pact.provider, "consumer", pact.consumer, "version", version.number)
        found = [
            ("success", f"Pact successfully {done}"),
            ("debug", f"  View the published pact at {place}"),
            ("debug", f"  Events detected: contract_published{changed}"),
            ("prompt", "  Next steps:"),
        ]
        if not any(result.provider_version.pacticipant == pact.provider for result in self.store.results):
            found.append(("prompt", f"    * Add Pact verification tests to the {pact.provider} build. See {verify}"))
        hook = (
            f"    * Configure separate {pact.provider} pact verification build and webhook to trigger it when the pact "
        )
        return [*found, ("prompt", f"{hook}content changes. See {webhook}")]

    def _publication(
        self, version: Version, pacts: list[Pact], tags: list[str], notices: list[tuple[str, str]]
    ) -> dict[str, Any]:
        name, number = version.pacticipant, version.number
        at_version = ("pacticipants", name, "versions", number)
        links = {
            "pb:pacticipant": self.at("Pacticipant", name, "pacticipants", name),
            "pb:pacticipant-version": self.at("Pacticipant version", number, *at_version),
            "pb:pacticipant-version-tags": [self.at("Tag", tag, *at_version, "tags", tag) for tag in tags],
            "pb:contracts": [
                self.at("Pact", p.name, "pacts", "provider", p.provider, "consumer", name, "version", number)
                for p in pacts
            ],
        }
        self_of = {"_links": {"self": self.at(None, None, "pacticipants", name)}}
        embedded = {
            "pacticipant": {"name": name, **self_of},
            "version": {"number": number, "_links": {"self": self.at("Version", number, *at_version)}},
        }
        logs = [{"level": kind, "message": text, "deprecationWarning": "Replaced by notices"} for kind, text in notices]
        told = [{"type": kind, "text": text} for kind, text in notices]
        return {"logs": logs, "notices": told, "_embedded": embedded, "_links": links}

    def _conflict(self, pact: Pact) -> Reply:
        names = {"name": pact.consumer, "version": pact.version.number, "provider": pact.provider}
        text = _CHANGED.format(**names)
        notices = [{"type": "error", "text": text}, {"type": "info", "text": " {\n the difference\n }"}]
        return 409, {"notices": notices, "errors": {"contracts": [text]}}, JSON

    def publish_one(self, request: Seen, provider: str, consumer: str, number: str) -> Reply:
        created = self.store.pact(consumer, provider, number) is None
        if created:
            self.store.pacts.append(Pact(self.store.made(consumer, number), provider, request.body))
            self.store.others.add(provider)
        return 201 if created else 200, request.body, {}

    # ---- pacts and their results

    def pact_of_version(self, request: Seen, provider: str, consumer: str, number: str) -> Reply:
        pact = self.store.pact(consumer, provider, number)
        return self._pact(pact, f"cvn={number}") if pact else missing()

    def pact_of_content(self, request: Seen, provider: str, consumer: str, sha: str, metadata: str = "") -> Reply:
        pact = self.store.pact(consumer, provider, sha=sha)
        return self._pact(pact, None, metadata) if pact else missing()

    def place(self, pact: Pact, metadata: str | None = None) -> tuple[str, ...]:
        place = ("pacts", "provider", pact.provider, "consumer", pact.consumer, "pact-version", pact.sha)
        return (*place, "metadata", metadata) if metadata else place

    def _pact(self, pact: Pact, query: str | None, metadata: str | None = None) -> Reply:
        provider, consumer, number = pact.provider, pact.consumer, pact.version.number
        between = ("pacts", "provider", provider, "consumer", consumer)
        version, results = ("pacticipants", consumer, "versions", number), "verification-results"
        marked = self.place(pact, metadata or selection.encoded(query or ""))
        tagged = {"href": self.href(*version, "tags") + "/{tag}"}
        query = urlencode({"q[][pacticipant]": consumer, "q[][version]": number, "latestby": "cvpv"})
        diff = self.href(*self.place(pact), "diff", "pact-version") + "/{pactVersion}"
        links: dict[str, Any] = {
            "self": self.at("Pact", pact.name, *between, "version", number),
            "pb:consumer": self.at("Consumer", consumer, "pacticipants", consumer),
            "pb:consumer-version": self.at("Consumer version", number, *version),
            "pb:consumer-versions": [self.at("Consumer version", number, *version)],
            "pb:provider": self.at("Provider", provider, "pacticipants", provider),
            "pb:pact-version": self.at("Pact content version permalink", pact.sha, *self.place(pact)),
            "pb:latest-pact-version": self.at("Latest version of this pact", None, *between, "latest"),
            "pb:all-pact-versions": self.at("All versions of this pact", None, *between, "versions"),
            "pb:latest-untagged-pact-version": self.at(
                "Latest untagged version of this pact", None, *between, "latest-untagged"
            ),
            "pb:latest-tagged-pact-version": {
                "title": "Latest tagged version of this pact",
                "href": self.href(*between, "latest") + "/{tag}",
                "templated": True,
            },
            "pb:previous-distinct": self.at(
                "Previous distinct version of this pact", None, *between, "version", number, "previous-distinct"
            ),
            "pb:diff-previous-distinct": self.at(
                "Diff with previous distinct version of this pact",
                None, *between, "version", number, "diff", "previous-distinct",
            ),
            "pb:diff": {
                "title": "Diff with another specified version of this pact", "href": diff, "templated": True,
            },
            "pb:pact-webhooks": self.at(
                f"Webhooks for the pact between {consumer} and {provider}",
                None, "webhooks", "provider", provider, "consumer", consumer,
            ),
            "pb:consumer-webhooks": self.at(
                f"Webhooks for all pacts with provider {provider}", None, "webhooks", "consumer", provider
            ),
            "pb:tag-prod-version": self.at(
                "PUT to this resource to tag this consumer version as 'production'", None, *version, "tags", "prod"
            ),
            "pb:tag-version": {"title": "PUT to this resource to tag this consumer version", **tagged},
            "pb:publish-verification-results": self.at("Publish verification results", None, *marked, results),
            "pb:latest-verification-results": self.at(None, None, *self.place(pact), results, "latest"),
            "pb:triggered-webhooks": self.at(
                "Webhooks triggered by the publication of this pact",
                None, *between, "version", number, "triggered-webhooks",
            ),
            "pb:matrix-for-consumer-version": {
                "title": "View matrix rows for the consumer version to which this pact belongs",
                "href": f"{self.links}/matrix?{query}",
            },
            "curies": [{"name": "pb", "href": self.links + "/doc/{rel}?context=pact", "templated": True}],
        }  # fmt: skip
        return 200, {**pact.with_ids(), "createdAt": NOW, "_links": links}, {}

    def latest_pacts(self, request: Seen, provider: str) -> Reply:
        if not self.store.knows(provider):
            return missing(f"No provider with name '{provider}' found")
        names = self.store.consumers(provider)
        pacts = [self.at("Pact", name, "pacts", "provider", provider, "consumer", name, "latest") for name in names]
        return 200, {"_links": {"pb:pacts": pacts, "pacts": pacts}}, {}

    def for_verification(self, request: Seen, provider: str) -> Reply:
        errors = selection.errors(request.body)
        if errors:
            return 400, {"errors": errors}, {}
        if not self.store.knows(provider):
            return 404, {"error": f"No provider with name '{provider}' found"}, {}
        pacts = [
            {
                "shortDescription": item.short,
                "verificationProperties": item.properties(self.href(*self.place(item.pact))),
                "_links": {"self": {"href": self.href(*self.place(item.pact, item.metadata)), "name": item.pact.name}},
            }
            for item in selection.chosen(self.store, provider, request.body)
        ]
        links = {"self": self.at("Pacts to be verified", None, "pacts", "provider", provider, "for-verification")}
        return 200, {"_embedded": {"pacts": pacts}, "_links": links}, {}

    def add_result(self, request: Seen, provider: str, consumer: str, sha: str, metadata: str = "") -> Reply:
        pact, body = self.store.pact(consumer, provider, sha=sha), request.body
        if pact is None:
            return missing()
        if not body.get("providerApplicationVersion"):
            return wrong(providerApplicationVersion="is missing")
        if not isinstance(body.get("success"), bool):
            return wrong(success="is missing")
        version = self.store.made(provider, body["providerApplicationVersion"])
        result = Result(101 + len(self.store.results), sha, consumer, version, body)
        self.store.results.append(result)
        place = (*self.place(pact), "verification-results", str(result.number))
        number, cvn = pact.version.number, f"cvn={pact.version.number}"
        links = {
            "self": self.at("Verification result", f"Verification result {result.number} for {pact.name}", *place),
            "pb:pact-version": self.at("Pact", pact.name, *self.place(pact, selection.encoded(cvn))),
            "pb:triggered-webhooks": self.at(
                "Webhooks triggered by the publication of this verification result", None, *place, "triggered-webhooks"
            ),
        }
        assert number
        kept = {key: body[key] for key in ("buildUrl", "testResults", "verifiedBy") if key in body}
        answer = {"providerName": provider, "providerApplicationVersion": version.number, "success": result.success}
        answer = {**answer, "verificationDate": NOW, **kept, "_links": links}
        return 201, answer, {"Location": self.href(*place)}

    # ---- pacticipants and versions

    def pacticipant(self, request: Seen, name: str) -> Reply:
        if not self.store.knows(name):
            return missing()
        here, latest = ("pacticipants", name), self.store.latest(name)
        embedded: dict[str, Any] = {"labels": []}
        if latest:
            number = latest.number
            shown = {"number": number, "_links": {"self": self.at("Version", number, *here, "versions", number)}}
            old = "DEPRECATED - please use latestVersion"
            embedded = {"latestVersion": shown, "labels": [], "latest-version": {**shown, "title": old, "name": old}}

        def template(title: str, path: str) -> dict[str, Any]:
            return {"title": title, "href": self.href(*here) + path, "templated": True}

        what = f"a version of {name}"
        links: dict[str, Any] = {
            "self": self.at(None, None, *here),
            "pb:versions": self.at(None, None, *here, "versions"),
            "pb:branches": self.at(None, None, *here, "branches"),
            "pb:deployed-environments": [],
            "pb:version": template("Get, create or delete a pacticipant version", "/versions/{version}"),
            "pb:version-tag": template(f"Get, create or delete a tag for {what}", "/versions/{version}/tags/{tag}"),
            "pb:branch-version": template(
                f"Get or add/create a version for a branch of {name}", "/branches/{branch}/versions/{version}"
            ),
            "pb:label": template(f"Get, create or delete a label for {name}", "/labels/{label}"),
            "versions": self.at("Deprecated - use pb:versions", None, *here, "versions"),
            "pb:can-i-deploy-badge": template(
                f"Can I Deploy {name} badge", "/latest-version/{tag}/can-i-deploy/to/{environmentTag}/badge"
            ),
            "pb:can-i-deploy-branch-to-environment-badge": template(
                f"Can I Deploy {name} from branch to environment badge",
                "/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}/badge",
            ),
            "curies": [{"name": "pb", "href": self.links + "/doc/{rel}?context=pacticipant", "templated": True}],
        }
        if self.old:
            del links["pb:branch-version"]
        main = self.store.main_branches.get(name)
        shown = {"name": name, "displayName": name, **({"mainBranch": main} if main else {})}
        return 200, {**shown, "updatedAt": NOW, "createdAt": NOW, "_embedded": embedded, "_links": links}, {}

    def versions(self, request: Seen, name: str) -> Reply:
        if not self.store.knows(name):
            return missing()
        found = [version for version in self.store.versions if version.pacticipant == name][::-1]
        shown = [self._version(version) for version in found]
        return 200, {"_embedded": {"versions": shown}, "_links": {}}, {}

    def version(self, request: Seen, name: str, number: str) -> Reply:
        version = self.store.version(name, number)
        return (200, self._version(version), {}) if version else missing()

    def latest_version(self, request: Seen, name: str) -> Reply:
        version = self.store.latest(name)
        return (200, self._version(version), {}) if version else missing()

    def _version(self, version: Version) -> dict[str, Any]:
        name, number = version.pacticipant, version.number
        here, branches = ("pacticipants", name, "versions", number), ("pacticipants", name, "branches")

        def latest(branch: str) -> bool:
            return self.store.latest(name, branch=branch) is version

        branch_versions = [
            {
                "name": branch,
                "latest": latest(branch),
                "_links": {"self": self.at("Branch version", branch, *branches, branch, "versions", number)},
            }
            for branch in version.branches
        ]
        tags = [{"name": tag, "_links": {"self": self.at("Tag", tag, *here, "tags", tag)}} for tag in version.tags]
        verified = "verification-results", "consumer", name, "version", number, "latest"
        links: dict[str, Any] = {
            "self": self.at("Version", number, *here),
            "pb:pacticipant": self.at("Pacticipant", name, "pacticipants", name),
            "pb:tag": {
                "href": self.href(*here, "tags") + "/{tag}",
                "title": "Get, create or delete a tag for this pacticipant version",
                "templated": True,
            },
            "pb:latest-verification-results-where-pacticipant-is-consumer": self.at(
                "Latest verification results for consumer version", None, *verified
            ),
            "pb:pact-versions": [],
            "pb:deployed-environments": self._environments_of(version, "deployed-versions"),
            "pb:released-environments": self._environments_of(version, "released-versions"),
        }
        for what, kind in (("deployment", "deployed-versions"), ("release", "released-versions")):
            # Like the real one: without environments there is no link at all.
            if self.store.environments:
                links[f"pb:record-{what}"] = [
                    {
                        "title": f"Record {what} to {item['displayName']}",
                        "name": item["name"],
                        "href": self.href(*here, kind, "environment", item["uuid"]),
                    }
                    for item in self.store.environments
                ]
        links["curies"] = [{"name": "pb", "href": self.links + "/doc/{rel}?context=version", "templated": True}]
        dates = {"updatedAt": NOW, "createdAt": NOW}
        embedded = {"branchVersions": branch_versions, "tags": tags}
        built = {"buildUrl": version.build_url} if version.build_url else {}
        return {"number": number, **built, **dates, "_embedded": embedded, "_links": links}

    def _environments_of(self, version: Version, kind: str) -> list[dict[str, Any]]:
        uuids = [p.environment for p in self.store.presences if p.current and p.version is version and p.kind == kind]
        named = [item for item in self.store.environments if item["uuid"] in uuids]
        return [self.at("Environment", item["name"], "environments", item["uuid"]) for item in named]

    def put_on_branch(self, request: Seen, name: str, branch: str, number: str) -> Reply:
        self.store.put_on_branch(self.store.made(name, number), branch)
        here = ("pacticipants", name, "branches", branch)
        links = {
            "self": self.at("Branch version", None, *here, "versions", number),
            "pb:branch": self.at("Branch", branch, *here),
            "pb:version": self.at("Version", number, "pacticipants", name, "versions", number),
        }
        location = self.href(*here, "versions", number)
        return 201, {"createdAt": NOW, "_links": links}, {"Location": location}

    def tag(self, request: Seen, name: str, number: str, tag: str) -> Reply:
        version = self.store.made(name, number)
        if tag not in version.tags:
            version.tags.append(tag)
        here = ("pacticipants", name, "versions", number)
        links = {
            "self": self.at("Tag", tag, *here, "tags", tag),
            "version": self.at("Version", number, *here),
            "pacticipant": self.at("Pacticipant", name, "pacticipants", name),
        }
        return 201, {"name": tag, "createdAt": NOW, "_links": links}, {"Location": self.href(*here, "tags", tag)}

    # ---- can-i-deploy

    def matrix(self, request: Seen) -> Reply:
        return matrix.answer(self.store, self.links, matrix.question(request.query))

    def can_i_deploy(self, request: Seen) -> Reply:
        asked = dict(request.query)
        one = {"pacticipant": asked.get("pacticipant", ""), "version": asked.get("version", "")}
        found = matrix.Question([one], environment=asked.get("environment"), tag=asked.get("to"))
        return matrix.answer(self.store, self.links, found)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """Put two contents together, or return None where an interaction of the same name differs."""
    found = {(item["description"], str(item.get("providerStates"))): item for item in old.get("interactions", ())}
    for item in new.get("interactions", ()):
        key = (item["description"], str(item.get("providerStates")))
        if found.setdefault(key, item) != item:
            return None
    return {**old, "interactions": list(found.values())}


_BETWEEN = "pacts/provider/*/consumer/*"
_MARKED = f"{_BETWEEN}/pact-version/*/metadata/*"
_ROUTES: list[tuple[str, list[str], Callable[..., Any]]] = [
    (text.split()[0], text.partition(" ")[2].split("/"), handle)
    for text, handle in {
        "GET ": Resources.index,
        "POST contracts/publish": Resources.publish,
        f"PUT {_BETWEEN}/version/*": Resources.publish_one,
        f"PATCH {_BETWEEN}/version/*": Resources.publish_one,
        f"GET {_BETWEEN}/version/*": Resources.pact_of_version,
        f"GET {_BETWEEN}/pact-version/*": Resources.pact_of_content,
        f"GET {_MARKED}": Resources.pact_of_content,
        f"POST {_BETWEEN}/pact-version/*/verification-results": Resources.add_result,
        f"POST {_MARKED}/verification-results": Resources.add_result,
        "GET pacts/provider/*/latest": Resources.latest_pacts,
        "POST pacts/provider/*/for-verification": Resources.for_verification,
        "GET pacticipants/*": Resources.pacticipant,
        "GET pacticipants/*/latest-version": Resources.latest_version,
        "GET pacticipants/*/versions": Resources.versions,
        "GET pacticipants/*/versions/*": Resources.version,
        "PUT pacticipants/*/versions/*/tags/*": Resources.tag,
        "PUT pacticipants/*/branches/*/versions/*": Resources.put_on_branch,
        "POST pacticipants/*/versions/*/*/environment/*": Resources.record,
        "GET environments": Resources.environments,
        "POST environments": Resources.add_environment,
        "GET environments/*": Resources.environment,
        "GET environments/*/*/*": Resources.current,
        "GET can-i-deploy": Resources.can_i_deploy,
        "GET matrix": Resources.matrix,
        "PATCH */*": Resources.end,
    }.items()
]
