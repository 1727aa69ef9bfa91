"""What differed between a contract and what happened: the core's mismatch JSON as objects."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from pact_ffi.reporting.redaction import Redactor, hide, is_secret, redact
from pact_ffi.reporting.screen import printable


@dataclass(frozen=True)
class Mismatch:
    """One difference; `type` is the core's name for its kind."""

    type: ClassVar[str] = ""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Mismatch:
        """Read one object of the core's mismatch JSON; an unknown kind becomes a `GenericMismatch`."""
        kind = _KINDS.get(str(data.get("type", "")))
        if kind is None and "mismatches" in data and "path" in data:  # a plugin's results carry no type
            differences = [BodyMismatch(*map(each.get, _DIFFERENCE)) for each in data["mismatches"]]
            return TransportMismatch(str(data["path"]), str(data.get("error") or ""), differences)
        if kind is None:
            return GenericMismatch(dict(data))
        given = {_ATTRIBUTES.get(key, key): value for key, value in data.items() if key != "type"}
        known = {each.name: given.get(each.name) for each in fields(kind)}
        if "mismatches" in known:
            found = [Mismatch.from_dict(item) for item in known["mismatches"] or ()]
            known["mismatches"] = sorted(found, key=_place)  # the core's own order is that of a hash table
        mismatch: Mismatch = kind(**known)
        return mismatch


@dataclass(frozen=True)
class _Request(Mismatch):
    method: str
    path: str
    request: dict[str, Any] = field(default_factory=dict, repr=False)


class MissingRequest(_Request):
    """An interaction of the pact that was never called."""

    type = "missing-request"

    def __str__(self) -> str:
        return f"missing request: {self.method} {self.path} was expected and never came"


class RequestNotFound(_Request):
    """A request that no interaction of the pact describes."""

    type = "request-not-found"

    def __str__(self) -> str:
        return f"unexpected request: {self.method} {self.path} is in no interaction of the pact"


@dataclass(frozen=True)
class RequestMismatch(Mismatch):
    """A request that reached an interaction but differs from it."""

    type = "request-mismatch"
    method: str
    path: str
    mismatches: list[Mismatch]

    def __str__(self) -> str:
        return f"request mismatch: {self.method} {self.path}: " + "; ".join(map(str, self.mismatches))


@dataclass(frozen=True, repr=False)
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

    def __init_subclass__(cls) -> None:
        cls.type = cls.__name__  # the core's own names

    def redacted(self) -> Difference:
        """Return it fit to be shown: the values of secrets hidden, but told apart where they differ."""
        one = Redactor()
        other = Redactor(one)
        expected, actual = self._hidden(self.expected, one), self._hidden(self.actual, other)
        if self._secret:
            said = self._said_of_a_secret()
        else:
            said = hide(redact(self.mismatch or ""), *one.secrets, *other.secrets)
        return replace(self, expected=expected, actual=actual, mismatch=said)

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

    def __repr__(self) -> str:
        shown = self.redacted()
        values = ", ".join(f"{each.name}={getattr(shown, each.name)!r}" for each in fields(self))
        return f"{type(self).__name__}({values})"

    @property
    def where(self) -> str:
        """The place of the difference in a person's words, for example ``body $.items[0].id``."""
        return f"{self.place} {self.name}" if self.name else self.place

    def __str__(self) -> str:
        shown = self.redacted()
        said = shown.mismatch or f"expected {shown.expected!r} but was {shown.actual!r}"
        return printable(f"{self.where}: {said}")


class MethodMismatch(Difference):
    """Another HTTP method."""

    place = "method"


class PathMismatch(Difference):
    """Another path."""

    place = "path"


class StatusMismatch(Difference):
    """Another response status."""

    place = "status"


@dataclass(frozen=True, repr=False)
class QueryMismatch(Difference):
    """A query parameter that is missing, unexpected or has another value."""

    place = "query"
    parameter: str = ""


@dataclass(frozen=True, repr=False)
class HeaderMismatch(Difference):
    """A header that is missing or has another value."""

    place = "header"
    key: str = ""

    def _hidden(self, value: Any, redactor: Redactor) -> Any:
        return value if value in (None, "") else redactor.header(self.key, joined(value))


@dataclass(frozen=True, repr=False)
class MetadataMismatch(Difference):
    """Message metadata that is missing or has another value."""

    place = "metadata"
    key: str = ""


@dataclass(frozen=True, repr=False)
class BodyTypeMismatch(Difference):
    """A body of another content type."""

    place = "body"
    expected_body: str | None = None
    actual_body: str | None = None

    def redacted(self) -> Difference:
        one = Redactor()
        return replace(
            self,
            expected_body=self.expected_body and one.body(self.expected_body),
            actual_body=self.actual_body and Redactor(one).body(self.actual_body),
        )


@dataclass(frozen=True, repr=False)
class BodyMismatch(Difference):
    """A difference inside the body, at `path`."""

    place = "body"
    path: str = ""

    @property
    def _secret(self) -> bool:
        return any(map(is_secret, re.findall(r"[^.$@#\[\]'\"]+", self.path or "")))

    def _hidden(self, value: Any, redactor: Redactor) -> Any:
        if value in (None, ""):
            return value
        if self._secret:
            return redactor.value(parsed(value))
        return redactor.body(value)


@dataclass(frozen=True)
class TransportMismatch(Mismatch):
    """What the mock server of a plugin's transport has to say about `path`: an error, or what differed."""

    type = "transport-mismatch"
    path: str
    error: str
    mismatches: list[BodyMismatch]

    def __str__(self) -> str:
        return printable(f"{self.path}: {redact(self.error) or '; '.join(map(str, self.mismatches))}")


@dataclass(frozen=True, repr=False)
class GenericMismatch(Mismatch):
    """A kind of mismatch that this version does not know; `data` is the core's JSON."""

    data: dict[str, Any]

    @property
    def type(self) -> str:  # type: ignore[override]
        """The core's name for it, or ``unknown``."""
        return str(self.data.get("type", "unknown"))

    def __str__(self) -> str:
        said = self.data.get("mismatch") or self.data.get("message")
        return printable(redact(str(said)) if said else str(Redactor().json(self.data)))

    def __repr__(self) -> str:
        return f"GenericMismatch(data={Redactor().json(self.data)!r})"


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


_DIFFERENCE = ("expected", "actual", "mismatch", "path")
_ATTRIBUTES = {"expectedBody": "expected_body", "actualBody": "actual_body"}
_REQUEST_KINDS: tuple[type[Any], ...] = (MissingRequest, RequestNotFound, RequestMismatch)
_KINDS: dict[str, type[Any]] = {kind.type: kind for kind in (*_REQUEST_KINDS, *Difference.__subclasses__())}
