"""What holds for all tests."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

# A shell without job control has its background jobs ignore Ctrl-C, and their children inherit that; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path.insert(0, str(Path(__file__).parent))  # for what several rooms' tests use: pact_broker
