"""The customer service."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """All tables."""


class Customer(Base):
    """A customer."""

    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def create_app(engine: Engine) -> Flask:
    """Return the application on a database."""
    app = Flask(__name__)

    @app.get("/customers/<int:number>")
    def get(number: int) -> dict[str, Any]:
        with Session(engine) as session:
            customer = session.get(Customer, number) or abort(404)
            return {"id": customer.id, "name": customer.name}

    @app.post("/customers")
    def create() -> tuple[dict[str, Any], int]:
        with Session(engine) as session:
            customer = Customer(name=request.get_json()["name"])
            session.add(customer)
            session.commit()
            return {"id": customer.id}, 201

    return app
