"""One interaction as it was described: checked calls to the core, kept until they are made in one pass.

The core keeps the rules of what is set twice, and applies changes after a server has started without
serving them; so nothing is sent before it is complete, and what is set again replaces what was set.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pact_ffi.core.pact import InteractionHandle, Kind, PactHandle, Part
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError, SpecificationError
from pact_ffi.values import encoding, guards

_ORDER = ("key", "request", "status", "query", "header")  # the rest keeps the order in which it was said
_Key = tuple[object, ...]
V1, V2, V3, V4 = PactSpecification.V1, PactSpecification.V2, PactSpecification.V3, PactSpecification.V4
_KIND_NEEDS = {"HTTP": V1, "Async": V3, "Sync": V4}


class _Call(NamedTuple):
    method: str
    args: tuple[Any, ...]
    needs: PactSpecification
    what: str

    def needed(self) -> tuple[PactSpecification, str]:
        """Return the lowest version that can express it, and what in it needs that."""
        value = self.args[-1]
        if self.method == "query":  # the core panics on writing characters of one or of more than four hex digits
            example = json.loads(value).get("value")
            texts = [self.args[0], *map(str, example if isinstance(example, list) else [example])]
            odd = next((each for each in "".join(texts) if not 0x10 <= ord(each) <= 0xFFFF), None)
            if odd:
                return V3, f"the character {odd!r} in query parameter {self.args[0]!r}"
        if self.method in ("matching_rules", "generators"):
            from pact_ffi.values.rules_apart import rules_need  # rarely used

            return rules_need(value)
        if isinstance(value, str) and self.needs is V1 and ("pact:matcher" in value or "pact:generator" in value):
            return encoding.needs(json.loads(value))
        return self.needs, self.what


class ProviderState(NamedTuple):
    """A provider state and its parameters."""

    name: str
    values: dict[str, Any] | None = None

    def parameters(self) -> Iterable[tuple[str, str]]:
        """Return pairs of name and value, the value as text (JSON where it was no text)."""
        pairs = (self.values or {}).items()
        return [(key, value if isinstance(value, str) else encoding.dumps(value)) for key, value in pairs]


class Recording:
    """What was said about one interaction; ``changing`` is called before anything is added."""

    def __init__(self, kind: Kind, description: str, changing: Callable[[], None] = lambda: None) -> None:
        self.kind = kind
        self.description = description
        self.changing = changing
        self.states: list[ProviderState] = []
        self._calls: dict[_Key, _Call] = {}
        self._deduced: dict[Part, object] = {}  # bodies of no stated type

    def says_the_same(self, other: Recording) -> bool:
        """Return whether the same was said about both."""
        return (self.identity, self._calls) == (other.identity, other._calls)

    @property
    def title(self) -> str:
        """Description and provider states, as a person names the interaction."""
        states = ", ".join(state.name for state in self.states)
        return f"{self.description} [{states}]" if states else self.description

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it one interaction in a pact file: description, provider states, kind."""
        states = [{"name": s.name, **({"params": s.values} if s.values else {})} for s in self.states]
        return self.description, encoding.dumps(states), self.kind

    @property
    def method(self) -> str:
        """The HTTP method, ``GET`` where none was said."""
        call = self._calls.get(("request",))
        return str(call.args[0]).upper() if call else "GET"

    @property
    def path(self) -> str:
        """The path, or the example of its matcher."""
        call = self._calls.get(("request",))
        text = str(call.args[1]) if call else "/"
        return _plain_text(text) if text.startswith("{") else text

    @property
    def has_plugin_contents(self) -> bool:
        """Whether a plugin fills it."""
        return any(key[0] == "plugin" for key in self._calls)

    def has_body(self, part: Part) -> bool:
        """Return whether a body was set."""
        return any(key[:2] == ("body", part) for key in self._calls)

    @property
    def payload(self) -> str | bytes | None:
        """The request's body, or a message's contents, as the core gets it."""
        call = self._calls.get(("body", "Request", 0))
        return call.args[-1] if call else None

    def request_key(self) -> str:
        """Return a text that is the same for interactions with the same request."""
        asked = [(key, call) for key, call in self._calls.items() if _side(key) == "Request"]
        # the key of a header has its name without regard to case, as HTTP has it
        return repr(sorted((str(key), call.args[-1:] if key[0] == "header" else call.args) for key, call in asked))

    def response_key(self) -> str:
        """Return a text that is the same for interactions with the same response."""
        return repr(sorted((str(key), call.args) for key, call in self._calls.items() if _side(key) == "Response"))

    def shown(self) -> list[str]:
        """Return what was said, a line each."""
        return [f"{call.method} {', '.join(map(str, call.args))}" for call in self._calls.values()]

    def replay(self, pact: PactHandle, specification: PactSpecification) -> InteractionHandle:
        """Describe the interaction to the core; raises `SpecificationError` for what the version lacks."""
        if specification < V4:
            self._check(specification)
        handle = pact.interaction(self.kind, self.description)
        for state in self.states:
            if state.values:
                handle.given_with(state.name, encoding.dumps(state.values))
            else:
                handle.given(state.name)
        for call in sorted(self._calls.values(), key=self._rank):
            getattr(handle, call.method)(*call.args)
        return handle

    def _check(self, specification: PactSpecification) -> None:
        needed = [(_KIND_NEEDS[self.kind], f"a message of kind {self.kind}")]
        if len(self.states) > 1:
            needed.append((V3, "more than one provider state"))
        needed += [(V3, f"parameters of provider state {state.name!r}") for state in self.states if state.values]
        for version, what in (*needed, *(call.needed() for call in self._calls.values())):
            if specification < version:
                raise SpecificationError(
                    f"interaction {self.description!r}: {what} needs specification {version} or later,"
                    f" but this pact is {specification}"
                )

    def given(self, state: str, parameters: Mapping[str, Any] | None, *, add: bool = False) -> None:
        """Add a provider state; with ``add``, parameters join a state of that name which is already there."""
        self.changing()
        guards.text(state, "the provider state")
        values = None if parameters is None else dict(guards.mapping(parameters, f"parameters of state {state!r}"))
        encoding.dumps(values)
        for number, known in enumerate(self.states):
            if known.name == state and (add or values is None or not set(values) & set(known.values or {})):
                self.states[number] = ProviderState(state, {**(known.values or {}), **(values or {})} or None)
                return
        self.states.append(ProviderState(state, values))

    def request(self, method: str, path: object) -> None:
        """Set method and path; a query string in a plain path becomes query parameters."""
        query = ""
        if isinstance(path, str):
            path, _, query = path.partition("?")
            text = guards.path(path)
        else:
            text = encoding.text_json(path, "the path")
            guards.path(encoding.plain(path))
        self._record(("request",), "request", guards.method(method), text)
        if query:
            self.query(query)

    def status(self, status: object) -> None:
        """Set the response status, a number or a matcher."""
        if isinstance(status, int):
            text = str(guards.status(status))
        else:
            encoded = encoding.to_integration_json(status, "the status")
            guards.status(encoding.plain(encoded))
            if isinstance(encoded, dict) and encoding.GENERATOR in encoded:
                guards.generated_status(encoded)
            text = encoding.dumps(encoded)
        self._record(("status",), "status", text)

    def query(self, query: str | Mapping[str, object] | Iterable[tuple[str, object]]) -> None:
        """Add query parameters from a query string, a mapping (values may be lists) or pairs."""
        for name, value in pairs(parse_qsl(query, keep_blank_values=True) if isinstance(query, str) else query):
            guards.text(name, "the query parameter's name")
            self._append(("query", name), "query", (name,), value, f"query parameter {name!r}")

    def header(self, part: Part, name: str, value: object, *, replace: bool = False) -> None:
        """Add a header value, or replace all values of that header."""
        self._http("a header", part)
        key = ("header", part, guards.header_name(name).lower())
        if replace:
            self._forget(key)
        value = guards.header_value(value, name, request=part == "Request")
        known = "Content-Type" if key[2] == "content-type" else name
        self._append(key, "header", (part, known), value, f"header {name!r}")
        if known == "Content-Type" and part in self._deduced:
            self.body(part, self._deduced[part], None)

    def body(self, part: Part, body: object, content_type: str | None) -> None:
        """Set a body: text, bytes, or a value with matchers that becomes JSON; ``None`` is no body."""
        self._deduced.pop(part, None)
        if content_type is None:
            self._deduced[part] = body
        if body is None:
            self.changing()
            self._forget(("body", part))
            return
        payload, kind = guards.body(body, content_type or self._content_type(part))
        count = 0
        if self.kind == "Sync" and part == "Response":  # each body is one more response
            count = sum(key[:2] == ("body", part) for key in self._calls)
        method = "binary_body" if isinstance(payload, bytes) else "body"
        args = (part, kind, payload)
        self._record(("body", part, count), method, *args)

    def message_of(self, part: Part, headers: Mapping[str, object] | None, body: object) -> None:
        """Set headers and body of one side, as the classic API gives them together."""
        for name, value in pairs(headers or {}):
            self.header(part, name, value)
        if body is not None:
            self.body(part, body, None)

    def multipart(self, part: Part, name: str, path: str | Path, content_type: str, boundary: str | None) -> None:
        """Add the file ``path`` as one part of a multipart body."""
        self._http("a multipart body", part)
        guards.multipart(name, content_type, boundary)
        file = Path(guards.text(str(path), f"multipart part {name!r}: the path"))
        if not file.is_file():
            raise InvalidInputError(f"multipart part {name!r}: there is no file {str(path)!r}")
        limit = boundary or f"pact-{zlib.crc32(self.description.encode()):08x}"  # the core's own differs in every run
        key, args = ("multipart", part, name), (part, content_type, str(file), name, limit)
        self._record(key, "multipart", *args, needs=V3, what="a multipart body")

    def metadata(self, part: Part, metadata: Mapping[str, object]) -> None:
        """Set metadata of a message; values may be any JSON value or matchers."""
        if self.kind == "HTTP":
            raise InvalidInputError("an HTTP interaction has no message metadata; use headers, or the pact's metadata")
        for key, value in guards.mapping(metadata, "metadata").items():
            text = guards.metadata(key, value)
            known = self._calls.get(("metadata", part, key))
            if known is not None and self.kind == "Sync" and part == "Response" and known.args[-1] != text:
                raise InvalidInputError(
                    f"metadata {key!r} of the response is {known.args[-1]} already,"
                    " and the core gives all responses the same"
                )
            self._record(("metadata", part, key), "metadata", part, key, text)

    def matching_rules(self, part: Part, rules: Mapping[str, object] | str) -> None:
        """Add matching rules in the form of pact files."""
        from pact_ffi.values.rules_apart import rules_json  # rarely used

        text = rules_json(rules)
        self._record(("matching_rules", part, text), "matching_rules", part, text)

    def generators(self, part: Part, generators: Mapping[str, object] | str) -> None:
        """Add generators in the form of pact files."""
        from pact_ffi.values.rules_apart import generators_json  # rarely used

        text = generators_json(generators)
        self._record(("generators", part, text), "generators", part, text)

    def plugin_contents(self, part: Part, contents: Mapping[str, object] | str, content_type: str) -> None:
        """Let a plugin fill the interaction."""
        text = contents if isinstance(contents, str) else encoding.dumps(contents)
        args = (part, content_type, text)
        self._record(("plugin", part), "plugin_contents", *args, needs=V4, what="plugin contents")

    def note(self, method: str, *args: str) -> None:
        """Record texts that only V4 knows: a comment, a reference."""
        for text in args:
            guards.text(text, f"a {method.replace('_', ' ')}")
        self._record((method, len(self._calls)), method, *args, needs=V4, what=f"a {method.replace('_', ' ')}")

    def unique(self, method: str, value: object) -> None:
        """Record what an interaction has once and only V4 knows: key, pending, a test's name; ``None`` forgets it."""
        if value is not None and method != "pending":
            guards.text(value, f"the {method.replace('_', ' ')}")
        self.changing()
        self._forget((method,))
        if value is not None:
            self._record((method,), method, value, needs=V4, what=method.replace("_", " "))

    def comment(self, key: str, value: object) -> None:
        """Set a comment to a JSON value; ``None`` forgets it."""
        guards.text(key, "the comment's key")
        self.changing()
        self._forget(("comment", key))
        if value is not None:
            self._record(("comment", key), "comment", key, encoding.dumps(value), needs=V4, what="a comment")

    def _content_type(self, part: Part) -> str | None:
        call = self._calls.get(("header", part, "content-type", 0))
        return None if call is None else _plain_text(call.args[-1])

    def _append(self, key: _Key, method: str, head: tuple[object, ...], value: object, what: str) -> None:
        index = sum(known[:-1] == key for known in self._calls)
        self._record((*key, index), method, *head, index, encoding.text_json(value, what))

    def _record(self, key: _Key, method: str, *args: object, needs: PactSpecification = V1, what: str = "") -> None:
        self.changing()
        self._calls[key] = _Call(method, args, needs, what)

    def _forget(self, prefix: _Key) -> None:
        for key in [key for key in self._calls if key[: len(prefix)] == prefix]:
            del self._calls[key]

    def _http(self, what: str, part: Part) -> None:
        if self.kind != "HTTP":
            raise InvalidInputError(f"a message has no {part.lower()} for {what}; it has contents and metadata")

    def _rank(self, call: _Call) -> int:
        if self.kind == "Sync" and call.method == "metadata":
            return len(_ORDER) + 1  # the core drops metadata of a response that is not there yet
        return _ORDER.index(call.method) if call.method in _ORDER else len(_ORDER)


def _side(key: _Key) -> Part | None:
    if key[0] in ("request", "query"):
        return "Request"
    return "Response" if key[0] == "status" or "Response" in key[1:2] else "Request" if "Request" in key[1:2] else None


def _plain_text(integration_json: str) -> str:
    return str(json.loads(integration_json).get("value", ""))


def pairs(values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    """Return names and values of a mapping or of pairs; a list of values is one pair each."""
    try:
        given = [(name, value) for name, value in (values.items() if isinstance(values, Mapping) else values)]
    except (TypeError, ValueError):
        raise InvalidInputError(f"a dict or pairs of name and value are needed, not {values!r:.100}") from None
    for name, value in given:
        if isinstance(value, (list, tuple)) and not value:
            raise InvalidInputError(f"{name!r}: a list of values needs at least one")
        for one in value if isinstance(value, (list, tuple)) else [value]:
            yield name, one
