"""What the parts of a pact are called: its lists and versions, the titles and identities of interactions, its file.

Who only writes pacts needs no more than this, and pays for nothing that reads and checks them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from pact_ffi.core.specification import PactSpecification

LISTS = ("interactions", "messages")
HTTP, ASYNC, SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
VERSIONS = ("pact-specification", "pactSpecification", "pactSpecificationVersion")
NOT_ON_WINDOWS = '<>:"|?*'
_KINDS = {HTTP: "HTTP", ASYNC: "Async", SYNC: "Sync"}

Identity = tuple[str, str, str]  # description, provider states, kind


def specification(data: dict[str, Any]) -> PactSpecification | None:
    """Return the specification version in the metadata of a pact, if it states one, as the core finds it."""
    return next(iter(stated_versions(data).values()), None)


def stated_versions(data: dict[str, Any]) -> dict[str, PactSpecification]:
    """Return each specification version in the metadata of a pact, with the member that states it."""
    metadata = data.get("metadata") or {}
    versions = {}
    for name in VERSIONS:
        value = metadata.get(name)
        version = value.get("version") if isinstance(value, dict) else value
        if isinstance(version, (str, float, int)) and not isinstance(version, bool):
            versions[name] = PactSpecification.from_str(str(version))
    return versions


def state_names(item: Mapping[str, Any]) -> list[str]:
    """Return the names of an interaction's provider states."""
    return [state["name"] for state in _states(item)]


def title(item: Mapping[str, Any]) -> str:
    """Return what a person calls an interaction: ``description [provider state, provider state]``."""
    return titled(item["description"], state_names(item))


def titled(description: str, states: Iterable[str]) -> str:
    """Return the title of an interaction that has this description and these provider states."""
    names = ", ".join(states)
    return f"{description} [{names}]" if names else description


def identity(item: Mapping[str, Any], kind: str) -> Identity:
    """Return what makes it one interaction: description, provider states with their parameters, and kind."""
    states = [{key: value for key, value in state.items() if value or key != "params"} for state in _states(item)]
    return item["description"], json.dumps(states, sort_keys=True, ensure_ascii=False), kind


def kind_of(item: Mapping[str, Any], list_name: str, version: PactSpecification | None) -> str:
    """Return the kind of an interaction, "HTTP", "Async" or "Sync"; only specification V4 says it in the item."""
    if version is PactSpecification.V4:
        return _KINDS.get(str(item.get("type")), str(item.get("type")))
    return "HTTP" if list_name == "interactions" else "Async"


def _states(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    states = item.get("providerStates") or item.get("providerState") or item.get("provider_state") or []
    return [{"name": states}] if isinstance(states, str) else list(states)


def file_name(consumer: str, provider: str) -> str:
    """Return the name of a pact's file: ``{consumer}-{provider}.json``, as all tools call it.

    On Windows, what no file name there may have (``:``, ``?``, a device such as ``CON.x``) becomes ``_``; `find_pact`
    takes one for the other.
    """
    name = f"{consumer}-{provider}.json"
    if sys.platform != "win32":
        return name
    device = re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\.", name)
    return ("_" if device else "") + re.sub(f"[{NOT_ON_WINDOWS}]", "_", name)
