"""can-i-deploy: which versions go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pact_broker.store import NOW, Pact, Result, Store, Version

_RACE = (
    "WARN: It is recommended to specify the version number (rather than the tag or branch) of the pacticipant you wish "
    "to deploy to avoid race conditions. Without a version number, this result will not be reliable."
)


@dataclass
class Question:
    """What was asked: the selectors, and what the other applications are."""

    selectors: list[dict[str, str]]
    environment: str | None = None
    tag: str | None = None
    main_branch: bool = False
    latest: bool = False
    ignore: list[dict[str, str]] = field(default_factory=list)


def question(query: list[tuple[str, str]]) -> Question:
    selectors: dict[str, list[dict[str, str]]] = {"q": [], "ignore": []}
    plain: dict[str, str] = {}
    for key, value in query:
        name, _, inner = key.partition("[][")
        if not inner:
            plain[key] = value
            continue
        inner = inner.rstrip("]")
        if inner == "pacticipant":
            selectors[name].append({})
        selectors[name][-1][inner] = value
    return Question(
        selectors["q"],
        plain.get("environment"),
        plain.get("tag"),
        plain.get("mainBranch") == "true",
        plain.get("latest") == "true",
        selectors["ignore"],
    )


@dataclass
class _Side:
    """One application in the question: its version, how the broker calls it."""

    name: str
    version: Version | None
    words: str
    given: bool = False


def answer(store: Store, links: str, asked: Question) -> Any:
    for selector in asked.selectors + asked.ignore:
        if not store.knows(selector["pacticipant"]):
            return 400, {"errors": [f"Pacticipant {selector['pacticipant']} not found"]}, {}
    if asked.environment and store.environment(asked.environment) is None:
        return 400, {"errors": [f"Environment with name '{asked.environment}' does not exist"]}, {}
    warnings = [_RACE] * any("version" not in selector for selector in asked.selectors)
    asked_sides = [_asked(store, selector) for selector in asked.selectors]
    for side, selector in zip(asked_sides, asked.selectors, strict=True):
        if side.version is None:
            number = selector.get("version")
            text = f"No pacts or verifications have been published for version {number} of {side.name}"
            return _reply([], [], warnings, [text])
    pairs: list[tuple[Pact, _Side, _Side]] = []
    whole = asked.environment or asked.tag or asked.main_branch or asked.latest or len(asked_sides) == 1
    for side in asked_sides:
        assert side.version is not None
        for name in store.providers(side.version):
            pact = store.pact(side.name, name, side.version.number)
            others = [other for other in asked_sides if other.name == name]
            if pact and (others or whole):
                pairs += [(pact, side, other) for other in others or _others(store, asked, name)]
        for name in store.consumers(side.name) if whole else ():
            if any(other.name == name for other in asked_sides):
                continue
            for other in _others(store, asked, name):
                pact = other.version and store.pact(name, side.name, other.version.number)
                if pact:
                    pairs.append((pact, other, side))
    rows, reasons, ignored = [], [], []
    for pact, consumer, provider in pairs:
        result = provider.version and store.result(pact, provider.version)
        row = _row(store, links, pact, provider.version if result else None, result or None)
        other = provider if not provider.given else consumer
        if any(_ignores(selector, other) for selector in asked.ignore):
            row["ignored"] = True
            ignored.append(row)
        else:
            reasons += [reason for reason in [_reason(consumer, provider, result or None)] if reason]
        rows.append(row)
    return _reply(rows, [row for row in rows if not row.get("ignored")], warnings, reasons)


def _ignores(selector: dict[str, str], side: _Side) -> bool:
    number = side.version.number if side.version else None
    return selector["pacticipant"] == side.name and selector.get("version") in (None, number)


def _asked(store: Store, selector: dict[str, str]) -> _Side:
    name, number = selector["pacticipant"], selector.get("version")
    if number:
        return _Side(name, store.version(name, number), f"version {number} of {name}", True)
    branch, tag = selector.get("branch"), selector.get("tag")
    version = store.latest(name, branch=branch, tag=tag)
    words = f"the latest version of {name}"
    if branch:
        words += f" from branch {branch}"
    if tag:
        words += f" with tag {tag}"
    return _Side(name, version, f"{words} ({version.number if version else 'no such version exists'})", True)


def _others(store: Store, asked: Question, name: str) -> list[_Side]:
    if asked.environment:
        found = store.present(asked.environment, name)
        where = f"currently in {asked.environment}"
        if not found:
            none = "(no version is currently recorded as deployed/released in this environment)"
            return [_Side(name, None, f"a version of {name} {where} {none}")]
        return [_Side(name, version, f"the version of {name} {where} ({version.number})") for version in found]
    if asked.main_branch:
        branch = store.main_branches.get(name)
        version = store.latest(name, branch=branch) if branch else None
        words = f"the latest version of {name} from branch {branch}"
    elif asked.tag:
        version = store.latest(name, tag=asked.tag)
        words = f"the latest version of {name} with tag {asked.tag}"
    else:
        version, words = store.latest(name), f"the latest version of {name}"
    return [_Side(name, version, f"{words} ({version.number if version else 'no such version exists'})")]


def _reason(consumer: _Side, provider: _Side, result: Result | None) -> str | None:
    if provider.version is None and not provider.given and consumer.version is None:
        return None
    if result is None:
        return f"There is no verified pact between {consumer.words} and {provider.words}"
    if result.success:
        return None
    return f"The verification for the pact between {consumer.words} and {provider.words} failed"


def _reply(
    rows: list[dict[str, Any]], counted: list[dict[str, Any]], warnings: list[str], reasons: list[str]
) -> tuple[int, dict[str, Any], dict[str, str]]:
    success = sum(1 for row in counted if (row["verificationResult"] or {}).get("success"))
    failed = sum(1 for row in counted if (row["verificationResult"] or {}).get("success") is False)
    unknown = len(counted) - success - failed or int(not counted and bool(reasons))
    deployable = False if failed else None if unknown else True
    if not reasons:
        good = "All required verification results are published and successful"
        text = good if counted else "There are no missing dependencies"
        told = [{"type": "success", "text": text}]
    else:
        text = "\n".join(reasons)
        told = [{"type": "error", "text": reason} for reason in reasons]
    reason = "\n".join([*warnings, text])
    summary = {"deployable": deployable, "reason": reason, "success": success, "failed": failed, "unknown": unknown}
    if len(rows) != len(counted):
        summary["ignored"] = len(rows) - len(counted)
    notices = [{"type": "warning", "text": warning} for warning in warnings] + told
    return 200, {"summary": summary, "notices": notices, "matrix": rows}, {}


def _row(
    store: Store, links: str, pact: Pact, provider_version: Version | None, result: Result | None
) -> dict[str, Any]:
    def at(*steps: str) -> str:
        return links + "".join(f"/{quote(step, safe='')}" for step in steps)

    def side(name: str, version: Version | None) -> dict[str, Any]:
        own = {"self": {"href": at("pacticipants", name)}}
        return {"name": name, "version": _version(store, at, version) if version else None, "_links": own}

    place = ("pacts", "provider", pact.provider, "consumer", pact.consumer)
    at_version = at(*place, "version", pact.version.number)
    shown: dict[str, Any] | None = None
    if result is not None:
        from pact_broker.selection import encoded

        marked = (*place, "pact-version", pact.sha, "metadata", encoded(f"cvn={pact.version.number}"))
        own = {"self": {"href": at(*marked, "verification-results", str(result.number))}}
        shown = {"success": result.success, "verifiedAt": NOW, "_links": own}
    return {
        "consumer": side(pact.consumer, pact.version),
        "provider": side(pact.provider, provider_version),
        "pact": {"createdAt": NOW, "_links": {"self": {"href": at_version}}},
        "verificationResult": shown,
    }


def _version(store: Store, at: Any, version: Version) -> dict[str, Any]:
    name, number = version.pacticipant, version.number
    branches = [
        {
            "name": branch,
            "latest": store.latest(name, branch=branch) is version,
            "_links": {
                "self": {
                    "title": "Branch version",
                    "name": branch,
                    "href": at("pacticipants", name, "branches", branch, "versions", number),
                }
            },
        }
        for branch in version.branches
    ]
    tags = [
        {
            "name": tag,
            "latest": store.latest(name, tag=tag) is version,
            "_links": {"self": {"href": at("pacticipants", name, "versions", number, "tags", tag)}},
        }
        for tag in version.tags
    ]
    environments = [
        {
            **item,
            "_links": {
                "self": {"title": "Environment", "name": item["name"], "href": at("environments", item["uuid"])}
            },
        }
        for item in store.environments
        if any(p.current and p.environment == item["uuid"] and p.version is version for p in store.presences)
    ]
    branch = {"branch": version.branches[-1]} if version.branches else {}
    listed = {"branches": branches, "branchVersions": branches, "environments": environments}
    own = {"self": {"href": at("pacticipants", name, "versions", number)}}
    return {"number": number, **branch, **listed, "_links": own, "tags": tags}
