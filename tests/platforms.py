"""What a test needs of the platform, as marks; the reason is what a run on another platform shows."""

from __future__ import annotations

import os
import sys

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="needs Linux: /proc, or a core that reads SSL_CERT_FILE"
)
needs_posix = pytest.mark.skipif(
    os.name != "posix", reason="needs a shell, signals, paths or permissions as POSIX has them"
)
