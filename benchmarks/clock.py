"""The clock of the benchmarks: time on the wall, or with ``BENCH_CLOCK=cpu`` the processor's, for a busy machine."""

from __future__ import annotations

import os
import time

CPU = os.environ.get("BENCH_CLOCK") == "cpu"
now = time.process_time if CPU else time.perf_counter
