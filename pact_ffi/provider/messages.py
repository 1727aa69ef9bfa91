"""Messages: whatever a user's producer returns becomes the answer that the core verifies."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypedDict

from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.provider.calling import Caller, arranged
from pact_ffi.provider.wire import Response
from pact_ffi.values.encoding import as_text, plain

_KINDS = "a message is a Message, bytes, str, dict or list"
MessageFunction = Callable[[Caller, dict[str, Any]], Awaitable[Any]]


class _Contents(TypedDict):
    contents: bytes


class Message(_Contents, total=False):
    """What a message handler of the provider returns.

    >>> from pact.types import Message
    >>> message: Message = {"contents": {"id": 12}, "metadata": {"topic": "orders"}, "content_type": "application/json"}
    """

    metadata: dict[str, Any] | None
    content_type: str | None


class MessageError(PactError):
    """A message could not be produced: nobody handles it, or what was returned is not a message."""


def message_function(handler: Any) -> MessageFunction:
    """Return ``handler`` (function, or mapping from description or provider state) as one function.

    The result takes the core's JSON for one message, and returns what the handler made. Raises `InvalidInputError` for
    any other handler.
    """
    by_name = isinstance(handler, Mapping)
    offered = ["metadata"] if by_name else ["name", "metadata"]
    if not by_name and not callable(handler):
        raise InvalidInputError(f"a message handler must be a function or a dict by name, not {handler!r}")
    for name, value in handler.items() if by_name else ():
        if not callable(value):
            message_response(name, value)
    if not by_name:
        arranged(handler, offered, _values({}))

    async def produce(caller: Caller, asked: dict[str, Any]) -> Any:
        values = _values(asked)
        name, made = values["name"], handler
        if by_name:
            key = next((key for key in (name, *values["states"]) if key in handler), None)
            if key is None:
                known = ", ".join(map(repr, handler)) or "none"
                raise MessageError(f"no handler for message {name!r}; there are handlers for {known}")
            made = handler[key]
        if not callable(made):
            return made
        parameters = values["parameters"] if by_name else {}
        return await caller.call(made, offered, values, parameters, owner=name)

    return produce


def _values(asked: dict[str, Any]) -> dict[str, Any]:
    """Return by name what a producer may take."""
    name, states, request = asked.get("description", ""), asked.get("providerStates", []), asked.get("request", {})
    return {
        "name": name,
        "description": name,
        "metadata": request.get("metadata", {}),
        "request": _decoded(request.get("contents")),
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


def message_response(name: str, made: Any) -> Response:
    """Return the answer for the core; raises `MessageError` when ``made`` is not a message."""
    contents, content_type = made, None
    metadata: Any = {}
    if isinstance(made, Mapping) and "contents" in made and set(made) <= {"contents", "metadata", "content_type"}:
        contents, content_type, metadata = made["contents"], made.get("content_type"), made.get("metadata") or {}
    if isinstance(contents, (bytes, bytearray, memoryview)):
        body = bytes(contents)
    elif isinstance(contents, str):
        body = contents.encode()
    elif contents is not None:
        body, content_type = _json(contents, f"the contents of message {name!r}"), content_type or "application/json"
    else:
        raise MessageError(f"the handler of message {name!r} returned {made!r:.200}; {_KINDS}")
    if not isinstance(metadata, Mapping) or not isinstance(content_type, (str, type(None))):
        raise MessageError(f"message {name!r}: metadata must be a dict and content_type a str, not {made!r:.200}")
    content_type = content_type or metadata.get("contentType") or metadata.get("content-type") or _guessed(body)
    if re.search(r"[\r\n\0]", str(content_type)):
        raise MessageError(f"message {name!r}: {content_type!r} cannot be a content type")
    headers = [("Content-Type", str(content_type))]
    if metadata:
        encoded = base64.b64encode(_json(metadata, f"the metadata of message {name!r}")).decode("ascii")
        headers.append(("Pact-Message-Metadata", encoded))
    return Response(200, body, headers)


def _json(value: Any, what: str) -> bytes:
    try:
        return as_text(plain(value)).encode()
    except InvalidInputError as error:
        raise MessageError(f"{what} cannot be JSON: {error}; {_KINDS}") from None


def _guessed(body: bytes) -> str:
    for read, content_type in ((json.loads, "application/json"), (bytes.decode, "text/plain")):
        with suppress(ValueError):
            read(body)
            return content_type
    return "application/octet-stream"
