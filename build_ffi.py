"""Turn the C declarations in ``pact_ffi/core/decl`` into the out-of-line cffi module.

ABI mode: the result is plain Python and needs no compiler, neither here nor on the user's machine.
"""

from pathlib import Path

import cffi

HERE = Path(__file__).parent
DECLARATIONS = HERE / "pact_ffi" / "core" / "decl"
TARGET = HERE / "pact_ffi" / "core" / "_cffi.py"


def declarations() -> str:
    """Return all themed files as one C text, the shared types first."""
    themes = sorted(DECLARATIONS.glob("*.h"), key=lambda path: (path.name != "types.h", path.name))
    return "\n".join(path.read_text(encoding="utf-8") for path in themes)


def build(target: Path = TARGET) -> Path:
    """Write the cffi module to ``target`` and return that path."""
    builder = cffi.FFI()
    builder.cdef(declarations())
    builder.set_source("pact_ffi.core._cffi", None)
    builder.emit_python_code(str(target))
    return target


if __name__ == "__main__":
    print(build())
