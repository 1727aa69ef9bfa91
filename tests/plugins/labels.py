"""The content type of the tests' plugin: one line of labels, ``name=Ada;id=7``."""

import base64
import random
import re
from typing import Any

CONTENT_TYPE = "application/x-labels"


class NotLabels(ValueError):
    """What was given is not a line of labels."""


def parse(content: bytes) -> dict[str, str]:
    """Return the labels of a line."""
    text = content.decode()
    if not text:
        return {}
    parts = [part.partition("=") for part in text.split(";")]
    if not all(equals for _, equals, _ in parts):
        raise NotLabels(f"{text!r} is no line of labels; it looks like name=Ada;id=7")
    return {name: value for name, _, value in parts}


def join(labels: dict[str, str]) -> bytes:
    """Return the line of these labels."""
    return ";".join(f"{name}={value}" for name, value in labels.items()).encode()


def configured(config: dict[str, Any]) -> tuple[bytes, dict[str, dict[str, str]], dict[str, dict[str, Any]]]:
    """Return the line, the rules and the generators that a user's configuration asks for.

    A label is a text, or ``{"example": text}`` with ``"regex": pattern`` or ``"random": [least, greatest]``.
    """
    line, rules, generators = {}, {}, {}
    for name, wanted in config.items():
        label = wanted if isinstance(wanted, dict) else {"example": wanted}
        if not isinstance(label.get("example"), str):
            raise NotLabels(f"label {name!r} is {wanted!r}; it has to be a text")
        line[name] = label["example"]
        if "regex" in label:
            rules[f"$.{name}"] = {"match": "regex", "regex": label["regex"]}
        if "random" in label:
            least, greatest = label["random"]
            rules[f"$.{name}"] = {"match": "regex", "regex": r"\d+"}
            generators[f"$.{name}"] = {"type": "RandomInt", "min": int(least), "max": int(greatest)}
    return join(line), rules, generators


def differences(
    expected: bytes, actual: bytes, rules: dict[str, dict[str, Any]], *, more_allowed: bool
) -> list[tuple[str, str, str, str]]:
    """Return path, expected value, actual value and text of each difference."""
    wanted, got = parse(expected), parse(actual)
    found = []
    for name, value in wanted.items():
        path, rule = f"$.{name}", rules.get(f"$.{name}", {})
        if name not in got:
            found.append((path, value, "", f"label {name!r} is missing"))
        elif rule.get("match") == "regex":
            if not re.fullmatch(rule["regex"], got[name]):
                text = f"label {name!r} is {got[name]!r}, which does not match {rule['regex']!r}"
                found.append((path, value, got[name], text))
        elif got[name] != value:
            found.append((path, value, got[name], f"label {name!r} is {got[name]!r} instead of {value!r}"))
    for name in got.keys() - wanted.keys() if not more_allowed else ():
        found.append((f"$.{name}", "", got[name], f"label {name!r} is not expected"))
    return found


def generated(content: bytes, generators: dict[str, dict[str, Any]]) -> bytes:
    """Return the line with the labels that have generators made anew."""
    labels = parse(content)
    for path, generator in generators.items():
        labels[path[2:]] = str(random.randint(int(generator["min"]), int(generator["max"])))
    return join(labels)


def of_pact(message: dict[str, Any]) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """Return the line and the rules of a message in a pact file."""
    contents = message["contents"]
    text = contents["content"]
    line = base64.b64decode(text) if contents.get("encoded") else text.encode()
    rules = message.get("matchingRules", {}).get("body", {})
    return line, {path: rule["matchers"][0] for path, rule in rules.items()}
