"""Says at import when pact-python is installed, too: it brings packages of our names, and whoever came last wins.

Every import pays for this, so it looks for one file of each neighbour in the folders that Python imports from, and for
nothing else; `pact_ffi.cli.info` takes its time.
"""

from __future__ import annotations

import os
import sys

# in every version of theirs, never in ours
MARKS = {"pact-python": "pact/__version__.py", "pact-python-ffi": "pact_ffi/__version__.py"}

_said = False


def found() -> dict[str, str]:
    """Return the neighbours that are there, each with its folder."""
    return {
        name: folder
        for folder in reversed(sys.path)
        for name, mark in MARKS.items()
        if os.path.exists(os.path.join(folder, mark))
    }


def advice(names: str) -> str:
    """Return what to do about neighbours."""
    return (
        f"{names} and pact-ffi have the same import names, so that the files mix; keep one: "
        "`pip uninstall pact-python pact-python-ffi`, then `pip install --force-reinstall --no-deps pact-ffi`"
    )


def warn() -> None:
    """Issue a `PactWarning` when there is a neighbour: once, whichever of the two packages is imported first."""
    global _said
    if not _said and (there := found()):
        _said = True
        import warnings

        from pact_ffi.errors import PactWarning

        names = " and ".join(f"{name} (in {folder or os.getcwd()})" for name, folder in there.items())
        warnings.warn(advice(names), PactWarning, stacklevel=3)
