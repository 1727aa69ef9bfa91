"""Prints how long ``import pact`` takes; fails when that brings what few tests need."""

import sys
import time

start = time.perf_counter()
import pact  # noqa: E402, F401

took = time.perf_counter() - start
heavy = {"requests", "asyncio", "ssl", "logging"} & sys.modules.keys()
assert not heavy, f"import pact imports {heavy}"
print([took])
