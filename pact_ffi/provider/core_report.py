"""What only the core's own report tells: the JSON body that a provider elsewhere sent, as a difference in colours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FAILURE = re.compile(r"^(?=\d+\) Verifying )", re.MULTILINE)
# Where one place alone differs, its root: of several, the core shows the difference of whichever comes first.
_BODY = re.compile(r"\) has a matching body\n *\x1b\[1m\$\x1b\[0m -> [^\n]*\n( {4}.*?\n)\n", re.DOTALL)
_EXPECTED = re.compile(r"\x1b\[31m {4}-.*?\x1b\[0m", re.DOTALL)
_RECEIVED = re.compile(r"\x1b\[32m {4}\+(.*?)\x1b\[0m", re.DOTALL)


def received_bodies(report: Iterable[str]) -> list[tuple[str, bytes]]:
    """Return the heading of each failure, and the JSON body that came, where the report has it and it can be read."""
    found = []
    for failure in _FAILURE.split("\n".join(report)):
        heading, body = failure.partition("\n")[0], _BODY.search(failure)
        text = _RECEIVED.sub(r"\1", _EXPECTED.sub("", body[1])) if body else ""
        try:
            found.append((heading, json.dumps(json.loads(text), ensure_ascii=False).encode()))
        except (ValueError, RecursionError):
            continue
    return found
