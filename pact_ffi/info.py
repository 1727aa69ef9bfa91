"""What is installed here: package, core, plugins, neighbours; for bug reports and ``python -m pact_ffi info``."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pact_ffi.errors import PactError
from pact_ffi.specification import PactSpecification

NEIGHBOURS = ("pact-python", "pact-python-ffi")


def describe() -> Iterator[tuple[str, str]]:
    """Yield names and values, in the order in which they are worth reading; a core that cannot be loaded is said."""
    yield "pact-ffi", _installed("pact-ffi") or "not installed, run from its source"
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "platform", platform.platform()
    try:
        from pact_ffi.core import library

        yield "core", library.version()
        yield "core path", str(library.path())
        yield "core sha256", hashlib.sha256(Path(library.path()).read_bytes()).hexdigest()
        yield "core origin", library.origin()
    except (PactError, OSError, ImportError) as error:
        yield "core", f"unusable: {error}"
    yield "specifications", ", ".join(str(v) for v in PactSpecification if v is not PactSpecification.UNKNOWN)
    folder = Path(os.environ.get("PACT_PLUGIN_DIR") or Path.home() / ".pact" / "plugins")
    yield "plugin folder", str(folder)
    yield "plugins", ", ".join(map(_plugin, sorted(folder.glob("*/pact-plugin.json")))) or "none"
    for name in NEIGHBOURS:
        if found := _installed(name):
            yield "conflict", f"{name} {found} is installed, too, and brings modules of the same names: uninstall one"


def _installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _plugin(manifest: Path) -> str:
    try:
        facts = json.loads(manifest.read_bytes())
        return f"{facts['name']} {facts['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{manifest.parent.name} (unreadable manifest)"
