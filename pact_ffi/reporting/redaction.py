"""Credentials are kept out of logs, reports and representations."""

from __future__ import annotations

import re

_NAME = r"(?:[\w-]*authorization|cookie|[\w-]*token|[\w-]*password|[\w-]*passwd|[\w-]*secret|[\w-]*api[_-]?key)"
_SECRETS = tuple(
    (re.compile(pattern.replace("NAME", _NAME), re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"((?:parameter|key): \\*\"NAME\\*\", )expected: .*?(, mismatch: )", r"\1***\2"),
        (r"('NAME'[^']* value )'[^']*'( but was )'[^']*'", r"\1'***'\2'***'"),
        (
            r"\b(NAME\\*[\"']?\s*(?:[:=]|=>|(?<=[\"']),)\s*\[?(?:Some\()?\[?\\*[\"']?)((?:bearer|basic|digest)\s+)?"
            r"(?!None\b|null\b|\*\*\*)[^\\\"'\s,&})\]]+",
            r"\1\2***",
        ),
        (r"\b(bearer|basic)(\s+)[\w.~+/=-]{4,}", r"\1\2***"),
        (r"(\w://)[^/\s@\"']+@", r"\1***@"),
        (r"\b(Token\(\\*\"|User\(\\*\"[^\"]*\", Some\(\\*\")[^\"\\]+", r"\1***"),
    )
)

HIDDEN = "***"


def is_secret(name: str) -> bool:
    """Return whether a header or parameter of this name holds a credential."""
    return re.fullmatch(f"(set-)?{_NAME}", name, re.IGNORECASE) is not None


def redact(text: str) -> str:
    """Replace credentials (Authorization values, tokens, passwords, user:password in URLs) by ``***``."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text
