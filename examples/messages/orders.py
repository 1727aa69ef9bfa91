"""The order service."""

from __future__ import annotations

import json
from dataclasses import dataclass

from queue_like_kafka import Queue, Record


@dataclass
class Order:
    """An order."""

    number: int
    total: float


def order_paid(order: Order) -> Record:
    """Return the record that tells of a payment."""
    value = json.dumps({"id": order.number, "total": order.total}).encode()
    headers = {"ce_type": "order.paid", "ce_source": "/orders", "ce_specversion": "1.0"}
    return Record("orders", str(order.number), value, headers)


def pay(order: Order, queue: Queue) -> None:
    """Take the money, and tell everybody."""
    queue.send(order_paid(order))
