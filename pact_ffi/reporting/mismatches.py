"""What differed between a contract and what happened: the core's mismatch JSON as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from pact_ffi.reporting.redaction import HIDDEN, is_secret


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

    def __init_subclass__(cls) -> None:
        cls.type = cls.__name__  # the core's own names

    def redacted(self) -> Difference:
        """Return it fit to be shown: with ``***`` for the values of a header that holds a credential."""
        if not is_secret(str(getattr(self, "key", getattr(self, "parameter", "")))):
            return self
        said = self.mismatch or ""
        for value in (self.expected, self.actual):
            for form in (str(value or ""), str(value or "").strip('["]')):
                said = said.replace(form, HIDDEN) if form else said
        return replace(self, expected=self.expected and HIDDEN, actual=self.actual and HIDDEN, mismatch=said)

    def __repr__(self) -> str:
        shown = self.redacted()
        values = ", ".join(f"{each.name}={getattr(shown, each.name)!r}" for each in fields(self))
        return f"{type(self).__name__}({values})"

    @property
    def where(self) -> str:
        """The place of the difference in a person's words, for example ``body $.items[0].id``."""
        key = next((getattr(self, name) for name in ("parameter", "key", "path") if hasattr(self, name)), None)
        return self.place if key in (None, "") else f"{self.place} {key}"

    def __str__(self) -> str:
        shown = self.redacted()
        return f"{self.where}: {shown.mismatch or f'expected {shown.expected!r} but was {shown.actual!r}'}"


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


@dataclass(frozen=True, repr=False)
class BodyMismatch(Difference):
    """A difference inside the body, at `path`."""

    place = "body"
    path: str = ""


@dataclass(frozen=True)
class TransportMismatch(Mismatch):
    """What the mock server of a plugin's transport has to say about `path`: an error, or what differed."""

    type = "transport-mismatch"
    path: str
    error: str
    mismatches: list[BodyMismatch]

    def __str__(self) -> str:
        return f"{self.path}: {self.error or '; '.join(map(str, self.mismatches))}"


@dataclass(frozen=True)
class GenericMismatch(Mismatch):
    """A kind of mismatch that this version does not know; `data` is the core's JSON."""

    data: dict[str, Any]

    @property
    def type(self) -> str:  # type: ignore[override]
        """The core's name for it, or ``unknown``."""
        return str(self.data.get("type", "unknown"))

    def __str__(self) -> str:
        return str(self.data.get("mismatch") or self.data.get("message") or self.data)


_PLACES = ("method", "path", "status", "query", "header", "metadata", "body")


def _place(mismatch: Mismatch) -> tuple[int, str]:
    place, where = getattr(mismatch, "place", ""), str(getattr(mismatch, "where", ""))
    return _PLACES.index(place) if place in _PLACES else len(_PLACES), where


_DIFFERENCE = ("expected", "actual", "mismatch", "path")
_ATTRIBUTES = {"expectedBody": "expected_body", "actualBody": "actual_body"}
_REQUEST_KINDS: tuple[type[Any], ...] = (MissingRequest, RequestNotFound, RequestMismatch)
_KINDS: dict[str, type[Any]] = {kind.type: kind for kind in (*_REQUEST_KINDS, *Difference.__subclasses__())}
