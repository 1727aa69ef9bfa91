"""Messages handed to the consumer's own handlers."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable
from typing import Any

from pact_ffi.consumer.contract import Contract
from pact_ffi.core.messages import generated
from pact_ffi.core.pact import Kind
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InteractionVerificationError, UsageError

Handler = Callable[[Any, dict[str, Any]], object]


def verify(contract: Contract, handler: Handler, kind: Kind) -> list[InteractionVerificationError]:
    """Call ``handler(body, metadata)`` with each message of ``kind``; return what it raised."""
    found = received(contract, kind)
    if not found:
        raise UsageError(f"there is no {kind} message between {contract.consumer!r} and {contract.provider!r}")
    errors = []
    for description, body, metadata in found:
        try:
            handler(body, metadata)
        except Exception as error:  # whatever the user's code raises is the finding
            errors.append(InteractionVerificationError(description, error))
    return errors


def received(contract: Contract, kind: Kind) -> list[tuple[str, str | bytes | None, dict[str, Any]]]:
    """Return description, body and metadata of each message, generators applied; for ``Sync``, of the request."""
    old = contract.specification < PactSpecification.V4
    found = []
    for interaction in contract.interactions(kind):
        with contextlib.closing(contract.build([interaction])) as handle:
            item = json.loads(handle.file_text())["messages" if old else "interactions"][0]
            message = item.get("request", {}) if kind == "Sync" else item
            contents, metadata = message.get("contents"), message.get("metadata", {})
            body = (
                _body_of_v3(contents, metadata, interaction._kept.value("body", "Request", 0))
                if old
                else _body(contents)
            )
            generators = message.get("generators", {})
            if generators and not interaction._kept.count(
                "plugin"
            ):  # outside of a server, the core cannot ask a plugin
                made, made_metadata = generated(handle, sync=kind == "Sync")
                body = made if "body" in generators else body
                metadata = {key: made_metadata.get(key, value) for key, value in metadata.items()}
        found.append((interaction.description, body, metadata))
    return found


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
