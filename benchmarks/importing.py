"""Prints how long ``import pact`` takes; fails when that brings what few tests need."""

import sys

from clock import now

start = now()
import pact  # noqa: E402, F401

took = now() - start
heavy = {"requests", "asyncio", "ssl", "logging"} & sys.modules.keys()
assert not heavy, f"import pact imports {heavy}"
print([took])
