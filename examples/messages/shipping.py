"""The shipping service."""

from __future__ import annotations

import json

from queue_like_kafka import Record


class Shipping:
    """Ships what was paid."""

    def __init__(self) -> None:
        self.shipped: list[int] = []

    def handle(self, record: Record) -> None:
        """Handle one record of the topic ``orders``."""
        if record.headers["ce_type"] == "order.paid":
            self.shipped.append(json.loads(record.value)["id"])
