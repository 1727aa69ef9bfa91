"""The billing service's client of the customer service."""

from __future__ import annotations

from typing import Any

import requests


class Customers:
    """Asks the customer service."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def get(self, number: int) -> dict[str, Any]:
        """Return a customer."""
        response = requests.get(f"{self.base_url}/customers/{number}", timeout=5)
        response.raise_for_status()
        return dict(response.json())

    def create(self, name: str) -> int:
        """Make a customer and return its id."""
        response = requests.post(f"{self.base_url}/customers", json={"name": name}, timeout=5)
        response.raise_for_status()
        return int(response.json()["id"])
