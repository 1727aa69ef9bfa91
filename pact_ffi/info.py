"""What is installed here: package, core, plugins, neighbours; for bug reports and ``python -m pact_ffi info``."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pact_ffi import plugins
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
    yield "plugin folder", str(plugins.folder())
    listed = [f"{name} {version or '(unreadable manifest)'}" for name, version in plugins.installed()]
    yield "plugins", ", ".join(listed) or "none"
    for name in NEIGHBOURS:
        if found := _installed(name):
            yield "conflict", f"{name} {found} is installed, too, and brings modules of the same names: uninstall one"


def _installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
