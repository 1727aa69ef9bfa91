"""The classic matchers: Like, EachLike, Term and Format, told in terms of `pact_ffi.match`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.encoding import plain, to_integration_json
from pact_ffi.values.matcher import AbstractMatcher, Matcher
from pact_ffi.values.regexes import core_regex
from pact_ffi.values.rules import MOST_ITEMS

_VALUES = (type(None), str, int, float, list, tuple, dict, AbstractMatcher)


class SomethingLike(Matcher[Any]):
    """A value of the same type as ``matcher``; matchers inside it keep their own rules.

    Raises ``AssertionError`` for anything but text, numbers, booleans, None, lists, dicts and matchers.
    """

    def __init__(self, matcher: Any) -> None:
        assert isinstance(matcher, _VALUES), f"matcher must be one of {_VALUES}, not {type(matcher).__name__}"
        self.matcher = matcher
        super().__init__("type", matcher)


Like = SomethingLike


class EachLike(Matcher[Any]):
    """A list of at least ``minimum`` items that are all like ``matcher``."""

    def __init__(self, matcher: Any, minimum: int = 1) -> None:
        assert isinstance(minimum, int) and minimum >= 1, "Minimum must be greater than or equal to 1"
        self.matcher = matcher
        self.minimum = minimum
        if minimum > MOST_ITEMS:
            raise InvalidInputError(f"EachLike: the example would have {minimum} items, more than {MOST_ITEMS}")
        super().__init__("type", [matcher] * minimum, min=minimum)


class Term(Matcher[str]):
    """Text in which the regex ``matcher`` is found somewhere; ``generate`` is the example.

    Rules in pact files match the whole text, so the regex gets padding wherever it is not anchored.
    """

    def __init__(self, matcher: str, generate: Any) -> None:
        self.matcher = matcher
        self.generate = generate
        super().__init__("regex", generate, regex=searching(core_regex(matcher)))


def searching(regex: str) -> str:
    r"""The regex that matches a whole text where ``regex`` is found: ``\d+`` gives ``[\s\S]*?(?:\d+)[\s\S]*``."""
    alternatives = "|" in regex
    start = not alternatives and re.match(r"\^|\\A", regex)
    end = not alternatives and re.search(r"(?<!\\)(\\\\)*(\$|\\[zZ])$", regex)
    if start and end:
        return regex
    return ("" if start else r"[\s\S]*?") + f"(?:{regex})" + ("" if end else r"[\s\S]*")


def from_term(term: Any) -> Any:
    """``term`` with the matchers in it as the core's integration JSON; ``ValueError`` for unknown types."""
    return _encoded(to_integration_json, term)


def get_generated_values(input: Any) -> Any:
    """The examples alone; raises ``ValueError`` for types that a contract cannot hold."""
    return _encoded(plain, input)


def _encoded(encode: Callable[[Any], Any], value: Any) -> Any:
    try:
        return encode(value)
    except InvalidInputError as error:
        raise ValueError(f"Unknown type: {type(value)}: {error}") from None


class Format:
    """Terms for well-known formats: ``Format().uuid`` and so on; each example fits its own regex."""

    class Regexes(Enum):
        """The regexes; they match the whole of a text."""

        ip_address = r"^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$"
        ipv6_address = (
            r"^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?=.*::)(?!.*::.*::)(([0-9a-fA-F]{1,4}(:|::)){0,6}|::)"
            r"([0-9a-fA-F]{1,4}(:|::)){0,6}([0-9a-fA-F]{1,4})?)$"
        )
        hexadecimal = r"^[0-9a-fA-F]+$"
        uuid = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
        date = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
        time = r"^T?([01]\d|2[0-3]):?[0-5]\d(:?[0-5]\d([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$"
        timestamp = date[:-1] + r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$"
        iso_datetime = date[:-1] + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.]\d+)?(Z|[+-]\d{2}:?\d{2})$"
        iso_datetime_ms = date[:-1] + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d[.]\d{3,}(Z|[+-]\d{2}:?\d{2})$"

    def __init__(self) -> None:
        moment = datetime.datetime(2000, 2, 1, 12, 30, 0)
        self.identifier = self.integer = Like(1)
        self.decimal = Like(1.0)
        self.ip_address = self._term("ip_address", "127.0.0.1")
        self.hexadecimal = self._term("hexadecimal", "3F")
        self.ipv6_address = self._term("ipv6_address", "::ffff:c000:201")
        self.uuid = self._term("uuid", "fc763eba-0905-41c5-a27f-3934ab26786c")
        self.timestamp = self._term("timestamp", moment.isoformat())
        self.date = self._term("date", moment.date().isoformat())
        self.time = self._term("time", f"T{moment.time().isoformat()}")
        self.iso_datetime = self._term("iso_datetime", "1991-02-20T06:35:26+00:00")
        self.iso_datetime_ms = self._term("iso_datetime_ms", "1991-02-20T06:35:26.123+00:00")

    def _term(self, name: str, example: str) -> Term:
        return Term(self.Regexes[name].value, example)
