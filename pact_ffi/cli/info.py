"""What is installed here: package, core, plugins, neighbours; for bug reports and ``python -m pact_ffi info``."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pact_ffi.core import neighbours, plugins
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactError


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
        lacks = [f"{name} (needs core >= {since})" for name, since in library.SINCE.items() if not library.has(name)]
        yield "core lacks", ", ".join(lacks) or "nothing"
    except (PactError, OSError, ImportError) as error:
        yield "core", f"unusable: {error}"
    yield "specifications", ", ".join(str(v) for v in PactSpecification if v is not PactSpecification.UNKNOWN)
    try:
        yield "plugin folder", str(plugins.folder())
        listed = [f"{name} {version or '(unreadable manifest)'}" for name, version in plugins.installed()]
        yield "plugins", ", ".join(listed) or "none"
    except PactError as error:
        yield "plugins", str(error)
    found = neighbours.found()
    there = [f"{name} {version}" for name in neighbours.MARKS if (version := _installed(name) or found.get(name))]
    if there:
        names = " and ".join(there)
        yield "conflict", f"{names} {'are' if len(there) > 1 else 'is'} installed, too: {neighbours.advice('they')}"


def _installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
