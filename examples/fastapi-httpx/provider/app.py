"""The order service."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class Order(BaseModel):
    """An order as it is sent."""

    id: int
    status: str
    total: float
    currency: str = "EUR"


class Repository:
    """Where orders are; the real one would ask a database."""

    async def find(self, number: int) -> Order | None:
        """Return an order."""
        raise NotImplementedError


async def user(authorization: Annotated[str, Header()]) -> str:
    """Check the token."""
    if authorization != "Bearer a token for tests":
        raise HTTPException(401)
    return "shop"


app = FastAPI()


@app.get("/orders/{number}")
async def order(
    number: int, repository: Annotated[Repository, Depends(Repository)], _: Annotated[str, Depends(user)]
) -> Order:
    """Send an order."""
    found = await repository.find(number)
    if found is None:
        raise HTTPException(404)
    return found
