"""What differed between a contract and what happened: the core's mismatch JSON as objects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from pact_ffi.reporting.redaction import Redactor, hide, told_from
from pact_ffi.reporting.scan import redact
from pact_ffi.reporting.screen import cut, printable
from pact_ffi.reporting.secret_names import is_secret

_SOME = 20  # of many mismatches, how many a representation shows


@dataclass(frozen=True, repr=False)
class Mismatch:
    """One difference; `type` is the name of its kind, which is that of the class."""

    type: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        if "type" not in vars(cls):
            cls.type = cls.__name__

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Mismatch:
        """Read one object of the core's mismatch JSON; an unknown kind becomes a `GenericMismatch`."""
        kind = _KINDS.get(str(data.get("type", "")))
        if kind is None and "mismatches" in data and "path" in data:  # a plugin's results carry no type
            differences = [BodyMismatch(*map(each.get, _DIFFERENCE)) for each in data["mismatches"]]
            return TransportMismatch(str(data["path"]), str(data.get("error") or ""), differences)
        if kind is None:
            return GenericMismatch(**data)
        given = {ATTRIBUTES.get(key, key): value for key, value in data.items() if key != "type"}
        mismatch: Mismatch = kind(**{each.name: given.get(each.name) for each in fields(kind)})
        return mismatch

    def redacted(self) -> Mismatch:
        """Return it fit to be shown."""
        return self

    def __repr__(self) -> str:
        shown = self.redacted()
        values = [(each.name, getattr(shown, each.name)) for each in fields(self) if each.repr]
        return f"{type(self).__name__}({', '.join(f'{name}={_represented(value)}' for name, value in values)})"


@dataclass(frozen=True, repr=False)
class _Request(Mismatch):
    method: str
    path: str
    request: dict[str, Any] = field(default_factory=dict, repr=False)


class MissingRequest(_Request):
    """An interaction of the pact that was never called."""

    def __str__(self) -> str:
        return f"missing request: {self.method} {redact(self.path)} was expected and never came"


class RequestNotFound(_Request):
    """A request that no interaction of the pact describes."""

    def __str__(self) -> str:
        return f"unexpected request: {self.method} {redact(self.path)} is in no interaction of the pact"


@dataclass(frozen=True, repr=False)
class RequestMismatch(Mismatch):
    """A request that reached an interaction but differs from it; ``mismatches`` may be given as the core's JSON."""

    method: str
    path: str
    mismatches: list[Mismatch]

    def __post_init__(self) -> None:
        objects = sorted(as_objects(self.mismatches or ()), key=_place)  # the core has the order of a hash table
        object.__setattr__(self, "mismatches", objects)

    def __str__(self) -> str:
        return f"request mismatch: {self.method} {redact(self.path)}: {some(self.mismatches, str, '; ')}"


class Difference(Mismatch):
    """A mismatch at one place, between two values."""

    expected: Any
    actual: Any
    mismatch: str | None

    place: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """The name of the header, parameter or key, or the path in the body; empty where the place says it all."""
        return str(getattr(self, "parameter", None) or getattr(self, "key", None) or getattr(self, "path", None) or "")

    def redacted(self) -> Difference:
        """Return it fit to be shown: the values of secrets hidden, but told apart where they differ."""
        one = Redactor()
        other = Redactor(one)
        expected, actual = self._hidden(self.expected, one), self._hidden(self.actual, other)
        if self._secret and (one.secrets or other.secrets):
            said = self._said_of_a_secret()
        else:
            said = hide(redact(self.mismatch or ""), *one.secrets, *other.secrets)
        actual = told_from(expected, actual, differ=self.expected != self.actual)
        return self._changed(expected=expected, actual=actual, mismatch=said)

    def _changed(self, **values: Any) -> Difference:
        return replace(self, **values)

    def secrets(self) -> set[str]:
        """Return what `redacted` hides, for texts of others about this difference."""
        one, other = Redactor(), Redactor()
        self._hidden(self.expected, one)
        self._hidden(self.actual, other)
        return one.secrets | other.secrets

    @property
    def _secret(self) -> bool:
        return is_secret(self.name)

    def _hidden(self, value: Any, redactor: Redactor) -> Any:
        return redactor.named(self.name, listed(value))

    def _said_of_a_secret(self) -> str:
        """Return what differs without the core's sentence, which has the values in it."""
        if self.actual in (None, "", [], "[]"):
            return "expected, but missing"
        if self.expected in (None, "", [], "[]"):
            return "not expected"
        rule = re.search(r" to match '(.*)'$", self.mismatch or "")
        return f"does not match '{rule[1]}'" if rule else "the values differ"

    @property
    def where(self) -> str:
        """The place of the difference in a person's words, for example ``body $.items[0].id``."""
        return f"{self.place} {self.name}" if self.name else self.place

    def __str__(self) -> str:
        shown = self.redacted()
        said = shown.mismatch or f"expected {shown.expected!r} but was {shown.actual!r}"
        return printable(f"{self.where}: {said}")


@dataclass(frozen=True, repr=False)
class _Whole(Difference):
    expected: Any
    actual: Any
    mismatch: str | None = None


class MethodMismatch(_Whole):
    """Another HTTP method."""

    place = "method"


class PathMismatch(_Whole):
    """Another path."""

    place = "path"


class StatusMismatch(_Whole):
    """Another response status."""

    place = "status"


@dataclass(frozen=True, repr=False)
class QueryMismatch(Difference):
    """A query parameter that is missing, unexpected or has another value."""

    place = "query"
    parameter: str
    expected: Any
    actual: Any
    mismatch: str | None = None


@dataclass(frozen=True, repr=False)
class _Keyed(Difference):
    key: str
    expected: Any
    actual: Any
    mismatch: str | None = None


class HeaderMismatch(_Keyed):
    """A header that is missing or has another value."""

    place = "header"

    def _hidden(self, value: Any, redactor: Redactor) -> Any:
        return value if value in (None, "") else redactor.header(self.key, joined(value))


class MetadataMismatch(_Keyed):
    """Message metadata that is missing or has another value."""

    place = "metadata"


@dataclass(frozen=True, repr=False)
class BodyTypeMismatch(_Whole):
    """A body of another content type."""

    place = "body"
    expected_body: str | None = field(default=None, kw_only=True)
    actual_body: str | None = field(default=None, kw_only=True)

    def redacted(self) -> Difference:
        one = Redactor()
        other = Redactor(one)
        expected, actual = one.body(self.expected_body), other.body(self.actual_body)
        actual = told_from(expected, actual, differ=self.expected_body != self.actual_body)
        said = hide(redact(self.mismatch or ""), *one.secrets, *other.secrets)
        return self._changed(expected_body=expected, actual_body=actual, mismatch=said)

    def secrets(self) -> set[str]:
        redactor = Redactor()
        redactor.body([self.expected_body, self.actual_body])
        return redactor.secrets


@dataclass(frozen=True, repr=False)
class BodyMismatch(Difference):
    """A difference inside the body, at `path`."""

    place = "body"
    path: str
    expected: Any
    actual: Any
    mismatch: str | None = None

    @property
    def _secret(self) -> bool:
        return self._secret_key() is not None

    def _secret_key(self) -> str | None:
        keys = re.findall(r"[^.$@#\[\]'\"]+", self.path or "")
        return next(filter(is_secret, keys), None)

    def _hidden(self, value: Any, redactor: Redactor) -> Any:
        if value in (None, ""):
            return value
        key = self._secret_key()
        return redactor.body(value) if key is None else redactor.named(key, parsed(value))


@dataclass(frozen=True, repr=False)
class TransportMismatch(Mismatch):
    """What the mock server of a plugin's transport has to say about `path`: an error, or what differed."""

    path: str
    error: str
    mismatches: list[BodyMismatch]

    def __str__(self) -> str:
        return printable(f"{self.path}: {redact(self.error) or some(self.mismatches, str, '; ')}")


@dataclass(frozen=True, repr=False, init=False)
class GenericMismatch(Mismatch):
    """A kind of mismatch that this version does not know; `data` is the core's JSON, which is given by name."""

    data: dict[str, Any]

    def __init__(self, **data: Any) -> None:
        object.__setattr__(self, "data", data)

    @property
    def type(self) -> str:  # type: ignore[override]
        """The core's name for it, or ``unknown``."""
        return str(self.data.get("type", "unknown"))

    def __str__(self) -> str:
        said = self.data.get("mismatch") or self.data.get("message")
        return printable(redact(str(said)) if said else str(Redactor().body(self.data)))

    def redacted(self) -> Mismatch:
        return GenericMismatch(**Redactor().body(self.data))


def as_objects(mismatches: Iterable[Mismatch | Mapping[str, Any]]) -> list[Mismatch]:
    """Return ``mismatches``, of which some may be the core's JSON, as objects."""
    return [Mismatch.from_dict(each) if isinstance(each, Mapping) else each for each in mismatches]


def some(items: Sequence[Any], shown: Callable[[Any], str] = repr, between: str = ", ") -> str:
    """Return the first ``items`` as one text, and how many more there are."""
    more = [f"... and {len(items) - _SOME:,} more"] if len(items) > _SOME else []
    return between.join([*map(shown, items[:_SOME]), *more])


def _represented(value: Any) -> str:
    if isinstance(value, list):
        return f"[{some(value)}]"
    return cut(repr(redact(value) if isinstance(value, str) else value))


def parsed(value: Any) -> Any:
    """Return the value of what may be JSON text, as the core writes texts, lists and objects."""
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{", '"') else value
    except (ValueError, RecursionError):
        return value


def listed(value: Any) -> Any:
    """Return the values of a query parameter or of metadata: a list where the core wrote one of texts."""
    values = parsed(value)
    return values if isinstance(values, (list, str)) else value


def joined(value: Any) -> str:
    """Return the values of a header or a query parameter as one text."""
    values = parsed(value)
    if isinstance(values, list) and all(isinstance(item, str) for item in values):
        return ", ".join(values)
    return values if isinstance(values, str) else str(value)


_PLACES = ("method", "path", "status", "query", "header", "metadata", "body")


def _place(mismatch: Mismatch) -> tuple[int, str]:
    place, where = getattr(mismatch, "place", ""), str(getattr(mismatch, "where", ""))
    return _PLACES.index(place) if place in _PLACES else len(_PLACES), where


_DIFFERENCE = ("path", "expected", "actual", "mismatch")
ATTRIBUTES = {"expectedBody": "expected_body", "actualBody": "actual_body"}
_REQUESTS: dict[str, type[Any]] = {
    "missing-request": MissingRequest,
    "request-not-found": RequestNotFound,
    "request-mismatch": RequestMismatch,
}
_DIFFERENCES: tuple[type[Any], ...] = (
    MethodMismatch, PathMismatch, StatusMismatch, QueryMismatch, HeaderMismatch, MetadataMismatch, BodyTypeMismatch,
    BodyMismatch,
)  # fmt: skip
_KINDS = {**_REQUESTS, **{kind.type: kind for kind in (*_REQUESTS.values(), *_DIFFERENCES)}}
