"""Refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pact_broker.server import Reply

JSON = {"Content-Type": "application/json;charset=utf-8"}


def missing(what: str = "The requested document was not found on this server.") -> Reply:
    return 404, {"error": what}, JSON


def wrong(**errors: str) -> Reply:
    return 400, {"errors": {key: [text] for key, text in errors.items()}}, {}
