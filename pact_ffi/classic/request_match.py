"""Asking the core whether a request is the one that an interaction of a pact file describes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from pact_ffi.classic.exchange import Exchange
from pact_ffi.core.pact import InteractionHandle, PactHandle
from pact_ffi.core.server import MockServer
from pact_ffi.core.specification import PactSpecification
from pact_ffi.provider.relay import send
from pact_ffi.reporting.mismatches import Mismatch, as_objects

_V4_BODY = {"content", "contentType", "encoded", "contentTypeHint"}


def may_describe(item: Mapping[str, Any], exchange: Exchange) -> bool:
    """Say, cheaply, whether method and path can be those of the interaction ``item``."""
    request = item["request"]
    ruled = any(key == "path" or key.startswith("$.path") for key in request.get("matchingRules") or ())
    same = unquote(request["path"]) == unquote(exchange.target.partition("?")[0])
    return request["method"].upper() == exchange.method.upper() and (same or ruled)


def request_mismatches(item: Mapping[str, Any], exchange: Exchange) -> list[Mismatch]:
    """Return what differs in path, query and (where it is known) body, by the core's mock server."""
    path, question, query = exchange.target.partition("?")
    headers = [("Content-Type", exchange.content_type)] if exchange.content_type else []
    with closing(PactHandle("consumer", "provider", PactSpecification.V4)) as pact:
        _describe(pact.interaction("HTTP", "request"), item["request"], exchange.body is not None)
        with closing(MockServer(pact, "127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.port}{_encoded(path)}{question}{query}"
            send(exchange.method, url, headers, exchange.body or b"")
            found = as_objects(server.mismatches())
    return [mismatch for mismatch in found if mismatch.type != "MissingRequest"] or found


def _describe(handle: InteractionHandle, request: Mapping[str, Any], with_body: bool) -> None:
    handle.request(request["method"], _encoded(request["path"]))
    query = request.get("query") or {}
    for name, values in (parse_qs(query, keep_blank_values=True) if isinstance(query, str) else query).items():
        for index, value in enumerate(values if isinstance(values, list) else [values]):
            handle.query(name, index, json.dumps({"value": value or ""}))
    contents, content_type = _body(request)
    if with_body and contents is not None:
        handle.binary_body("Request", content_type, contents)
    left_out = ("header",) if with_body else ("header", "body")
    rules = (request.get("matchingRules") or {}).items()
    kept = {key: rule for key, rule in rules if not key.removeprefix("$.").startswith(left_out)}
    if kept:
        handle.matching_rules("Request", json.dumps(kept))


def _body(request: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """Return the expected body and its content type, from the V4 or the older form."""
    body = request.get("body")
    headers = {name.lower(): value for name, value in (request.get("headers") or {}).items()}
    declared = headers.get("content-type")
    content_type = declared[0] if isinstance(declared, list) else declared
    if isinstance(body, dict) and "content" in body and set(body) <= _V4_BODY:
        content, encoded = body["content"], body.get("encoded")
        content_type = body.get("contentType") or content_type
        if encoded and encoded != "JSON":
            return base64.b64decode(content), content_type
        body = json.loads(content) if encoded == "JSON" else content
    if body is None:
        return None, content_type
    as_text = isinstance(body, str) and "json" not in (content_type or "")
    guessed = "text/plain" if as_text else "application/json"
    return (body if as_text else json.dumps(body)).encode(), content_type or guessed


def _encoded(path: str) -> str:
    return quote(unquote(path), safe="/:@!$&'()*+,;=~")
