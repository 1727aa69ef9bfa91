"""What holds for all tests."""

from __future__ import annotations

import signal

# A shell without job control lets its background jobs ignore Ctrl-C, and what they start inherits that; the tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
