"""The loaded core: `ffi` and `lib`, and nothing else in the project opens a library."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pact_ffi.core._cffi import ffi

os.environ.setdefault("PACT_DO_NOT_TRACK", "true")
lib: Any = ffi.dlopen(str(Path(__file__).parent / "lib" / "libpact_ffi.so"))

__all__ = ["ffi", "lib"]
