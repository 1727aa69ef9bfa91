"""Which pacts a Pact Broker hands out for verification, and what it says of each."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pact_broker.store import Pact, Store

_READ_MORE = "Read more at https://docs.pact.io/go/pending"


def encoded(metadata: str) -> str:
    return base64.urlsafe_b64encode(metadata.encode()).decode().rstrip("=")


def errors(asked: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    selectors = asked.get("consumerVersionSelectors") or []
    wrong = [f"must be a hash (at index {n})" for n, item in enumerate(selectors) if not isinstance(item, dict)]
    if wrong:
        found["consumerVersionSelectors"] = wrong
    if asked.get("includePendingStatus") not in (None, True, False):
        found["includePendingStatus"] = ["must be one of: true, false"]
    return found


@dataclass
class Chosen:
    """One pact to verify; ``pending`` is None when that was not asked for, ``wip`` when it came as work in progress."""

    pact: Pact
    short: str
    reasons: list[str]
    marks: list[str] = field(default_factory=list)
    pending: bool | None = None
    whom: str = ""
    wip: bool = False

    @property
    def metadata(self) -> str:
        marks = [*self.marks, f"s%5B%5D%5Bcv%5D={self.pact.version.order}"]
        if self.pending:
            marks.append("p=true")
        if self.wip:
            marks.append("w=true")
        return encoded("&".join(marks))

    def properties(self, place: str) -> dict[str, Any]:
        reasons = "\n".join(f"    * {reason}" for reason in self.reasons)
        first = (
            f"The pact at {place} is being verified because the pact content belongs to the consumer version matching "
            f"the following criterion:\n{reasons}"
        )
        notices = [{"when": "before_verification", "text": first}]
        if self.pending is None:
            return {"notices": notices}
        any_of = f"any version of {self.whom}" if "from" in self.whom else self.whom
        name = self.pact.provider
        success = f"because a successful verification result for {self._a_version()} has not yet been published."
        still = f"This pact is still in pending state for {any_of} as"
        if self.pending:
            notices += [
                {
                    "when": "before_verification",
                    "text": f"This pact is in pending state for this version of {name} {success} If this verification "
                    f"fails, it will not cause the overall build to fail. {_READ_MORE}",
                },
                {
                    "when": "after_verification:success_true_published_false",
                    "text": f"{still} the successful verification results have not yet been published.",
                },
                {
                    "when": "after_verification:success_false_published_false",
                    "text": f"{still} a successful verification result has not yet been published",
                },
                {
                    "when": "after_verification:success_true_published_true",
                    "text": f"This pact is no longer in pending state for {any_of}, as a successful verification "
                    f"result has been published. If a verification for a version of {name} fails in the future, it "
                    f"will fail the build. {_READ_MORE}",
                },
                {
                    "when": "after_verification:success_false_published_true",
                    "text": f"{still} a successful verification result has not yet been published",
                },
            ]
        else:
            notices.append(
                {
                    "when": "before_verification",
                    "text": f"This pact has previously been successfully verified by {self._a_version()}. If this "
                    f"verification fails, it will fail the build. {_READ_MORE}",
                }
            )
        return {"pending": self.pending, "notices": notices}

    def _a_version(self) -> str:
        return f"a version of {self.whom}" if "from" in self.whom else self.whom


def chosen(store: Store, provider: str, asked: dict[str, Any]) -> list[Chosen]:
    branch, tags = asked.get("providerVersionBranch"), asked.get("providerVersionTags") or []
    selectors = asked.get("consumerVersionSelectors") or []
    found: dict[str, Chosen] = {}
    for consumer in store.consumers(provider):
        for selector in selectors or [{}]:
            if selector.get("consumer") in (None, consumer):
                for item in _selected(store, provider, consumer, selector, branch):
                    if item.pact.sha in found:
                        found[item.pact.sha].reasons += item.reasons
                    else:
                        found[item.pact.sha] = item
    if asked.get("includeWipPactsSince") and (branch or tags):
        for consumer in store.consumers(provider):
            for pact in store.pacts:
                if (pact.consumer, pact.provider) == (consumer, provider) and pact.sha not in found:
                    latest = [store.latest(consumer, branch=name) for name in pact.version.branches]
                    if pact.version in latest and store.pending(pact, branch, tags):
                        item = Chosen(pact, "work in progress", ["latest version of its branch (work in progress)"])
                        item.wip = True
                        found[pact.sha] = item
    if asked.get("includePendingStatus"):
        for item in found.values():
            item.pending = store.pending(item.pact, branch, tags)
            item.whom = provider + (f" from branch '{branch}'" if branch else "")
            if tags and not branch:
                item.whom += f" with tag '{tags[0]}' (from tags)"
    return sorted(found.values(), key=lambda item: (item.wip, item.pact.consumer, item.pact.version.order))


def _selected(
    store: Store, provider: str, consumer: str, selector: dict[str, Any], provider_branch: str | None
) -> list[Chosen]:
    main = store.main_branches.get(consumer)
    latest = "s%5B%5D%5Bl%5D=true"

    def at(version: Any, short: str, reason: str, *marks: str) -> list[Chosen]:
        pact = version and store.pact(consumer, provider, version.number)
        return [Chosen(pact, short, [reason], list(marks))] if pact else []

    if not set(selector) - {"consumer"}:  # nothing said: the main branch
        if main is None:
            version = store.latest(consumer)
            return at(version, "latest", f"latest version of {consumer} ({version and version.number})")
        version = store.latest(consumer, branch=main)
        text = f"latest version of {consumer} from the main branch '{main}' ({version and version.number})"
        return at(version, "latest from main branch", text)
    if selector.get("mainBranch"):
        version = main and store.latest(consumer, branch=main)
        number = version.number if version else ""
        return at(
            version, "latest from main branch", f"latest version from the main branch '{main}' ({number})", latest
        )
    for key in ("branch", "matchingBranch"):
        if key in selector:
            name = selector[key] if key == "branch" else provider_branch
            version = store.latest(consumer, branch=name) or (
                store.latest(consumer, branch=selector["fallbackBranch"]) if "fallbackBranch" in selector else None
            )
            number = version.number if version else ""
            mark = f"s%5B%5D%5Bb%5D={quote(str(name))}"
            return at(
                version, f"latest from branch {name}", f"latest version from branch '{name}' ({number})", mark, latest
            )
    if selector.get("deployedOrReleased") or selector.get("deployed") or selector.get("released"):
        names = [selector["environment"]] if "environment" in selector else [e["name"] for e in store.environments]
        found = []
        for name in names:
            for version in store.present(name, consumer):
                found += at(version, f"deployed to {name}", f"version deployed to {name} ({version.number})")
        return found
    tag = selector.get("tag")
    if tag is not None and not selector.get("latest"):
        versions = [v for v in store.versions if v.pacticipant == consumer and tag in v.tags]
        return [item for v in versions for item in at(v, f"all {tag}", f"all versions tagged '{tag}'")]
    version = store.latest(consumer, tag=tag) if tag else store.latest(consumer)
    if version is None and "fallbackTag" in selector:
        version = store.latest(consumer, tag=selector["fallbackTag"])
    number = version.number if version else ""
    return at(version, "latest", f"latest version{f' tagged {tag!r}' if tag else ''} ({number})", latest)
