"""What pact files know of matchers and generators, and the checks that the core does not make.

The core stores an unknown matcher, a regex that does not compile or a maximum below the minimum without a word;
the contract then fails, or worse, matches anything. Everything that has rules in it passes here first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError

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
_V3_GENERATORS = "RandomInt RandomDecimal RandomHexadecimal RandomString RandomBoolean Regex Uuid Date Time DateTime"
GENERATORS = {**dict.fromkeys(_V3_GENERATORS.split(), _V3), "ProviderState": _V3, "MockServerURL": _V4}
UUID_FORMATS = ("simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN")
MOST_ITEMS = 100_000  # that an example is repeated to
_STATUS = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")
_TYPES: dict[str, tuple[Any, str]] = {
    "integer": (int, r"[+-]?\d+"),
    "decimal": (float, r"[+-]?\d+\.\d+"),
    "number": ((int, float), r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "boolean": (bool, "true|false"),
}


def matcher_name(name: object, where: str = "") -> str:
    """The canonical name of a matcher (``each-key`` is ``eachKey``); raises `InvalidInputError` for an unknown one."""
    text = name if isinstance(name, str) else ""
    head, *rest = text.split("-")
    canonical = head + "".join(part.capitalize() for part in rest)
    if canonical not in MATCHERS:
        raise InvalidInputError(f"{where}unknown matcher {name!r}; known are {', '.join(MATCHERS)}")
    return canonical


def check_integer(value: object, what: str, lowest: int, highest: int) -> None:
    """Refuse what is no integer from ``lowest`` to ``highest``."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise InvalidInputError(f"{what} must be an integer from {lowest} to {highest}, not {value!r}")


def check_limits(attributes: Mapping[str, Any], what: str, lowest: int = 0, highest: int = 2**31 - 1) -> None:
    """Refuse a ``min`` or ``max`` that is no integer in range, or a minimum above the maximum."""
    for key in ("min", "max"):
        if attributes.get(key) is not None:
            check_integer(attributes[key], f"{what}: {key}", lowest, highest)
    low, high = attributes.get("min"), attributes.get("max")
    if low is not None and high is not None and low > high:
        raise InvalidInputError(f"{what}: min {low} is greater than max {high}")


def check_regex(regex: object, what: str, *examples: str) -> None:
    """Refuse a regex that the core cannot compile, or that does not match the whole of each of ``examples``."""
    from pact_ffi.core import matching

    if not isinstance(regex, str):
        raise InvalidInputError(f"{what}: a regex must be text, not {regex!r}")
    matching.check_backtracking(regex)
    for example in examples or [""]:
        if not matching.check_regex(regex, example) and examples:
            raise InvalidInputError(f"{what}: the regex {regex!r} does not match the whole of its example {example!r}")


def check_format(format: object, what: str, example: object = None) -> None:
    """Refuse a date format that the core cannot read, or that does not fit the ``example``."""
    from pact_ffi.core import matching
    from pact_ffi.values.dates import java_example

    if not isinstance(format, str) or not format:
        raise InvalidInputError(f"{what}: a format must be text, not {format!r}")
    if re.search("%[A-Za-z]", format):
        raise InvalidInputError(f"{what}: {format!r} is a strftime format, here the core's own is needed (yyyy-MM-dd)")
    if example is None:
        example = java_example(format)
    if example is None:
        matching.generate_datetime(format)
    elif not isinstance(example, str) or matching.check_datetime(format, example):
        raise InvalidInputError(f"{what}: the example {example!r} does not fit the format {format!r}")


def check_rule(rule: Mapping[str, Any], where: str = "", example: object = None) -> None:
    """Refuse a matching rule (``{"match": "regex", "regex": ...}``) that the core would drop, misread or never satisfy.

    ``where`` leads the message; ``example``, when given, must satisfy the rule. Raises `InvalidInputError`.
    """
    if not isinstance(rule, Mapping) or not ("match" in rule or "pact:matcher:type" in rule):
        raise InvalidInputError(f"{where}a matching rule is a dict with the key 'match', not {rule!r}")
    name = matcher_name(rule.get("pact:matcher:type", rule.get("match")), where)
    what = f"{where}matcher {name}"
    if name == "type":
        check_limits(rule, what)
    elif name == "regex":
        values = example if isinstance(example, list) else [example]
        scalars = [each for each in values if isinstance(each, (str, int, float)) and not isinstance(each, bool)]
        check_regex(rule.get("regex"), what, *map(str, scalars))
    elif name in ("date", "time", "datetime", "timestamp"):
        check_format(rule.get("format"), what, example)
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
        members = [*example] if name == "eachKey" and isinstance(example, Mapping) else []
        for each in rule["rules"]:
            for member in members or [None]:
                check_rule(each, f"{what}: ", member)
    elif example is not None and name in _TYPES and not isinstance(example, list):
        expected, as_text = _TYPES[name]
        # headers, queries and forms carry numbers as text
        fits = re.fullmatch(as_text, example) if isinstance(example, str) else isinstance(example, expected)
        if not fits or (isinstance(example, bool) and name != "boolean"):
            raise InvalidInputError(f"{what}: the example {example!r} is no {name}")


def check_generator(generator: Mapping[str, Any], where: str = "") -> None:
    """Refuse a generator (``{"type": "RandomInt", ...}``) that the core would ignore or read as something else."""
    if not isinstance(generator, Mapping):
        raise InvalidInputError(f"{where}a generator is a dict such as {{'type': 'Uuid'}}, not {generator!r}")
    name = generator.get("pact:generator:type", generator.get("type"))
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
    if name == "MockServerURL":
        check_regex(generator.get("regex"), what, str(generator.get("example", "")))
