"""The body of the benchmarks: an order as people have them, made anew for each test, its ``id`` varying.

Twenty-five fields: 17 (7 regexes, 3 integers, 2 decimals, 2 booleans, 3 texts), 4 in an object inside, and 4 in two
``each_like``.
`example` is the plain JSON of it, `expected` has it with the matchers of a ``match`` module, and `rules` spells the
same as the JSON that the core reads.
"""

from __future__ import annotations

import json
from typing import Any

REGEXES = {
    "number": ("A-000017", r"A-\d{6}"),
    "email": ("ada@example.org", r"[^@\s]+@[^@\s]+\.[a-z]+"),
    "phone": ("+49 30 1234567", r"\+\d{2} \d{2,5} \d{4,9}"),
    "currency": ("EUR", r"[A-Z]{3}"),
    "created": ("2024-05-17T10:00:00Z", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"),
    "status": ("open", r"open|paid|sent"),
    "postcode": ("10115", r"\d{5}"),
}
INTEGERS = {"quantity": 3, "version": 12}  # and the id
DECIMALS = {"total": 19.99, "tax": 3.19}
BOOLEANS = {"paid": True, "gift": False}
TEXTS = {"customer": "Ada Lovelace", "channel": "web", "note": "leave it at the door"}
ADDRESS = {"street": "Main Street 1", "city": "Berlin", "region": "Berlin", "country": "Germany"}
LINE = {"sku": "KB-1", "name": "Keyboard"}
LABEL = "express"


def example(number: int) -> dict[str, Any]:
    """The order that client and provider send."""
    regexes = {name: text for name, (text, _) in REGEXES.items()}
    fields = {"id": number, **regexes, **INTEGERS, **DECIMALS, **BOOLEANS, **TEXTS}
    return {**fields, "address": ADDRESS, "lines": [{**LINE, "quantity": 2}], "labels": [LABEL]}


def expected(match: Any, number: int) -> dict[str, Any]:
    """The order with matchers, in the words of the modern API."""
    return {
        "id": match.int(number),
        **{name: match.regex(text, regex=regex) for name, (text, regex) in REGEXES.items()},
        **{name: match.int(value) for name, value in INTEGERS.items()},
        **{name: match.decimal(value) for name, value in DECIMALS.items()},
        **{name: match.bool(value) for name, value in BOOLEANS.items()},
        **{name: match.str(value) for name, value in TEXTS.items()},
        "address": {name: match.str(value) for name, value in ADDRESS.items()},
        "lines": match.each_like({**{k: match.str(v) for k, v in LINE.items()}, "quantity": match.int(2)}, min=1),
        "labels": match.each_like(match.str(LABEL), min=1),
    }


def rule(kind: str, value: Any, **more: Any) -> dict[str, Any]:
    """A matching rule and its example, as the core reads them."""
    return {"pact:matcher:type": kind, "value": value, **more}


def rules(number: int) -> dict[str, Any]:
    """The order with matchers, as JSON that the core reads."""
    line = {**{name: rule("type", value) for name, value in LINE.items()}, "quantity": rule("integer", 2)}
    return {
        "id": rule("integer", number),
        **{name: rule("regex", text, regex=regex) for name, (text, regex) in REGEXES.items()},
        **{name: rule("integer", value) for name, value in INTEGERS.items()},
        **{name: rule("decimal", value) for name, value in DECIMALS.items()},
        **{name: rule("boolean", value) for name, value in BOOLEANS.items()},
        **{name: rule("type", value) for name, value in TEXTS.items()},
        "address": {name: rule("type", value) for name, value in ADDRESS.items()},
        "lines": rule("type", [line], min=1),
        "labels": rule("type", [rule("type", LABEL)], min=1),
    }


def large_text(size: int) -> str:
    """JSON text of about ``size`` bytes."""
    return json.dumps({"items": ["x" * 1000] * (size // 1004)})


def large_list(size: int) -> list[Any]:
    """A list of orders, about ``size`` bytes as JSON."""
    return [example(number) for number in range(size // len(json.dumps(example(1))))]
