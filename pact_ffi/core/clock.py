"""A clock that goes on where a test has stopped the others: freezegun and mocks replace `time.monotonic`."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable

# A partial keeps the function that it was made of, whoever is replaced later.
now: Callable[[], float]
if sys.platform == "win32":
    now = functools.partial(time.monotonic)
else:
    now = functools.partial(time.clock_gettime, time.CLOCK_MONOTONIC)
