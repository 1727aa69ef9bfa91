"""The one check of a pact's whole shape, before anything runs: for files, URLs and brokers alike.

The core reads nearly everything: it asks ``GET /`` for what is not a request, passes any answer to a message without
contents, drops query parameters and rules of another shape, and panics on a status that is text. What it would read
otherwise than it is written is refused here, or mended where only one meaning is possible.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactFileError
from pact_ffi.pact_file.shape import Shape, ShapeError, check_names, shown
from pact_ffi.values.http import is_token
from pact_ffi.values.limits import STATUSES, is_status

LISTS = ("interactions", "messages")
_HTTP, _ASYNC, _SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
KINDS = {_HTTP: "HTTP", _ASYNC: "Async", _SYNC: "Sync"}

_OTHER_PATH = re.compile(r"[\x00-\x1f\x7f]|^//|/\.{1,2}(/|$)")
_RULES = ("matchingRules", "requestMatchingRules", "responseMatchingRules")  # the latter two are of old pacts
_SINGLE = ("path", "method", "status")
_KEYED = ("body", "header", "headers", "query", "metadata", "content", "contents")
_V2_RULE = re.compile(rf"\$(\.|\[')({'|'.join(_SINGLE + _KEYED)})\b")
_GUESSED = {"regex", "min", "max", "timestamp", "time", "date"}  # what the core guesses a rule's type from
_STATUSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


def specification(data: dict[str, Any]) -> PactSpecification | None:
    """Return the specification version in the metadata of a pact, if it states one, as the core finds it."""
    metadata = data.get("metadata") or {}
    for name in ("pact-specification", "pactSpecification", "pactSpecificationVersion"):
        value = metadata.get(name)
        version = value.get("version") if isinstance(value, dict) else value
        if isinstance(version, (str, float, int)) and not isinstance(version, bool):
            return PactSpecification.from_str(str(version))
    return None


def check(data: Any, source: str) -> None:
    """Raise `PactFileError` for the first thing that is not as a pact has it; mend ``data`` where that is possible."""
    try:
        _PACT.check(data)
        check_names(data, (*LISTS, "consumer", "provider", "metadata"))
        _check_lists(data)
        version = specification(data)
        if version is not None and not {"pactSpecification", "pact-specification"} & set(data["metadata"]):
            data["metadata"]["pactSpecification"] = {"version": version.number}  # where the core looks for it
        if data.get("messages") and version is PactSpecification.V4:
            raise ValueError("a pact of specification V4 has its messages in 'interactions', not in 'messages'")
        if data.get("messages") and version is not None and version < PactSpecification.V3:
            raise ValueError(f"messages need specification V3, but the metadata states {version}")
        for name in LISTS:
            for index, item in enumerate(data.get(name, ())):
                _check_interaction(item, name, version, f"{name}[{index}]")
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


def _check_interaction(item: dict[str, Any], list_name: str, version: PactSpecification | None, place: str) -> None:
    if isinstance(item.get("description"), str):
        place = f"{place} {item['description']!r}"
    is_v4 = version is PactSpecification.V4
    kind = str(item.get("type"))
    if not is_v4 and kind in _BY_KIND:
        stated = f"states {version}" if version else "states none"
        raise ValueError(f"{place}: type {kind!r} needs specification V4, but the metadata {stated}")
    if not is_v4:
        kind = _HTTP if list_name == "interactions" else _ASYNC
    if kind not in _BY_KIND:
        known = ", ".join(map(repr, _BY_KIND))
        raise ValueError(f"{place}: type must be one of {known}, not {shown(item.get('type'))}")
    try:
        _BY_KIND[kind].check(item)
        check_names(item, _ITEM_NAMES)
        _check_states(item)
        parts = [("", item)] if kind == _ASYNC else _parts(item)
        for name, part in parts:
            try:
                check_names(part, _PART_NAMES if kind == _HTTP else _ITEM_NAMES)
                if is_v4:
                    _mend_v4_body(part, "body" if kind == _HTTP else "contents")
                if kind != _HTTP and name != "request":
                    _check_contents(part, is_v4)
                if name == "request" and kind == _HTTP:
                    _mend_request(part, version is None or version >= PactSpecification.V3)
            except ShapeError as error:
                raise error.within(name) if name else error from None
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _parts(item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    response = item["response"]
    if isinstance(response, dict):
        return [("request", item["request"]), ("response", response)]
    return [("request", item["request"]), *((f"response[{index}]", part) for index, part in enumerate(response))]


def _check_states(item: dict[str, Any]) -> None:
    """Refuse states of which the core would drop one: it reads the first of these members."""
    names = [state["name"] for state in item.get("providerStates", ())]
    for key in ("providerState", "provider_state"):
        if "providerStates" in item and item.get(key) and item[key] not in names:
            raise ValueError(f"providerStates are {names}, but {key} is {item[key]!r}; there must be one of them")


def _check_contents(message: dict[str, Any], is_v4: bool) -> None:
    contents = message.get("contents")
    if "contents" not in message or (is_v4 and (not contents or contents["content"] in (None, ""))):
        raise ShapeError("is missing or empty, so that any message would pass", "contents")


def _mend_request(request: dict[str, Any], objects: bool) -> None:
    """Make the core ask for what is written: it cuts a path, and drops of a query what it does not take."""
    request["path"] = request["path"].replace("#", "%23").replace("\\", "%5C")
    query = request.get("query")
    if isinstance(query, str):
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise ShapeError(f"must be UTF-8, not {shown(query)}", "query") from None
        if not query.isascii() or not all("=" in part for part in query.split("&") if part):
            request["query"] = urlencode(pairs)
    elif query:
        pairs = [(name, value) for name, values in query.items() for value in _listed(values)]
        if not objects or not all(isinstance(value, str) for _, value in pairs):
            request["query"] = urlencode([(name, _text(value)) for name, value in pairs])


def _mend_v4_body(part: dict[str, Any], name: str) -> None:
    body = part.get(name)
    if isinstance(body, dict) and body and "content" not in body:  # newer cores take it so, older ones drop it
        body = part[name] = {"content": body, "contentType": "application/json", "encoded": False}
    if body is not None:
        try:
            _V4_BODY.check(body)
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


def _name(name: str) -> str | None:
    return None if name.strip() else "must not be empty"


def _combine(how: str) -> str | None:
    return None if how.upper() in ("AND", "OR") else "must be 'AND' or 'OR'"


def _headers(headers: dict[str, Any]) -> None:
    for name in headers:
        if not is_token(name):
            raise ShapeError("is not a header name", repr(name))


def _response(response: dict[str, Any]) -> None:
    status = response.get("status", 200)
    ruled = any(key in ("status", "$.status") for key in response.get("matchingRules", ()))
    if not is_status(status) and not (status == 0 and ruled):  # 0 is what some write beside a rule
        raise ShapeError(f"must be {STATUSES}, not {status}", "status")


def _encoded(body: dict[str, Any]) -> None:
    encoding = str(body.get("encoded", False)).lower()
    if encoding not in ("false", "base64", "json"):
        raise ShapeError(f"must be false, 'base64' or 'JSON', not {shown(body['encoded'])}", "encoded")
    if encoding == "base64":
        try:
            base64.b64decode(body["content"], validate=True)
        except (KeyError, TypeError, ValueError):
            raise ShapeError(f"is not base64: {shown(body.get('content'))}", "content") from None


def _rules(rules: dict[str, Any]) -> None:
    _by_category(rules, _RULE_LIST)


def _generators(generators: dict[str, Any]) -> None:
    _by_category(generators, _GENERATOR)


def _by_category(categories: dict[str, Any], one: Shape) -> None:
    for category, entry in categories.items():
        try:
            if one is _RULE_LIST and _V2_RULE.match(category):
                _RULE.check(entry)
            elif category not in _SINGLE + _KEYED:
                raise ShapeError(f"is an unknown category; known are {', '.join(_SINGLE + _KEYED)}")
            elif isinstance(entry, dict) and ("matchers" in entry or (category in _SINGLE and _is_one(entry))):
                one.check(entry)
            else:
                (_RULE_LISTS if one is _RULE_LIST else _GENERATOR_SETS).check(entry)
        except ShapeError as error:
            raise error.within(category) from None


def _is_one(entry: dict[str, Any]) -> bool:
    """Return whether it is one list of rules or one generator, not some by their paths."""
    return bool(entry) and not {"$", ""} & set(entry)


def _rule(rule: dict[str, Any]) -> None:
    kind = rule.get("match", rule.get("pact:matcher:type"))
    if kind is None and not _GUESSED & set(rule):
        raise ShapeError("is missing", "match")
    members = _RULE_MEMBERS.get(str(kind).replace("-", "").lower())
    if members is not None:
        members.check(rule)


def _status_class(status: str | list[int]) -> str | None:
    right = isinstance(status, list) or status in _STATUSES
    return None if right else f"must be one of {', '.join(_STATUSES)} or a list"


def _generator(generator: dict[str, Any]) -> None:
    if generator["type"] == "RandomInt":
        least, most = (generator.get(name, default) for name, default in (("min", 0), ("max", 10)))
        if type(least) is type(most) is int and least > most:  # the core panics
            raise ShapeError(f"must not be greater than max {most}, but is {least}", "min")


# -- what must (or, with "?", may) be where --

_SCALARS = (str, int, float, bool)
_NUMBERS = (int, float, str)
_RULE = Shape({"match?": (str, _name)}, _rule)
_RULE_LIST = Shape({"matchers": [_RULE], "combine?": (str, _combine)})
_RULE_LISTS = Shape({"*": _RULE_LIST})
_RULE_MEMBERS = {
    "regex": Shape({"regex": str}),
    "include": Shape({"value": _SCALARS}),
    "contenttype": Shape({"value": str}),
    "arraycontains": Shape({"variants": [{"rules?": {}, "generators?": {}}]}),
    "min": Shape({"min": _NUMBERS}),
    "max": Shape({"max": _NUMBERS}),
    "mintype": Shape({"min": _NUMBERS}),
    "maxtype": Shape({"max": _NUMBERS}),
    "eachkey": Shape({"rules?": [{}]}),
    "eachvalue": Shape({"rules?": [{}]}),
    "statuscode": Shape({"status?": (str, [int], _status_class)}),
}
_GENERATOR = Shape({"type": str}, _generator)
_GENERATOR_SETS = Shape({"*": _GENERATOR})
_RULED: dict[str, Any] = {**{f"{name}?": ({}, _rules) for name in _RULES}, "generators?": ({}, _generators)}
_PARTY = {"name": (str, _name)}
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
_QUERY = {"*": (*_SCALARS, type(None), [(*_SCALARS, type(None)), ...])}
_PART = {"headers?": ({"*": (*_SCALARS, [_SCALARS, ...])}, _headers), **_RULED}
_REQUEST = {"method": (str, _method), "path": (str, _path), "query?": (str, _QUERY), **_PART}
_MESSAGE = {"metadata?": {}, "metaData?": {}, **_RULED}
_V4_BODY = Shape({"contentType?": str, "encoded?": (bool, str), "contentTypeHint?": str}, _encoded)
_BY_KIND = {
    _HTTP: Shape({**_ITEM, "request": _REQUEST, "response": ({"status?": int, **_PART}, _response)}),
    _ASYNC: Shape({**_ITEM, **_MESSAGE}),
    _SYNC: Shape({**_ITEM, "request": _MESSAGE, "response": [_MESSAGE, ...]}),
}
_PART_NAMES = ("method", "path", "query", "status", "headers", "body", "matchingRules", "generators")
_ITEM_NAMES = (
    *("description", "providerState", "provider_state", "providerStates", "pending", "type", "request", "response"),
    *("contents", "metadata", "metaData", "matchingRules", "generators"),
)
