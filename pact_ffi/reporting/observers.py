"""Whoever reports a whole run hears of each contract that is written or verified, whatever API does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Each is called with a record in plain values: side ("consumer" or "provider"), consumer, provider and, of a consumer,
# the pact's `text`; of a provider, title, content, outcome and report of one interaction.
observers: list[Callable[[dict[str, Any]], None]] = []
