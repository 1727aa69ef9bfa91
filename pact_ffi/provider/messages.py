"""Messages: whatever a user's producer returns becomes the answer that the core verifies."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.loopback import Response
from pact_ffi.provider.calling import Caller, arranged

MessageFunction = Callable[[Caller, dict[str, Any]], Response]


class MessageError(PactError):
    """A message could not be produced: nobody handles it, or what came back is no message."""


def message_function(handler: Any) -> MessageFunction:
    """Return ``handler`` (function, or mapping from description or provider state) as one function.

    The result takes the core's JSON for one message. Raises `InvalidInputError` for any other handler.
    """
    if isinstance(handler, Mapping):
        for name, value in handler.items():
            if callable(value):
                arranged(value, _offered({}), _named({}))
            else:
                _response(name, value)
    elif callable(handler):
        arranged(handler, [("name", ""), *_offered({})], _named({}))
    else:
        raise InvalidInputError(f"a message handler is a function or a dict by name, not {handler!r}")

    def produce(caller: Caller, asked: dict[str, Any]) -> Response:
        name = str(asked.get("description", ""))
        if not isinstance(handler, Mapping):
            return _response(name, caller.call(handler, [("name", name), *_offered(asked)], **_named(asked)))
        keys = [name, *(state["name"] for state in asked.get("providerStates", ()))]
        key = next((key for key in keys if key in handler), None)
        if key is None:
            known = ", ".join(map(repr, handler)) or "none"
            raise MessageError(f"no handler for message {name!r}; there are handlers for {known}")
        value = handler[key]
        made = caller.call(value, _offered(asked), name=name, **_named(asked)) if callable(value) else value
        return _response(name, made)

    return produce


def _offered(asked: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("metadata", asked.get("request", {}).get("metadata", {}))]


def _named(asked: dict[str, Any]) -> dict[str, Any]:
    states = asked.get("providerStates", [])
    return {
        "description": asked.get("description", ""),
        "request": _decoded(asked.get("request", {}).get("contents")),
        "states": [state["name"] for state in states],
        "parameters": {key: value for state in states for key, value in state.get("params", {}).items()},
    }


def _decoded(contents: Any) -> Any:
    """Return the request's contents: JSON as Python values, text as str, other content as bytes."""
    if isinstance(contents, dict) and "content" in contents:
        content, encoded = contents["content"], contents.get("encoded")
        return (
            base64.b64decode(content) if encoded == "base64" else json.loads(content) if encoded == "JSON" else content
        )
    return contents


def _response(name: str, made: Any) -> Response:
    contents, content_type = made, None
    metadata: Any = {}
    if isinstance(made, Mapping) and "contents" in made and set(made) <= {"contents", "metadata", "content_type"}:
        contents, content_type, metadata = made["contents"], made.get("content_type"), made.get("metadata") or {}
    if isinstance(contents, (bytes, bytearray)):
        body = bytes(contents)
    elif isinstance(contents, str):
        body = contents.encode()
    elif isinstance(contents, (Mapping, list, tuple, int, float)):
        body, content_type = _json(contents, f"the contents of message {name!r}"), content_type or "application/json"
    else:
        raise MessageError(
            f"the handler of message {name!r} returned {contents!r}; a message is a Message, bytes, str, dict or list"
        )
    if not isinstance(metadata, Mapping) or not isinstance(content_type, (str, type(None))):
        raise MessageError(f"message {name!r}: metadata must be a dict and content_type a str, not {made!r}")
    content_type = content_type or metadata.get("contentType") or metadata.get("content-type") or _guessed(body)
    headers = [("Content-Type", str(content_type))]
    if metadata:
        encoded = base64.b64encode(_json(dict(metadata), f"the metadata of message {name!r}")).decode("ascii")
        headers.append(("Pact-Message-Metadata", encoded))
    return Response(200, body, headers)


def _json(value: Any, what: str) -> bytes:
    try:
        return json.dumps(value, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"{what} cannot be JSON: {error}") from None


def _guessed(body: bytes) -> str:
    try:
        json.loads(body)
        return "application/json"
    except ValueError:
        pass
    try:
        body.decode("utf-8")
        return "text/plain"
    except UnicodeDecodeError:
        return "application/octet-stream"
