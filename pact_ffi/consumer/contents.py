"""What the messages of a pact contain, generators applied, as a consumer receives them."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.messages import generated
from pact_ffi.core.pact import PactHandle


class MessageContents(NamedTuple):
    """A message as it is received: ``contents`` is text, bytes or ``None``; ``metadata`` has JSON values."""

    contents: str | bytes | None
    metadata: dict[str, Any]


def read(interaction: Interaction, handle: PactHandle) -> tuple[MessageContents, list[MessageContents]]:
    """Return the message, or the request, and the responses of the only interaction of ``handle``."""
    document = json.loads(handle.file_text())
    old = "messages" in document
    item = document["messages" if old else "interactions"][0]
    request = item.get("request", {}) if interaction.kind == "Sync" else item
    responses = item.get("response", ()) if interaction.kind == "Sync" else ()
    return (
        _read(interaction, handle, request, None, old=old),
        [_read(interaction, handle, response, index) for index, response in enumerate(responses)],
    )


def _read(
    interaction: Interaction, handle: PactHandle, message: dict[str, Any], index: int | None, *, old: bool = False
) -> MessageContents:
    """Read one message; ``index`` is the number of a response."""
    contents, metadata = message.get("contents"), message.get("metadata", {})
    kept = interaction._kept
    body = _body_of_v3(contents, metadata, kept.value("body", "Request", 0)) if old else _body(contents)
    generators = message.get("generators", {})
    if generators and not kept.count("plugin"):  # outside of a server, the core cannot ask a plugin
        made, made_metadata = generated(handle, sync=interaction.kind == "Sync", response=index)
        body = made if "body" in generators else body
        for key in generators.get("metadata", {}):
            if key in metadata and key in made_metadata:
                metadata[key] = _as(metadata[key], made_metadata[key])
    return MessageContents(body, metadata)


def _as(example: object, text: str) -> Any:
    """Return what was generated, text in the core's hands, as the kind of value that the example is."""
    if isinstance(example, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _body(contents: dict[str, Any] | None) -> str | bytes | None:
    if not contents:
        return None
    content, encoded = contents.get("content"), contents.get("encoded")
    if encoded and isinstance(content, str):
        return base64.b64decode(content) if encoded in (True, "base64", "BASE64") else json.dumps(content)
    return (
        content if isinstance(content, str) and "json" not in contents.get("contentType", "") else json.dumps(content)
    )


def _body_of_v3(content: Any, metadata: dict[str, Any], payload: Any) -> str | bytes | None:
    if isinstance(payload, bytes) and content == base64.b64encode(payload).decode():
        return payload  # V3 does not say what is encoded
    is_text = isinstance(content, str) and "json" not in str(metadata.get("contentType", ""))
    return content if content is None or is_text else json.dumps(content)
