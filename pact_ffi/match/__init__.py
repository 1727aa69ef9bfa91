"""Matchers: an example together with the rule that real values must satisfy.

Every function returns an `AbstractMatcher`, which may stand anywhere in a body, and for a header, a query parameter,
the path, the status or a message's metadata. Without an example a generator makes the values, and the pact file holds a
fixed example, the same in every run. A rule that the core would drop, or that its own example does not satisfy, raises
`InvalidInputError` (a ``ValueError``) at once.

The rules are those of the Pact specification: `like`, `each_like` and `regex` need version 2, `array_containing`,
`each_key_matches`, `each_value_matches`, `not_empty` and `semver` version 4, all others version 3.

>>> from pact import match
>>> match.each_like({"id": match.int(7), "sku": match.regex("AB-1", regex=r"[A-Z]{2}-\\d+")}, min=1)
Matcher('type', [{'id': Matcher('integer', 7), 'sku': Matcher('regex', 'AB-1', regex='[A-Z]{2}-\\\\d+')}], min=1)
"""

from __future__ import annotations

from pact_ffi.match.moments import date, datetime, time
from pact_ffi.match.scalars import bool, decimal, includes, int, null, number, regex, semver, str, uuid
from pact_ffi.match.structures import (
    array_containing,
    content_type,
    each_key_matches,
    each_like,
    each_value_matches,
    like,
    not_empty,
)
from pact_ffi.values.matcher import UNSET, AbstractMatcher, Matcher

integer, float, string, boolean = int, decimal, str, bool
timestamp, type, none = datetime, like, null

__all__ = [
    "UNSET", "AbstractMatcher", "Matcher", "array_containing", "bool", "boolean", "content_type", "date",
    "datetime", "decimal", "each_key_matches", "each_like", "each_value_matches", "float", "includes", "int",
    "integer", "like", "none", "not_empty", "null", "number", "regex", "semver", "str", "string", "time",
    "timestamp", "type", "uuid"
]  # fmt: skip
