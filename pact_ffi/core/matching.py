"""What the core thinks of examples, regular expressions and date formats, asked without a pact.

The core's own `pactffi_check_regex` cannot tell "does not match" from "is not a regex", and ends the process for a
regex that backtracks without end. The same engine answers safely when the regex stands in a matching rule, so that
is the way taken here; the generators are only asked what cannot end them or keep them busy for seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from pact_ffi.core import library
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import Owned, holding
from pact_ffi.core.text import c_text, forget_error, last_error, taken
from pact_ffi.errors import InvalidInputError

_BODY = 4  # the core's number for the category of rules
_RESPONSE = 1
_V4 = 5
_LONGEST = 1_000_000  # characters that a generated value may have; the core makes about 100 million a second
_UNBOUNDED = 100  # what we assume for * and +
# Compiled where they are used: each takes 0.1 ms, and few tests need them.
MAY_BE_NUL = r"\\x00|\\x\{0+\}|\\u0000|\\u\{0+\}|\\U0{8}|\[:ascii:\]|\[:cntrl:\]|\[:\^|\[\^|\\[DWS]"
_TOKEN = (
    r"(?s)(?P<repeat>\{(?P<low>\d+)(?P<more>,(?P<high>\d*))?\}|[*+?])"
    r"|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?[^:)]*:|."
)
_REPEATED_GROUP = re.compile(r"[*+}?][^()]*\)+[*+{]|\|[^()]*\)+[*+{]|\)[*+{][^()]*\)+[*+{]")
_LITERAL = r"[A-Za-z0-9@.,:/ -]"


def judge_json(rule: str, example: str) -> str | None:
    """Return why the JSON value ``example`` does not satisfy ``rule``, or None when it does.

    ``rule`` is JSON as pact files spell it. Raises `InvalidInputError` for a rule that the core cannot read. Rests on
    `pactffi_matches_json_value`.
    """
    data = c_text(example, "the example")
    return _reason(taken(lib.pactffi_matches_json_value(_held(rule), data, data, 0)))


def judge_text(rule: str, example: str) -> str | None:
    """Return why ``example``, text as headers, queries and paths carry it, does not satisfy ``rule``, or None.

    ``rule`` and exceptions are those of `judge_json`. Rests on `pactffi_matches_string_value`.
    """
    data = c_text(example, "the example")
    return _reason(taken(lib.pactffi_matches_string_value(_held(rule), data, data, 0)))


def judge_body(
    content_type: str, body: str | bytes, rules: str | None = None, actual: str | None = None
) -> list[tuple[str, str]]:
    """Match the example of a body, or an ``actual`` one, with its rules; returns the mismatches, each with its path.

    ``body`` is integration JSON, or the literal contents as bytes, then with ``rules`` as pact files spell them.
    Returns nothing for what is not text, and where the core is too old to tell. Rests on
    `pactffi_sync_message_match_response_contents`.
    """
    if not matches_bodies():
        return []
    if isinstance(body, bytes) and not _is_text(body):
        return []
    kind = c_text(content_type, "the content type")
    with _message(kind, body, rules) as (message, _, contents, _):
        example = actual or taken(lib.pactffi_message_contents_get_contents_str(contents))
        if not example:
            return []
        answer = taken(lib.pactffi_sync_message_match_response_contents(message, 0, kind, example.encode()))
        if answer is None:
            return [("$", last_error() or "the core gave up")]
    return [(str(mismatch.get("path", "$")), str(mismatch["mismatch"])) for mismatch in json.loads(answer)]


def matches_bodies() -> bool:
    """Return whether this core can match a whole body; `judge_body` finds nothing where it cannot."""
    return library.has("pactffi_sync_message_match_response_contents")


def judge_generated(content_type: str, body: str, times: int) -> list[tuple[str, str]]:
    """Match what the generators of a body make with its own rules; returns the first mismatches, each with its path.

    ``body`` is integration JSON; ``times`` is how often it is tried. Returns nothing where the core is too old to tell.
    Rests on `pactffi_sync_message_generate_response_contents` and `pactffi_sync_message_match_response_contents`.
    """
    if not matches_bodies():
        return []
    kind = c_text(content_type, "the content type")
    with _message(kind, body, None) as (message, first, _, own):
        for _ in range(times):
            made = lib.pactffi_sync_message_generate_response_contents(first, 0)
            text = taken(lib.pactffi_message_contents_get_contents_str(own(made, "pactffi_message_contents_delete")))
            answer = taken(lib.pactffi_sync_message_match_response_contents(message, 0, kind, (text or "").encode()))
            mismatches = json.loads(answer) if answer else []
            if mismatches:
                return [(str(each.get("path", "$")), str(each["mismatch"])) for each in mismatches]
    return []


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _held(rule: str) -> Any:
    """The core's own form of ``rule``."""
    return _rule(rule, library.generation()).raw.rule


@lru_cache(maxsize=1024)
def _rule(rule: str, generation: int) -> Owned:
    """Let the core read ``rule``: it hands out rules of messages only."""
    problem = f"the core cannot read the matching rule {rule}"
    rules = f'{{"body": {{"$": {{"matchers": [{rule}]}}}}}}'
    with _message(b"application/json", "{}", rules) as (_, _, contents, own):
        found = lib.pactffi_message_contents_get_matching_rule_iter(contents, _BODY)
        pair = lib.pactffi_matching_rules_iter_next(own(found, "pactffi_matching_rules_iter_delete"))
        if pair == ffi.NULL:
            raise InvalidInputError(problem)
        return Owned(pair, "pactffi_matching_rules_iter_pair_delete")


@contextmanager
def _message(kind: bytes, body: str | bytes, rules: str | None) -> Iterator[tuple[int, Any, Any, Callable[..., Any]]]:
    """A throw-away message with ``body`` as its response.

    Yields its number, the message, the response's contents, and what releases at the end.
    """
    with holding("the core could not make a message") as own:
        pact = own(lib.pactffi_new_pact(b"consumer", b"provider"), "pactffi_free_pact_handle")
        lib.pactffi_with_specification(pact, _V4)
        message = lib.pactffi_new_sync_message_interaction(pact, b"example")
        if isinstance(body, bytes):
            lib.pactffi_with_binary_body(message, _RESPONSE, kind, ffi.from_buffer("uint8_t[]", body), len(body))
        else:
            lib.pactffi_with_body(message, _RESPONSE, kind, c_text(body, "the body"))
        if rules is not None and not lib.pactffi_with_matching_rules(message, _RESPONSE, c_text(rules, "the rules")):
            raise InvalidInputError(f"the core cannot read the matching rules {rules}: {last_error() or 'no reason'}")
        messages = own(lib.pactffi_pact_handle_get_sync_message_iter(pact), "pactffi_pact_sync_message_iter_delete")
        first = own(lib.pactffi_pact_sync_message_iter_next(messages))
        yield message, first, own(lib.pactffi_sync_message_get_response_contents(first, 0)), own


def _reason(answer: str | None) -> str | None:
    if answer is not None and answer.startswith("INTERNAL ERROR"):
        return last_error() or "the core gave up"
    return answer


def check_regex(regex: str, example: str) -> bool:
    """Return whether the whole of ``example`` matches ``regex``, as the core's regex matcher decides.

    Raises `InvalidInputError` when ``regex`` is not valid for the core (Oniguruma's syntax), or backtracks so
    much on ``example`` that the core gives up.
    """
    c_text(regex, "the regex")
    rule = json.dumps({"match": "regex", "regex": regex})
    reason = judge_text(rule, example)
    if reason is None:
        return True
    if "is not a valid regular expression" in reason:
        raise InvalidInputError(f"the regex {regex!r} is not valid: {reason.partition(' - ')[2] or reason}")
    if not reason.startswith("Expected "):
        raise InvalidInputError(f"the regex {regex!r} cannot be matched against {example!r}: {reason}")
    return False


@lru_cache(maxsize=1024)
def check_backtracking(regex: str) -> None:
    """Raise `InvalidInputError` when ``regex`` backtracks without end on some text that a request could bring.

    Such a text makes the core panic: the mock server drops the request without a record, and the pact looks met. Only
    a repeated group can do that; whether it does is tried, with long runs of what the regex itself speaks of.
    """
    if not _REPEATED_GROUP.search(regex):
        return
    for run in {*re.findall(_LITERAL, re.sub(r"\\[dDwWsS]", "1a ", regex)), "1", "a", " "}:
        check_regex(regex, run * 40 + "\x01")


def check_syntax(regex: str, what: str) -> None:
    """Raise `InvalidInputError`, naming ``what``, for a regex that has not Rust's syntax.

    Filters of a verification and generators have it. Rests on `pactffi_generate_regex_value`, the one function that
    tells. It is led by an anchor, which it cannot make a value for: so it gets no further than to the syntax.
    """
    answer = lib.pactffi_generate_regex_value(b"(?u)^|" + c_text(regex, what))
    reason = taken(answer.value) or ""
    if "regex parse error" in reason:
        raise InvalidInputError(f"{what} {regex!r} is not a regular expression: {reason.rpartition('error: ')[2]}")


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
    """Return the present moment in ``format`` (Java's letters); raises `InvalidInputError` when it is not valid.

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
    if risk := re.search(MAY_BE_NUL, regex):
        nul = f"{risk.group()!r} may stand for a NUL, or for what is not text"
        raise InvalidInputError(f"{problem}: {nul}; name the wanted characters instead")
    check_length(regex, problem)
    return _generated(lib.pactffi_generate_regex_value(pattern), problem)


def check_length(regex: str, problem: str) -> None:
    """Raise `InvalidInputError`, led by ``problem``, when a text generated from ``regex`` may never be finished."""
    if _longest(regex) > _LONGEST:
        raise InvalidInputError(f"{problem}: it may be longer than {_LONGEST} characters; use smaller repetitions")


def _generated(result: Any, problem: str) -> str:
    failed = result.tag != 0
    text = taken(result.value) or ""
    if failed:
        raise InvalidInputError(f"{problem}: {text}")
    return text


def _longest(regex: str) -> int:
    """Estimate from above how many characters ``regex`` can generate."""
    sizes = [[0, 0]]  # for each open group: finished characters, size of the last item
    for token in re.finditer(_TOKEN, regex):
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
