"""Regular expressions and date formats as the core understands them, asked without a pact.

The core's own `pactffi_check_regex` cannot tell "does not match" from "is no regex", and aborts the process for a regex
that backtracks without end. The same engine answers safely when the regex stands in a matching rule, so that is
the way taken here, with a rule that the core reads from a matcher expression; the generators are only asked what cannot
abort them or keep them busy for seconds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pact_ffi.core.library import lib
from pact_ffi.core.owned import holding
from pact_ffi.core.text import c_text, forget_error, last_error, taken
from pact_ffi.errors import InvalidInputError

_ESCAPED = str.maketrans({"\\": r"\u005c", "'": r"\u0027"})  # in a text of a matcher expression
_LONGEST = 1_000_000  # characters that a generated value may have; the core makes about 100 million a second
_UNBOUNDED = 100  # what we assume for * and +
MAY_BE_NUL = re.compile(r"\\x00|\\x\{0+\}|\\u0000|\\u\{0+\}|\\U0{8}|\[:ascii:\]|\[:cntrl:\]|\[:\^|\[\^|\\[DWS]")
_TOKEN = re.compile(
    r"(?P<repeat>\{(?P<low>\d+)(?P<more>,(?P<high>\d*))?\}|[*+?])"
    r"|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?[^:)]*:|.",
    re.DOTALL,
)
_REPEATED_GROUP = re.compile(r"[*+}?][^()]*\)+[*+{]|\|[^()]*\)+[*+{]|\)[*+{][^()]*\)+[*+{]")
_LITERAL = re.compile(r"[A-Za-z0-9@.,:/ -]")


def check_regex(regex: str, example: str) -> bool:
    """Return whether the whole of ``example`` matches ``regex``, as the core's regex matcher decides.

    Raises `InvalidInputError` when ``regex`` is not valid for the core (Oniguruma's syntax), or backtracks so
    much on ``example`` that the core gives up. Rests on `pactffi_matches_string_value`.
    """
    c_text(regex, "the regex")
    text = c_text(example, "the example")
    expression = f"matching(regex, '{regex.translate(_ESCAPED)}', '')"
    with holding(f"the core could not read the regex {regex!r}") as own:
        parsed = own(lib.pactffi_parse_matcher_definition(expression.encode()), "pactffi_matcher_definition_delete")
        rules = own(lib.pactffi_matcher_definition_iter(parsed), "pactffi_matching_rule_iter_delete")
        rule = lib.pactffi_matching_rule_pointer(own(lib.pactffi_matching_rule_iter_next(rules)))
        answer = taken(lib.pactffi_matches_string_value(rule, b"", text, 0))
    if answer is None:
        return True
    if answer.startswith("INTERNAL ERROR"):
        reason = last_error() or "the core gave up"
        raise InvalidInputError(f"the regex {regex!r} cannot be matched against {example!r}: {reason}")
    if "is not a valid regular expression" in answer:
        raise InvalidInputError(f"the regex {regex!r} is not valid: {answer.partition(' - ')[2] or answer}")
    return False


@lru_cache(maxsize=1024)
def check_backtracking(regex: str) -> None:
    """Raise `InvalidInputError` when ``regex`` backtracks without end on some text that a request could bring.

    Such a text makes the core panic: the mock server drops the request without a record, and the pact looks met. Only
    a repeated group can do that; whether it does is tried, with long runs of what the regex itself speaks of.
    """
    if not _REPEATED_GROUP.search(regex):
        return
    for run in {*_LITERAL.findall(re.sub(r"\\[dDwWsS]", "1a ", regex)), "1", "a", " "}:
        check_regex(regex, run * 40 + "\x01")


def check_filter(regex: str) -> None:
    """Raise `InvalidInputError` for what is no regex in Rust's syntax, which the filters of a verification have.

    Rests on `pactffi_generate_regex_value`, the one function that tells. It is led by an anchor, which it cannot make a
    value for: so it gets no further than to the syntax.
    """
    answer = lib.pactffi_generate_regex_value(b"(?u)^|" + c_text(regex, "a filter"))
    reason = taken(answer.value) or ""
    if "regex parse error" in reason:
        raise InvalidInputError(f"the filter {regex!r} is no regular expression: {reason.rpartition('error: ')[2]}")


def check_datetime(format: str, value: str) -> str | None:
    """Return why ``value`` does not have the date/time ``format`` (Java's letters), or None when it has.

    Rests on `pactffi_validate_datetime`.
    """
    arguments = c_text(value, "the date/time"), c_text(format, "the date/time format")
    forget_error()  # an older message would be taken for this call's
    if lib.pactffi_validate_datetime(*arguments) == 0:
        return None
    return last_error() or f"{value!r} does not have the format {format!r}"


def generate_datetime(format: str) -> str:
    """Return the present moment in ``format`` (Java's letters); raises `InvalidInputError` when that is no format.

    Rests on `pactffi_generate_datetime_string`.
    """
    result = lib.pactffi_generate_datetime_string(c_text(format, "the date/time format"))
    return _generated(result, f"the date/time format {format!r} is not valid")


def generate_regex(regex: str) -> str:
    """Return a random text that matches ``regex``.

    Raises `InvalidInputError` for what the core cannot generate from (it has no anchors, look-around, negated
    classes or ``.``), what might generate a NUL, and what might grow beyond a million characters.
    Rests on `pactffi_generate_regex_value`.
    """
    pattern = c_text(regex, "the regex")
    problem = f"no value can be generated from the regex {regex!r}"
    if risk := MAY_BE_NUL.search(regex):
        nul = f"{risk.group()!r} may stand for a NUL or for what is no text"
        raise InvalidInputError(f"{problem}: {nul}; name the wanted characters instead")
    if _longest(regex) > _LONGEST:
        raise InvalidInputError(f"{problem}: it may be longer than {_LONGEST} characters; use smaller repetitions")
    return _generated(lib.pactffi_generate_regex_value(pattern), problem)


def _generated(result: Any, problem: str) -> str:
    failed = result.tag != 0
    text = taken(result.value) or ""
    if failed:
        raise InvalidInputError(f"{problem}: {text}")
    return text


def _longest(regex: str) -> int:
    """Estimate from above how many characters ``regex`` can generate."""
    sizes = [[0, 0]]  # for each open group: finished characters, size of the last item
    for token in _TOKEN.finditer(regex):
        if token["repeat"]:
            low, high = token["low"], token["high"]
            times = int(high) if high else int(low) + (_UNBOUNDED if token["more"] else 0) if low else _UNBOUNDED
            sizes[-1][1] *= times
            continue
        sizes[-1] = [sum(sizes[-1]), 0]
        if token[0].startswith("("):
            sizes.append([0, 0])
        elif token[0] == ")" and len(sizes) > 1:
            inner = sum(sizes.pop())
            sizes[-1][1] = inner
        else:
            sizes[-1][1] = 1
    return sum(sum(size) for size in sizes)
