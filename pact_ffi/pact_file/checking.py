"""The one check of a pact's whole shape, before anything runs: for files, URLs and brokers alike.

The core reads nearly everything: it asks ``GET /`` for what is not a request, passes any answer to a message without
contents, drops query parameters and rules of another shape, and panics on a status that is text. What it would read
otherwise than it is written is refused here, or mended where only one meaning is possible.
"""

from __future__ import annotations

import base64
import json
import re
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactFileError, PactWarning
from pact_ffi.pact_file.rule_shapes import RULED, check_generated_names
from pact_ffi.pact_file.shape import Shape, ShapeError, check_members, check_names, not_empty, shown
from pact_ffi.pact_file.terms import ASYNC, HTTP, LISTS, SYNC, VERSIONS, specification, stated_versions
from pact_ffi.values.http import is_token
from pact_ffi.values.limits import STATUSES, is_status

_OTHER_PATH = re.compile(r"(?i)[\x00-\x1f\x7f]|^//|/(\.|%2e){1,2}(/|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def _check_versions(data: dict[str, Any]) -> None:
    check_names(data.get("metadata", {}), VERSIONS)
    stated = stated_versions(data)
    if len(set(stated.values())) > 1:
        raise ValueError(f"the metadata states several versions: {', '.join(f'{k} {v}' for k, v in stated.items())}")


def check(data: Any, source: str) -> None:
    """Raise `PactFileError` for the first thing that is not as a pact has it; mend ``data`` where that is possible."""
    try:
        _PACT.check(data)
        check_names(data, (*LISTS, "consumer", "provider", "metadata"))
        _check_lists(data)
        _check_versions(data)
        version = specification(data)
        if version is not None and not {"pactSpecification", "pact-specification"} & set(data["metadata"]):
            data["metadata"]["pactSpecification"] = {"version": version.number}  # where the core looks for it
        if data.get("messages") and version is PactSpecification.V4:
            raise ValueError("a pact of specification V4 has its messages in 'interactions', not in 'messages'")
        if data.get("messages") and version is not None and version < PactSpecification.V3:
            raise ValueError(f"messages need specification V3, but the metadata states {version}")
        for name in LISTS:
            for index, item in enumerate(data.get(name, ())):
                for unread in _check_interaction(item, name, version, f"{name}[{index}]"):
                    warnings.warn(
                        f"pact file {source}: {name}[{index}].{unread} is not read", PactWarning, stacklevel=3
                    )
    except ValueError as error:
        raise PactFileError(f"pact file {source}: {error}") from None
    except RecursionError:
        raise PactFileError(f"pact file {source} is nested too deeply") from None


def _check_lists(data: dict[str, Any]) -> None:
    lists = [name for name in data if isinstance(data[name], list)]
    for name in lists:
        if name not in LISTS and any("description" in item for item in data[name] if isinstance(item, dict)):
            raise ValueError(f"unknown list {name!r}; interactions stand in 'interactions' or 'messages'")
    if not lists:
        raise ValueError("the document has neither 'interactions' nor 'messages'")


def _check_interaction(
    item: dict[str, Any], list_name: str, version: PactSpecification | None, place: str
) -> list[str]:
    """Check an interaction; return its members that nobody knows."""
    if isinstance(item.get("description"), str):
        place = f"{place} {item['description']!r}"
    is_v4 = version is PactSpecification.V4
    kind = str(item.get("type"))
    if not is_v4 and kind in _BY_KIND:
        stated = f"states {version}" if version else "states none"
        raise ValueError(f"{place}: type {kind!r} needs specification V4, but the metadata {stated}")
    if not is_v4:
        kind = HTTP if list_name == "interactions" else ASYNC
    if kind not in _BY_KIND:
        known = ", ".join(map(repr, _BY_KIND))
        raise ValueError(f"{place}: type must be one of {known}, not {shown(item.get('type'))}")
    try:
        _BY_KIND[kind].check(item)
        check_names(item, (*_NAMES[kind], *_PART_NAMES))
        unknown = [name for name in item if name not in _NAMES[kind] and not name.startswith("_")]
        for name in unknown:
            if name in _PART_NAMES:
                raise ShapeError(f"does not belong to an interaction of type {kind!r}", name)
        _check_states(item)
        for name, part in [("", item)] if kind == ASYNC else _parts(item):
            try:
                if name:
                    check_members(part, _NAMES[kind, name.partition("[")[0]])
                if is_v4:
                    _mend_v4_body(part, "body" if kind == HTTP else "contents")
                if kind != HTTP and name != "request":
                    _check_contents(part, is_v4)
                if name == "request" and kind == HTTP:
                    _mend_request(part, version is None or version >= PactSpecification.V3)
            except ShapeError as error:
                raise error.within(name) if name else error from None
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    return unknown


def _parts(item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    response = item["response"]
    if isinstance(response, dict):
        return [("request", item["request"]), ("response", response)]
    return [("request", item["request"]), *((f"response[{index}]", part) for index, part in enumerate(response))]


def _check_states(item: dict[str, Any]) -> None:
    """Refuse states of which the core would drop one, or parameters: it reads the first of these members."""
    for index, state in enumerate(item.get("providerStates", ())):
        try:
            check_members(state, ("name", "params"))
        except ShapeError as error:
            raise error.within(f"providerStates[{index}]") from None
    names = [state["name"] for state in item.get("providerStates", ())]
    for key in ("providerState", "provider_state"):
        if "providerStates" in item and item.get(key) and item[key] not in names:
            raise ValueError(f"providerStates are {names}, but {key} is {item[key]!r}; there must be one of them")


def _check_contents(message: dict[str, Any], is_v4: bool) -> None:
    contents = message.get("contents")
    if contents in (None, "") or (is_v4 and (not contents or contents["content"] in (None, ""))):
        raise ShapeError("is missing or empty, so that any message would pass", "contents")


def _mend_request(request: dict[str, Any], objects: bool) -> None:
    """Make the core ask for what is written: it cuts a path, and drops of a query what it does not take."""
    request["path"] = request["path"].replace("#", "%23").replace("\\", "%5C")
    for name in [name for name in request.get("headers", ()) if name.lower() == "content-length"]:
        del request["headers"][name]  # that of the body as the core sends it is another one
    query = request.get("query")
    names: Iterable[str] = query or ()
    if isinstance(query, str):
        query = request["query"] = query.removeprefix("?")
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise ShapeError(f"must be UTF-8, not {shown(query)}", "query") from None
        if not query.isascii() or not all("=" in part for part in query.split("&") if part):
            request["query"] = urlencode(pairs)
        names = [name for name, _ in pairs]
    elif query:
        pairs = [(name, value) for name, values in query.items() for value in _listed(values)]
        if not objects or not all(isinstance(value, str) for _, value in pairs):
            request["query"] = urlencode([(name, _text(value)) for name, value in pairs])
    generators = request.get("generators", {})
    for category in generators.keys() & {"query", "header", "headers"}:
        there = names if category == "query" else request.get("headers", ())
        generators[category] = check_generated_names(category, generators[category], there)


def _mend_v4_body(part: dict[str, Any], name: str) -> None:
    body = part.get(name)
    if isinstance(body, dict) and body and not _V4_BODY_NAMES & body.keys():
        # a body as it stood in version 3: newer cores take it so, older ones drop it
        body = part[name] = {"content": body, "contentType": "application/json", "encoded": False}
    if body is not None:
        try:
            _V4_BODY.check(body)
            if body:
                check_members(body, (*_V4_BODY_NAMES, "contentTypeHint"))
        except ShapeError as error:
            raise error.within(name) from None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


# -- what is wrong with a value of the right type --


def _method(method: str) -> str | None:
    return None if is_token(method) else "must be an HTTP method"


def _path(path: str) -> str | None:
    return "must be a path that can be asked for as it stands" if _OTHER_PATH.search(path) else None


def _headers(headers: dict[str, Any]) -> None:
    spelled: dict[str, str] = {}
    for name, values in headers.items():
        if not is_token(name):
            raise ShapeError("is not a header name", repr(name))
        if spelled.setdefault(name.lower(), name) != name:
            raise ShapeError(f"stands there twice, the other one as {spelled[name.lower()]!r}", name)
        for value in _listed(values):
            if _CONTROL.search(str(value)):
                raise ShapeError(f"must not have control characters, as {shown(value)} has", name)


def _response(response: dict[str, Any]) -> None:
    status = response.get("status", 200)
    ruled = any(key in ("status", "$.status") for key in response.get("matchingRules", ()))
    if not is_status(status) and not (status == 0 and ruled):  # 0 is what some write beside a rule
        raise ShapeError(f"must be {STATUSES}, not {status}", "status")


def _encoded(body: dict[str, Any]) -> None:
    if body and "content" not in body:
        raise ShapeError("is missing", "content")
    encoding = str(body.get("encoded", False)).lower()
    if encoding not in ("false", "base64", "json"):
        raise ShapeError(f"must be false, 'base64' or 'JSON', not {shown(body['encoded'])}", "encoded")
    if encoding == "base64":
        try:
            base64.b64decode(body["content"], validate=True)
        except (KeyError, TypeError, ValueError):
            raise ShapeError(f"is not base64: {shown(body.get('content'))}", "content") from None


# -- what must (or, with "?", may) be where --

_SCALARS = (str, int, float, bool)
_PARTY = {"name": (str, not_empty)}
_VERSION = {"version?": (str, int, float)}
_PACT = Shape({
    "consumer": _PARTY,
    "provider": _PARTY,
    "metadata?": {
        "pactSpecification?": _VERSION,
        "pact-specification?": _VERSION,
        "pactSpecificationVersion?": str,
        "plugins?": [{"name": str, "version": str, "configuration?": {}}],
    },
    "interactions?": [{}],
    "messages?": [{}],
})  # fmt: skip
_ITEM: dict[str, Any] = {
    "description": str,
    "providerState?": str,
    "provider_state?": str,
    "providerStates?": [{"name": str, "params?": {}}],
    "pending?": bool,
    "key?": str,
    "comments?": {},
    "transport?": str,
    "pluginConfiguration?": {"*": {}},
    "interactionMarkup?": {},
    "references?": {},
}
_ITEM_NAMES = ("type", *(name.rstrip("?") for name in _ITEM))
_RULE_NAMES = tuple(name.rstrip("?") for name in RULED)
_QUERY = {"*": (*_SCALARS, type(None), [(*_SCALARS, type(None)), ...])}
_PART = {"headers?": ({"*": (*_SCALARS, [_SCALARS, ...])}, _headers), **RULED}
_REQUEST = {"method": (str, _method), "path": (str, _path), "query?": (str, _QUERY), **_PART}
_MESSAGE = {"metadata?": {}, "metaData?": {}, **RULED}
_V4_BODY_NAMES = {"content", "contentType", "encoded"}
_V4_BODY = Shape({"contentType?": str, "encoded?": (bool, str), "contentTypeHint?": str}, _encoded)
_BY_KIND = {
    HTTP: Shape({**_ITEM, "request": _REQUEST, "response": ({"status!": int, **_PART}, _response)}),
    ASYNC: Shape({**_ITEM, **_MESSAGE}),
    SYNC: Shape({**_ITEM, "request": _MESSAGE, "response": [_MESSAGE, ...]}),
}
_PART_NAMES = ("request", "response", "method", "path", "query", "status", "headers", "body", "contents", *_RULE_NAMES)
_MESSAGE_NAMES = ("contents", "metadata", "metaData", *_RULE_NAMES)
_NAMES: dict[Any, tuple[str, ...]] = {
    HTTP: (*_ITEM_NAMES, "request", "response"),
    (HTTP, "request"): ("method", "path", "query", "headers", "body", *_RULE_NAMES),
    (HTTP, "response"): ("status", "headers", "body", *_RULE_NAMES),
    ASYNC: (*_ITEM_NAMES, *_MESSAGE_NAMES),
    SYNC: (*_ITEM_NAMES, "request", "response"),
    (SYNC, "request"): _MESSAGE_NAMES,
    (SYNC, "response"): _MESSAGE_NAMES,
}
ITEM_MEMBERS = {name for names in _NAMES.values() for name in names}
