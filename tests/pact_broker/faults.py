"""Ways in which a broker misbehaves; each is put into ``StandInBroker.answers`` for a path."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/hal+json\r\nConnection: close\r\n\r\n"


@dataclass
class Raw:
    """An answer that writes to the connection itself; it gets what sends bytes."""

    write: Callable[[Callable[[bytes], Any]], None]


def times(number: int, reply: Any) -> Callable[[], Any]:
    """Answer ``reply`` so often, and after that as ever."""
    left = [reply] * number
    return lambda: left.pop() if left else None


def silent(seconds: float = 60) -> Raw:
    """Take the request and never answer."""
    return Raw(lambda send: time.sleep(seconds))


def endless(head: bytes = _HEAD) -> Raw:
    """Send as fast as it goes, without end."""

    def write(send: Callable[[bytes], Any]) -> None:
        send(head + b'{"a":"')
        while True:
            send(b"x" * 65536)

    return Raw(write)


def drip(every: float = 0.05, head: bytes = _HEAD) -> Raw:
    """Send byte after byte, without end, each in time."""

    def write(send: Callable[[bytes], Any]) -> None:
        send(head)
        while True:
            send(b" ")
            time.sleep(every)

    return Raw(write)
