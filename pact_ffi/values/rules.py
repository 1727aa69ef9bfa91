"""What pact files know of matchers and generators, and the checks that the core does not make.

The core stores an unknown matcher, a regex that does not compile or a maximum below the minimum without a word;
the contract then fails, or worse, matches anything. Everything that has rules in it passes here first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pact_ffi.core import matching
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError
from pact_ffi.values.dates import java_example
from pact_ffi.values.limits import check_integer, check_limits

MATCHER, GENERATOR = "pact:matcher:type", "pact:generator:type"

_V2, _V3, _V4 = PactSpecification.V2, PactSpecification.V3, PactSpecification.V4
_V3_MATCHERS = (
    "equality include integer decimal real number boolean null date time datetime timestamp values contentType"
)
_V4_MATCHERS = "arrayContains statusCode notEmpty semver eachKey eachValue"
MATCHERS = {
    **dict.fromkeys(("type", "regex"), _V2),
    **dict.fromkeys(_V3_MATCHERS.split(), _V3),
    **dict.fromkeys(_V4_MATCHERS.split(), _V4),
}
_DATES = ("date", "time", "datetime", "timestamp")
WITH_FIELDS = (*_DATES, "regex", "include", "contentType", "arrayContains", "statusCode", "eachKey", "eachValue")
_V3_GENERATORS = "RandomInt RandomDecimal RandomHexadecimal RandomString RandomBoolean Regex Uuid Date Time DateTime"
GENERATORS = {**dict.fromkeys(_V3_GENERATORS.split(), _V3), "ProviderState": _V3, "MockServerURL": _V4}
UUID_FORMATS = ("simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN")
_STATUS = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


def matcher_name(name: object, where: str = "") -> str:
    """The canonical name of a matcher (``each-key`` is ``eachKey``); raises `InvalidInputError` for an unknown one."""
    if type(name) is str and name in MATCHERS:
        return name
    text = name if isinstance(name, str) else ""
    head, *rest = text.split("-")
    canonical = head + "".join(part.capitalize() for part in rest)
    if canonical not in MATCHERS:
        raise InvalidInputError(f"{where}unknown matcher {name!r}; known are {', '.join(MATCHERS)}")
    return canonical


@lru_cache(maxsize=1024)
def _regex_problem(regex: str) -> InvalidInputError | None:
    try:
        matching.check_backtracking(regex)
        matching.check_regex(regex, "")
    except InvalidInputError as error:
        return error
    return None


def check_regex(regex: object, what: str) -> None:
    """Refuse a regex that the core cannot compile, or that would keep it busy without end."""
    if not isinstance(regex, str):
        raise InvalidInputError(f"{what}: a regex must be text, not {regex!r}")
    problem = _regex_problem(regex)
    if problem is not None:
        raise InvalidInputError(f"{what}: {problem}")


@lru_cache(maxsize=1024)
def _format_problem(format: str) -> str | None:
    if re.search("%[A-Za-z]", format):
        return f"{format!r} is a strftime format, here the core's own is needed (yyyy-MM-dd)"
    example = java_example(format)
    if example is not None:
        return matching.check_datetime(format, example)
    try:
        matching.generate_datetime(format)
    except InvalidInputError as error:
        return str(error)
    return None


def check_format(format: object, what: str) -> None:
    """Refuse a date format that the core cannot read."""
    if not isinstance(format, str) or not format:
        raise InvalidInputError(f"{what}: a format must be text, not {format!r}")
    problem = _format_problem(format)
    if problem is not None:
        raise InvalidInputError(f"{what}: {problem}")


def check_rule(rule: Mapping[str, Any], where: str = "") -> None:
    """Refuse a matching rule (``{"match": "regex", "regex": ...}``) that the core would drop or misread.

    ``where`` leads the message. Raises `InvalidInputError`.
    """
    if not isinstance(rule, (dict, Mapping)) or not ("match" in rule or MATCHER in rule):
        raise InvalidInputError(f"{where}a matching rule is a dict with the key 'match', not {rule!r}")
    name = matcher_name(rule.get(MATCHER, rule.get("match")), where)
    what = f"{where}matcher {name}"
    if name == "type":
        check_limits(rule, what)
    elif name == "regex":
        check_regex(rule.get("regex"), what)
    elif name in _DATES:
        check_format(rule.get("format"), what)
    elif name in ("include", "contentType") and not isinstance(rule.get("value"), (str, int, float)):
        raise InvalidInputError(f"{what}: its 'value' must be text, not {rule.get('value')!r}")
    elif name == "arrayContains" and not (isinstance(rule.get("variants"), (list, tuple)) and rule["variants"]):
        raise InvalidInputError(f"{what}: its 'variants' must be a list with at least one item")
    elif name == "statusCode":
        status = rule.get("status", "success")
        if status not in _STATUS and not (isinstance(status, list) and all(type(code) is int for code in status)):
            raise InvalidInputError(f"{what}: 'status' must be one of {', '.join(_STATUS)} or a list of numbers")
    elif name in ("eachKey", "eachValue"):
        if not isinstance(rule.get("rules"), list) or not rule["rules"]:
            raise InvalidInputError(f"{what}: its 'rules' must be a list with at least one matching rule")
        for nested in rule["rules"]:
            check_rule(nested, f"{what}: ")


def check_generator(generator: Mapping[str, Any], where: str = "") -> None:
    """Refuse a generator (``{"type": "RandomInt", ...}``) that the core would ignore or read as something else."""
    if not isinstance(generator, Mapping):
        raise InvalidInputError(f"{where}a generator is a dict such as {{'type': 'Uuid'}}, not {generator!r}")
    name = generator.get(GENERATOR, generator.get("type"))
    if not isinstance(name, str) or name not in GENERATORS:
        raise InvalidInputError(f"{where}unknown generator {name!r}; known are {', '.join(GENERATORS)}")
    what = f"{where}generator {name}"
    if name == "RandomInt":
        check_limits({"min": 0, "max": 10, **generator}, what, -(2**31))
    for key in ("digits", "size"):
        if generator.get(key) is not None:
            check_integer(generator[key], f"{what}: {key}", 1, 65535)
    if name in ("Date", "Time", "DateTime") and generator.get("format") is not None:
        check_format(generator["format"], what)
    if name == "Uuid" and generator.get("format", "URN") not in UUID_FORMATS:
        raise InvalidInputError(f"{what}: unknown format {generator['format']!r}; known are {', '.join(UUID_FORMATS)}")
    if name == "ProviderState" and not (isinstance(generator.get("expression"), str) and generator["expression"]):
        raise InvalidInputError(f"{what}: its 'expression' must be text such as '${{id}}'")
    if name == "Regex":
        check_regex(generator.get("regex"), what)
        matching.check_length(str(generator["regex"]), what)
    if name == "MockServerURL":
        check_regex(generator.get("regex"), what)
        if not matching.check_regex(str(generator["regex"]), str(generator.get("example", ""))):
            example = generator.get("example")
            raise InvalidInputError(f"{what}: the regex {generator['regex']!r} does not match its example {example!r}")
