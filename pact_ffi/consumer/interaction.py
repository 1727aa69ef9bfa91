"""Interactions of the modern API: fluent names for what a `Recording` knows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pact_ffi.consumer.recording import ProviderState, Recording, pairs
from pact_ffi.core.pact import Part
from pact_ffi.errors import InvalidInputError
from pact_ffi.values import guards
from pact_ffi.values.matcher import AbstractMatcher

_Self = TypeVar("_Self", bound="Interaction")
_numbers = itertools.count(1)

Body: TypeAlias = "str | bytes | Mapping[str, Any] | Sequence[Any] | AbstractMatcher[Any] | int | float | bool | None"
Value: TypeAlias = "str | int | float | Mapping[str, Any] | AbstractMatcher[Any] | Any"


class Interaction:
    """What all kinds of interactions have; every method returns the interaction itself."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._part: Part = "Request"
        self._number = next(_numbers)

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.description})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(InteractionHandle({self._number}))"

    @property
    def description(self) -> str:
        """The description that the interaction was begun with."""
        return self._recording.description

    def provider_states(self) -> list[ProviderState]:
        """Return the provider states; each has a name and ``parameters()``."""
        return list(self._recording.states)

    def given(self: _Self, state: str, parameters: Mapping[str, Any] | None = None, /, **kwargs: Any) -> _Self:
        """Add a provider state, with parameters (JSON values) as a mapping or by name.

        Giving the same state again adds to its parameters. Several states and parameters need specification V3.
        """
        values = {**guards.mapping(parameters or {}, f"parameters of state {state!r}"), **kwargs} or None
        if parameters is None and set(kwargs) == {"parameters"} and isinstance(kwargs["parameters"], Mapping):
            values = dict(kwargs["parameters"])  # the spelling of pact-python 2
        self._recording.given(state, values, add=bool(kwargs))
        return self

    def with_body(
        self: _Self, body: Body | Any = None, content_type: str | None = None, part: Part | None = None
    ) -> _Self:
        """Set the body of the request, or of the response once that was begun.

        Text is taken as it is, bytes byte for byte, everything else as JSON in which matchers and generators may stand
        anywhere. ``content_type`` defaults to the Content-Type header, JSON for values, what the text looks like.
        Raises `InvalidInputError`, also for text that is not what ``content_type`` says.
        """
        self._recording.body(self._which(part), body, content_type)
        return self

    def with_binary_body(
        self: _Self, body: bytes | None, content_type: str | None = None, part: Part | None = None
    ) -> _Self:
        """Set a body byte for byte (default type ``application/octet-stream``)."""
        if body is not None and not isinstance(body, (bytes, bytearray, memoryview)):
            raise InvalidInputError(f"a binary body must be bytes, not {type(body).__name__} {body!r}")
        self._recording.body(self._which(part), None if body is None else bytes(body), content_type)
        return self

    def with_metadata(
        self: _Self, metadata: Mapping[str, Any] | None = None, part: Part | None = None, /, **kwargs: Any
    ) -> _Self:
        """Set metadata of a message, values or matchers; on a response it applies to every response."""
        self._recording.metadata(self._which(part), {**guards.mapping(metadata or {}, "metadata"), **kwargs})
        return self

    set_metadata = with_metadata

    def with_matching_rules(self: _Self, rules: Mapping[str, Any] | str, part: Part | None = None) -> _Self:
        """Add matching rules in the form of pact files; values may be matchers (needs specification V2)."""
        self._recording.matching_rules(self._which(part), rules)
        return self

    def with_generators(self: _Self, generators: Mapping[str, Any] | str, part: Part | None = None) -> _Self:
        """Add generators in the form of pact files (needs specification V3)."""
        self._recording.generators(self._which(part), generators)
        return self

    def with_multipart_file(
        self: _Self,
        part_name: str,
        path: str | Path,
        content_type: str | None = None,
        part: Part | None = None,
        boundary: str | None = None,
    ) -> _Self:
        """Add the file at ``path`` as one part of a ``multipart/form-data`` body."""
        kind = content_type or "application/octet-stream"
        self._recording.multipart(self._which(part), part_name, path, kind, boundary)
        return self

    def with_plugin_contents(
        self: _Self, contents: Mapping[str, Any] | str, content_type: str, part: Part | None = None
    ) -> _Self:
        """Let the plugin that knows ``content_type`` fill the interaction (needs specification V4)."""
        self._recording.plugin_contents(self._which(part), contents, content_type)
        return self

    def set_key(self: _Self, key: str | None) -> _Self:
        """Set the interaction's own key (V4); ``None`` takes it away."""
        self._recording.unique("key", key)
        return self

    def set_pending(self: _Self, *, pending: bool) -> _Self:
        """Mark the interaction as pending (V4): its failure does not fail the provider."""
        if not isinstance(pending, bool):
            raise InvalidInputError(f"pending is True or False, not {pending!r}")
        self._recording.unique("pending", pending or None)
        return self

    def set_comment(self: _Self, key: str, value: Any | None) -> _Self:
        """Set the comment ``key`` to a JSON value (V4); ``None`` takes it away."""
        self._recording.comment(key, value)
        return self

    def add_text_comment(self: _Self, comment: str) -> _Self:
        """Add a line of text to the comments (V4)."""
        self._recording.note("text_comment", comment)
        return self

    def test_name(self: _Self, name: str) -> _Self:
        """Say which test the interaction comes from (V4)."""
        self._recording.unique("test_name", name)
        return self

    def add_external_reference(self: _Self, group: str, name: str, value: str) -> _Self:
        """Add a reference, for example to a ticket (V4: ``comments.references[group][name]``)."""
        self._recording.note("reference", group, name, value)
        return self

    def _which(self, part: Part | None) -> Part:
        if part not in (None, "Request", "Response"):
            raise InvalidInputError(f"Invalid part: {part!r}; it is 'Request' or 'Response'")
        return part or self._part


class HttpInteraction(Interaction):
    """A request and its response."""

    def with_request(self, method: str, path: str | AbstractMatcher[Any] | Mapping[str, Any]) -> HttpInteraction:
        """Set the request's method and path; a path is percent-encoded as clients send it."""
        self._recording.request(method, path)
        return self

    def will_respond_with(self, status: int | AbstractMatcher[Any]) -> HttpInteraction:
        """Set the response status (100 to 599); what follows describes the response."""
        self._recording.status(status)
        self._part = "Response"
        return self

    def with_header(self, name: str, value: Value, part: Part | None = None) -> HttpInteraction:
        """Add a header value, text or a matcher; a header may have several."""
        self._recording.header(self._which(part), name, value)
        return self

    def with_headers(
        self, headers: Mapping[str, Value] | Iterable[tuple[str, Value]], part: Part | None = None
    ) -> HttpInteraction:
        """Add several headers."""
        for name, value in pairs(headers):
            self.with_header(name, value, part)
        return self

    def set_header(self, name: str, value: str, part: Part | None = None) -> HttpInteraction:
        """Set a header to one plain value, whatever it was before."""
        self._recording.header(self._which(part), name, value, replace=True)
        return self

    def set_headers(
        self, headers: Mapping[str, str] | Iterable[tuple[str, str]], part: Part | None = None
    ) -> HttpInteraction:
        """Set several headers; a name that is given twice gets both values."""
        seen: set[str] = set()
        for name, value in pairs(headers):
            key = guards.header_name(name).lower()
            self._recording.header(self._which(part), name, value, replace=key not in seen)
            seen.add(key)
        return self

    def with_query_parameter(self, name: str, value: Value) -> HttpInteraction:
        """Add a query parameter, text or a matcher; a name may repeat."""
        self._recording.query([(name, value)])
        return self

    def with_query_parameters(
        self, parameters: Mapping[str, Value] | Iterable[tuple[str, Value]] | str
    ) -> HttpInteraction:
        """Add query parameters from a mapping (values may be lists), pairs, or a query string."""
        self._recording.query(parameters)
        return self


class AsyncMessageInteraction(Interaction):
    """One message, from provider to consumer (needs specification V3)."""


class SyncMessageInteraction(Interaction):
    """A request message and its response messages (needs specification V4)."""

    def will_respond_with(self) -> SyncMessageInteraction:
        """Turn to the response; each body from here on is one more response message."""
        self._part = "Response"
        return self
