"""An older pact in version 4: the core writes it so, and forgets of which type the bodies of responses are."""

from __future__ import annotations

import base64
import json
from typing import Any

_FORGOTTEN = "*/*"


def with_types(text: str) -> str:
    """Return the pact that the core wrote, its response bodies of the types that their headers say."""
    document = json.loads(text)
    responses = [item.get("response") for item in document.get("interactions", ())]
    bodies = [response for response in responses if isinstance(response, dict) and _is_forgotten(response.get("body"))]
    for response in bodies:
        response["body"] = _typed(response["body"], response.get("headers", {}))
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) if bodies else text


def _is_forgotten(body: Any) -> bool:
    return isinstance(body, dict) and body.get("contentType") == _FORGOTTEN and body.get("encoded") == "base64"


def _typed(body: dict[str, Any], headers: dict[str, list[str]]) -> dict[str, Any]:
    said = next((values[0] for name, values in headers.items() if name.lower() == "content-type" and values), "")
    kind = said.partition(";")[0].strip().lower()
    if not kind or kind.endswith("json"):
        try:
            content = json.loads(base64.b64decode(body["content"]))
        except ValueError:
            return body
        return {"content": content, "contentType": said or "application/json", "encoded": False}
    return {**body, "contentType": said}
