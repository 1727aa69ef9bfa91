"""An interaction of the modern API: says what the consumer expects, keeps it, and tells the core once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from pact_ffi.consumer.built import Built
from pact_ffi.consumer.kept import V1, V3, V4, Kept
from pact_ffi.core.pact import Kind, PactHandle, Part
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError, SpecificationError
from pact_ffi.values import contents, encoding, texts
from pact_ffi.values.matcher import AbstractMatcher

_Self = TypeVar("_Self", bound="Interaction")
_numbers = itertools.count(1)

Body: TypeAlias = "str | bytes | Mapping[str, Any] | Sequence[Any] | AbstractMatcher[Any] | int | float | bool | None"


class ProviderState(NamedTuple):
    """A provider state and its parameters."""

    name: str
    values: dict[str, Any] | None = None

    def parameters(self) -> Iterable[tuple[str, str]]:
        """Return pairs of name and value; a value that is not text is given as JSON text."""
        items = (self.values or {}).items()
        return [(key, value if isinstance(value, str) else encoding.dumps(value)) for key, value in items]


class Interaction:
    """What all kinds of interactions have; every method that describes returns the interaction itself."""

    kind: ClassVar[Kind]
    _needs: ClassVar[PactSpecification] = V1
    _told_last: ClassVar[str] = ""

    def __init__(self, description: str, built: Built | None = None) -> None:
        """Begin it; ``built`` is what the core was told of its pact."""
        self.description = texts.text(description, "the description of an interaction")
        self._states: list[ProviderState] = []
        self._built = built or Built()
        self._kept = Kept(self._built.changing)
        self._part: Part = "Request"
        self._undeclared: dict[Part, object] = {}  # bodies that were given without a content type
        self._number = next(_numbers)
        self._spelled: dict[Part, str] = {}  # the Content-Type header, as it was written
        self._tried = False  # whether it was served, or handed to a handler

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.description})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(InteractionHandle({self._number}))"

    # -- what is said --

    def given(self: _Self, state: str, parameters: Mapping[str, Any] | None = None, /, **kwargs: Any) -> _Self:
        """Add a provider state, with parameters (JSON values) as a mapping or by name.

        Giving the same state again adds to its parameters. Several states and parameters need specification V3.

        >>> order.given("an order exists", id=7, status="open").title
        'an order [an order exists]'
        """
        texts.text(state, "the provider state")
        if parameters is None and set(kwargs) == {"parameters"} and isinstance(kwargs["parameters"], Mapping):
            parameters, kwargs = kwargs["parameters"], {}  # the spelling of pact-python 2
        values = {**texts.mapping(parameters or {}, f"parameters of state {state!r}"), **kwargs}
        if values:
            encoding.dumps(values)
        self._kept.changing()
        for number, known in enumerate(self._states):
            known_values = known.values or {}
            if known.name == state and (kwargs or not set(values) & set(known_values)):
                self._states[number] = ProviderState(state, {**known_values, **values} or None)
                return self
        self._states.append(ProviderState(state, values or None))
        return self

    def with_body(
        self: _Self, body: Body | Any = None, content_type: str | None = None, part: Part | None = None
    ) -> _Self:
        """Set the body of the request, or of the response once that was begun.

        Text is taken as it is, bytes byte for byte, everything else as JSON in which matchers and generators may stand
        anywhere; ``None`` is no body. ``content_type`` defaults to the Content-Type header, JSON for values, what the
        text looks like. Raises `InvalidInputError`, also for text that is not what ``content_type`` says.

        >>> order = order.with_body({"id": match.int(7), "items": match.each_like({"sku": match.str("KB-1")})})
        """
        side = self._which(part)
        self._undeclared.pop(side, None)
        self._kept.forget("rules elsewhere", side)
        if content_type is None:
            self._undeclared[side] = body
        if body is None:
            self._kept.forget("body", side)
            return self
        promised = side == "Response" or self.kind != "HTTP"
        payload, kind = contents.body(body, content_type or self._content_type(side), promised=promised)
        method = "binary_body" if isinstance(payload, bytes) else "body"
        needs = V4 if contents.is_foreign_text(payload, kind) else V1
        what = f"a body of {kind} that is not UTF-8"
        self._kept.keep(self._body_key(side), method, side, kind, payload, needs=needs, what=what)
        if rules := contents.rules_elsewhere(payload, kind):
            self._kept.keep(("rules elsewhere", side), "matching_rules", side, rules)
        return self

    def with_binary_body(
        self: _Self, body: bytes | None, content_type: str | None = None, part: Part | None = None
    ) -> _Self:
        r"""Set a body byte for byte (default type ``application/octet-stream``).

        >>> order = order.with_binary_body(b"\x0e\x0a", "avro/binary")
        """
        if body is not None and not isinstance(body, (bytes, bytearray, memoryview)):
            raise InvalidInputError(f"a binary body must be bytes, not {type(body).__name__} {body!r}")
        return self.with_body(None if body is None else bytes(body), content_type, part)

    def with_metadata(
        self: _Self, metadata: Mapping[str, Any] | None = None, part: Part | None = None, /, **kwargs: Any
    ) -> _Self:
        r"""Set metadata of a message, values or matchers; on a response it applies to every response.

        >>> paid = pact.upon_receiving("an order was paid", "Async").with_body({"id": 7})
        >>> paid = paid.with_metadata({"topic": "orders", "key": match.regex("order-7", regex=r"order-\d+")})
        """
        side = self._which(part)
        if self.kind == "HTTP":
            raise InvalidInputError("an HTTP interaction has no message metadata; use headers, or the pact's metadata")
        for key, value in {**texts.mapping(metadata or {}, "metadata"), **kwargs}.items():
            text = contents.metadata(key, value)
            known = self._kept.value("metadata", side, key)
            if known not in (None, text) and self.kind == "Sync" and side == "Response":
                raise InvalidInputError(
                    f"metadata {key!r} of the response is {known} already,"
                    " and the core gives all responses the same metadata"
                )
            self._kept.keep(("metadata", side, key), "metadata", side, key, text)
        return self

    set_metadata = with_metadata

    def with_matching_rules(self: _Self, rules: Mapping[str, Any] | str, part: Part | None = None) -> _Self:
        """Add matching rules in the form of pact files; values may be matchers (needs specification V2).

        >>> rules = {"body": {"$.id": {"matchers": [{"match": "integer"}]}}}
        >>> order = order.with_body({"id": 7}).with_matching_rules(rules)
        """
        from pact_ffi.values.rules_apart import rules_json  # rarely used

        side, text = self._which(part), rules_json(rules)
        self._kept.keep(("matching_rules", side, text), "matching_rules", side, text)
        return self

    def with_generators(self: _Self, generators: Mapping[str, Any] | str, part: Part | None = None) -> _Self:
        """Add generators in the form of pact files (needs specification V3).

        >>> order = order.with_body({"id": "x"}).with_generators({"body": {"$.id": {"type": "Uuid"}}})
        """
        from pact_ffi.values.rules_apart import generators_json  # rarely used

        side, text = self._which(part), generators_json(generators)
        self._kept.keep(("generators", side, text), "generators", side, text)
        return self

    def with_multipart_file(
        self: _Self,
        part_name: str,
        path: str | Path,
        content_type: str | None = None,
        part: Part | None = None,
        boundary: str | None = None,
    ) -> _Self:
        r"""Add the file at ``path`` as one part of a ``multipart/form-data`` body.

        >>> with open("photo.png", "wb") as file:
        ...     written = file.write(b"\x89PNG\r\n\x1a\n")
        >>> order = order.with_request("POST", "/photos").with_multipart_file("photo", "photo.png", "image/png")
        """
        import zlib  # few tests pay for it

        side, kind = self._which(part), content_type or "application/octet-stream"
        if self.kind != "HTTP":
            raise InvalidInputError(
                f"a message has no {side.lower()} for a multipart body; it has contents and metadata"
            )
        contents.multipart(part_name, kind, boundary)
        file = Path(texts.text(str(path), f"multipart part {part_name!r}: the path"))
        if not file.is_file():
            raise InvalidInputError(f"multipart part {part_name!r}: there is no file {str(path)!r}")
        limit = boundary or f"pact-{zlib.crc32(self.description.encode()):08x}"  # the core's own differs in every run
        key, args = ("multipart", side, part_name), (side, kind, str(file), part_name, limit)
        self._kept.keep(key, "multipart", *args, needs=V3, what="a multipart body")
        return self

    def with_plugin_contents(
        self: _Self, contents: Mapping[str, Any] | str, content_type: str, part: Part | None = None
    ) -> _Self:
        """Let the plugin that knows ``content_type`` fill the interaction (needs specification V4)."""
        side, text = self._which(part), contents if isinstance(contents, str) else encoding.dumps(contents)
        args = (side, content_type, text)
        self._kept.keep(("plugin", side), "plugin_contents", *args, needs=V4, what="plugin contents")
        return self

    def set_key(self: _Self, key: str | None) -> _Self:
        """Set the interaction's own key (V4); ``None`` takes it away."""
        return self._set_once("key", None if key is None else texts.text(key, "the key"))

    def set_pending(self: _Self, *, pending: bool) -> _Self:
        """Mark the interaction as pending (V4): its failure does not fail the provider."""
        if not isinstance(pending, bool):
            raise InvalidInputError(f"pending must be True or False, not {pending!r}")
        return self._set_once("pending", pending or None)

    def test_name(self: _Self, name: str) -> _Self:
        """Say which test the interaction comes from (V4)."""
        return self._set_once("test_name", None if name is None else texts.text(name, "the test name"))

    def set_comment(self: _Self, key: str, value: Any | None) -> _Self:
        """Set the comment ``key`` to a JSON value (V4); ``None`` takes it away."""
        texts.text(key, "the comment's key")
        self._kept.forget("comment", key)
        if value is not None:
            self._kept.keep(("comment", key), "comment", key, encoding.dumps(value), needs=V4, what="a comment")
        return self

    def add_text_comment(self: _Self, comment: str) -> _Self:
        """Add a line of text to the comments (V4)."""
        key = ("text_comment", len(self._kept.calls))
        self._kept.keep(key, "text_comment", texts.text(comment, "a text comment"), needs=V4, what="a text comment")
        return self

    def add_external_reference(self: _Self, group: str, name: str, value: str) -> _Self:
        """Add a reference, for example to a ticket (V4: ``comments.references[group][name]``).

        >>> order = order.add_external_reference("tickets", "shop-17", "https://tickets.example/17")
        """
        said = [texts.text(item, "a reference") for item in (group, name, value)]
        self._kept.keep(("reference", len(self._kept.calls)), "reference", *said, needs=V4, what="a reference")
        return self

    # -- what is known of it --

    def provider_states(self) -> list[ProviderState]:
        """Return the provider states; each has a name and ``parameters()``."""
        return list(self._states)

    @property
    def title(self) -> str:
        """Description and provider states, as a person names the interaction."""
        states = ", ".join(state.name for state in self._states)
        return f"{self.description} [{states}]" if states else self.description

    @property
    def _identity(self) -> tuple[str, str, str]:
        """What makes it one interaction in a pact file: description, provider states, kind."""
        states = [{"name": s.name, **({"params": s.values} if s.values else {})} for s in self._states]
        text = json.dumps(encoding.to_integration_json(states), sort_keys=True, ensure_ascii=False)
        return self.description, text, self.kind

    # -- telling the core --

    def _tell(self, pact: PactHandle, specification: PactSpecification) -> None:
        """Describe the interaction to the core; raises `SpecificationError` for what the version lacks."""
        if specification < V4:
            self._check(specification)
        self._kept.judge_rules_apart()
        self._check_promise()
        handle = pact.interaction(self.kind, self.description)
        for state in self._states:
            if state.values:
                handle.given_with(state.name, encoding.dumps(state.values))
            else:
                handle.given(state.name)
        if self.kind == "Sync" and self._kept.side("Response") and not self._kept.count("body", "Response"):
            handle.body("Response", None, "")  # the core drops what is said of a response that is not there
        self._kept.tell(handle, last=self._told_last)

    def _check(self, specification: PactSpecification) -> None:
        needed = [(self._needs, f"a message of kind {self.kind}")]
        if len(self._states) > 1:
            needed.append((V3, "more than one provider state"))
        needed += [(V3, f"parameters of provider state {state.name!r}") for state in self._states if state.values]
        for version, what in (*needed, *(call.needed() for call in self._kept.calls.values())):
            if specification < version:
                raise SpecificationError(
                    f"interaction {self.description!r}: {what} needs specification {version} or later,"
                    f" but this pact is {specification}"
                )

    def _check_promise(self) -> None:
        """Refuse what a mock server cannot send."""

    def _query(self) -> list[tuple[str, str]]:
        """Return the query parameters by name."""
        return []

    def _doubt(self) -> str | None:
        """Return what is served, but may be read otherwise."""
        return None

    def _missing(self) -> str | None:
        """Return which part was not described, if one is needed."""
        return None

    def _set_once(self: _Self, method: str, value: object) -> _Self:
        self._kept.forget(method)
        if value is not None:
            self._kept.keep((method,), method, value, needs=V4, what=method.replace("_", " "))
        return self

    def _which(self, part: Part | None) -> Part:
        if part not in (None, "Request", "Response"):
            raise InvalidInputError(f"Invalid part: {part!r}; it is 'Request' or 'Response'")
        return part or self._part

    def _body_key(self, part: Part) -> tuple[str, Part, int]:
        return "body", part, 0

    def _content_type(self, part: Part) -> str | None:
        """Return the content type that the headers of ``part`` declare."""
        return None
