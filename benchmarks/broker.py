"""The broker of the benchmarks: the tests' stand-in, in a process of its own, with one pact.  Usage: broker.py FILE"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from pact_broker import StandInBroker

with StandInBroker() as broker:
    broker.offer(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    print(broker.url, flush=True)
    sys.stdin.read()
