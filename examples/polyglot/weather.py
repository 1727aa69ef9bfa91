"""The weather service."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort

app = Flask(__name__)
known: dict[str, dict[str, Any]] = {}


@app.get("/weather/<city>")
def weather(city: str) -> dict[str, Any]:
    """Send the weather of a city."""
    return known.get(city) or abort(404)
