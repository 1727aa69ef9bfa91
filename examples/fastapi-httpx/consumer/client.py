"""The shop's client of the order service."""

from __future__ import annotations

from dataclasses import dataclass

import httpx


@dataclass
class Order:
    """An order as the shop needs it."""

    number: int
    status: str
    total: float


class Orders:
    """Asks the order service."""

    def __init__(self, base_url: str, token: str) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"})

    async def get(self, number: int) -> Order | None:
        """Return an order, or ``None`` when there is none of that number."""
        response = await self._client.get(f"/orders/{number}")
        if response.status_code == 404:
            return None
        response.raise_for_status()
        found = response.json()
        return Order(found["id"], found["status"], found["total"])
