"""The classic matchers: Like, EachLike, Term and Format, told in terms of `pact_ffi.match`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from pact_ffi.errors import InvalidInputError, InvalidMatcherError
from pact_ffi.values import matcher as engine
from pact_ffi.values.encoding import plain, to_integration_json
from pact_ffi.values.limits import MOST_ITEMS
from pact_ffi.values.matcher import AbstractMatcher
from pact_ffi.values.regexes import core_regex

_VALUES = (type(None), str, int, float, list, tuple, dict, AbstractMatcher)


class Matcher(AbstractMatcher[Any]):
    """The base of the classic matchers, and of classes of your own that have a method ``generate``.

    ``generate()`` returns what stands in the contract: JSON values in which matchers may stand, a matcher, or what the
    ``generate()`` of another matcher returned.

    >>> class Event(Matcher):
    ...     def generate(self):
    ...         return {"key": "1", "value": Like({"id": 7})}
    >>> get_generated_values(Event())
    {'key': '1', 'value': {'id': 7}}
    """

    def generate(self) -> Any:
        """Return what stands in the contract; each subclass has its own."""
        raise NotImplementedError(f"{type(self).__name__} needs a method generate() that returns its content")

    def to_integration_json(self) -> Any:
        """Return what `generate` returns, in the core's words where it was written for the Ruby engine."""
        return _from_ruby(self.generate())

    def to_matching_rule(self) -> dict[str, Any]:
        """Refuse to be a rule: a class of your own stands for content."""
        raise InvalidInputError(f"{type(self).__name__} stands for content; a rule needs a matcher of pact.match")


class _RuleMatcher(Matcher, engine.Matcher[Any]):
    """A matcher with one rule of the core."""

    def generate(self) -> Any:
        """Return the rule and its example in the core's words."""
        return engine.Matcher.to_integration_json(self)

    def to_matching_rule(self) -> dict[str, Any]:
        """Return the rule as pact files spell it."""
        return engine.Matcher.to_matching_rule(self)


class SomethingLike(_RuleMatcher):
    """A value of the same type as ``matcher``; matchers inside it keep their own rules.

    Raises `InvalidMatcherError` for anything but text, numbers, booleans, None, lists, dicts and matchers.

    >>> Like({"id": 7}).value
    {'id': 7}
    """

    def __init__(self, matcher: Any) -> None:
        if not isinstance(matcher, _VALUES):
            raise InvalidMatcherError(
                f"{type(self).__name__} takes text, a number, a boolean, None, a list, a dict or a matcher,"
                f" not {type(matcher).__name__} {matcher!r:.100}"
            )
        self.matcher = matcher
        super().__init__("type", matcher)


Like = SomethingLike


class EachLike(_RuleMatcher):
    """A list of at least ``minimum`` items that are all like ``matcher``.

    Raises `InvalidMatcherError` for a minimum that is not a whole number from 1 on.

    >>> get_generated_values(EachLike({"id": Like(7)}, minimum=2))
    [{'id': 7}, {'id': 7}]
    """

    def __init__(self, matcher: Any, minimum: int = 1) -> None:
        if not isinstance(minimum, int) or minimum < 1:
            raise InvalidMatcherError(f"EachLike: minimum must be greater than or equal to 1, not {minimum!r}")
        if minimum > MOST_ITEMS:
            raise InvalidInputError(f"EachLike: the example would have {minimum} items, more than {MOST_ITEMS}")
        self.matcher = matcher
        self.minimum = minimum
        super().__init__("type", [matcher] * minimum, min=minimum)


class Term(_RuleMatcher):
    r"""Text in which the regex ``matcher`` is found somewhere; ``generate`` is the example.

    Rules in pact files match the whole text, so the regex gets padding wherever it is not anchored.

    >>> get_generated_values(Term(r"\d+", "17"))
    '17'
    """

    def __init__(self, matcher: str, generate: Any) -> None:
        self.matcher = matcher
        self._generate = generate  # subclasses in the field read it
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
    """The examples alone; raises ``ValueError`` for types that a contract cannot hold.

    >>> get_generated_values({"id": Like(7), "tags": EachLike("new")})
    {'id': 7, 'tags': ['new']}
    """
    return _encoded(plain, input)


def _encoded(encode: Callable[[Any], Any], value: Any) -> Any:
    try:
        return encode(value)
    except InvalidInputError as error:
        raise ValueError(f"Unknown type: {type(value)}: {error}") from None


def _from_ruby(value: Any) -> Any:
    """Return ``value`` with what the Ruby engine called a matcher as one of ours."""
    if isinstance(value, list):
        return [_from_ruby(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    kind = value.get("json_class")
    if kind == "Pact::SomethingLike":
        return Like(_from_ruby(value["contents"]))
    if kind == "Pact::ArrayLike":
        return EachLike(_from_ruby(value["contents"]), minimum=value.get("min", 1))
    if kind == "Pact::Term":
        return Term(value["data"]["matcher"]["s"], value["data"]["generate"])
    return {key: _from_ruby(item) for key, item in value.items()}


_DATE = r"\d{4}(-?W[0-5]\d(-?[1-7])?|-?[0-3]\d\d|-(0[1-9]|1[0-2])|-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01]))"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ZONE = r"(Z|[+-]\d{2}(:?\d{2})?)?"
_GROUP = r"[0-9a-fA-F]{1,4}"
_IP = r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}"


class Format:
    """Terms for well-known formats: ``Format().uuid`` and so on; each example fits its own regex.

    >>> Format().iso_8601_datetime(with_ms=True).value
    '1991-02-20T06:35:26.079043+00:00'
    """

    class Regexes(Enum):
        """The regexes; they match the whole of a text."""

        ip_address = rf"^{_IP}$"
        ipv6_address = (
            rf"^(({_GROUP}:){{7}}{_GROUP}|(?=.*::)(?!.*::.*::)(({_GROUP}(:|::)){{0,6}}|::)({_GROUP}(:|::)){{0,6}}"
            rf"({_GROUP})?|(({_GROUP}:){{6}}|(?=.*::)(?!.*::.*::)(::|({_GROUP}(:|::)){{1,5}})({_GROUP}(:|::)){{0,5}}){_IP})$"
        )
        hexadecimal = r"^[0-9a-fA-F]+$"
        uuid = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
        date = rf"^{_DATE}$"
        timestamp = rf"^{_DATE}([T ]([01]\d|2[0-4])(:?[0-5]\d(:?[0-5]\d)?)?([.,]\d+)?{_ZONE})?$"
        time_regex = rf"^T?([01]\d|2[0-4]):?[0-5]\d(:?[0-5]\d([.,]\d+)?)?{_ZONE}$"
        iso_8601_datetime = rf"^{_DAY}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{{2}}:?\d{{2}})?$"
        iso_8601_datetime_ms = rf"^{_DAY}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d+(Z|[+-]\d{{2}}:?\d{{2}})?$"
        # the same by the names of the attributes
        time = time_regex
        iso_datetime = iso_8601_datetime
        iso_datetime_ms = iso_8601_datetime_ms

    def __init__(self) -> None:
        moment = datetime.datetime(2000, 2, 1, 12, 30, 0)
        self.identifier = self.integer = self.integer_or_identifier()
        self.decimal = Like(1.0)
        self.ip_address = self._term("ip_address", "127.0.0.1")
        self.hexadecimal = self._term("hexadecimal", "3F")
        self.ipv6_address = self._term("ipv6_address", "::ffff:192.0.2.128")
        self.uuid = self._term("uuid", "fc763eba-0905-41c5-a27f-3934ab26786c")
        self.timestamp = self._term("timestamp", moment.isoformat())
        self.date = self._term("date", moment.date().isoformat())
        self.time = self._term("time_regex", moment.time().isoformat())
        self.iso_datetime = self.iso_8601_datetime()
        self.iso_datetime_ms = self.iso_8601_datetime(with_ms=True)

    def integer_or_identifier(self) -> SomethingLike:
        """Return a matcher of whole numbers."""
        return Like(1)

    def iso_8601_datetime(self, with_ms: bool = False) -> Term:
        """Return a matcher of ISO 8601 dates with a time, with ``with_ms`` only such that have parts of a second."""
        if with_ms:
            return self._term("iso_8601_datetime_ms", "1991-02-20T06:35:26.079043+00:00")
        return self._term("iso_8601_datetime", "1991-02-20T06:35:26+00:00")

    def _term(self, name: str, example: str) -> Term:
        return Term(self.Regexes[name].value, example)
