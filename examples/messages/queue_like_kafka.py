"""A queue with topics, as far as these services need one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Record:
    """What Kafka carries."""

    topic: str
    key: str
    value: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Queue:
    """Keeps records by topic."""

    def __init__(self) -> None:
        self.topics: dict[str, list[Record]] = defaultdict(list)

    def send(self, record: Record) -> None:
        """Append a record to its topic."""
        self.topics[record.topic].append(record)
