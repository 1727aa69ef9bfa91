"""Plugins that are installed on this machine: ``PACT_PLUGIN_DIR``, or ``~/.pact/plugins``."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from pact_ffi.errors import PluginError


def folder() -> Path:
    """Return the folder in which the core looks for plugins.

    Raises `PluginError` where nothing says which: no ``PACT_PLUGIN_DIR``, and a user without a home folder.
    """
    try:
        return Path(os.environ.get("PACT_PLUGIN_DIR") or Path.home() / ".pact" / "plugins")
    except RuntimeError:
        raise PluginError(
            "the folder of the plugins is unknown: PACT_PLUGIN_DIR is not set, and this user has no home folder"
        ) from None


def installed() -> Iterator[tuple[str, str | None]]:
    """Yield name and version of each plugin; no version where the manifest cannot be read."""
    for manifest in sorted(folder().glob("*/pact-plugin.json")):
        try:
            facts = json.loads(manifest.read_bytes())
            found = str(facts["name"]), str(facts["version"])
        except (OSError, ValueError, KeyError, TypeError):
            yield manifest.parent.name, None
        else:
            yield found


def resolve(name: str, version: str | None) -> str:
    """Return the version that the core takes when it is asked for ``version``: the newest that is not older.

    The core registers a plugin under the version that it found. Asked again for the one that it was asked for, it does
    not find that, and starts one more process which nothing ends; so it is always asked for what it will find. What
    is not installed it would fetch from the network. Raises `PluginError` instead.
    """
    found = []
    for known, each in installed():
        if each is None:
            raise PluginError(f"the manifest in {folder() / known} cannot be read, and the core finds no plugin then")
        found += [(_key(each), each)] if known == name else []
    fitting = [pair for pair in found if not version or pair[0] >= _key(version)]
    if not fitting:
        wanted = f"plugin {name!r} {version}" if version else f"plugin {name!r}"
        there = ", ".join(each for _, each in sorted(found)) or "none"
        raise PluginError(
            f"{wanted} is not installed in {folder()} (PACT_PLUGIN_DIR sets the folder); installed versions: {there}."
            f" Install it with 'pact-plugin-cli install {name}', or unpack its release into that folder"
        )
    return max(fitting)[1]


def _key(version: str) -> tuple[object, ...]:
    """Return what semantic versions are ordered by: a pre-release comes before its release."""
    found = re.fullmatch(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([^+]*))?(?:\+.*)?", version)
    if found is None:
        raise PluginError(f"invalid plugin version {version!r}; it must look like 1.2.0")
    numbers = tuple(int(part or 0) for part in found.groups()[:3])
    before = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in (found[4] or "").split(".")]
    return *numbers, found[4] is None, before
