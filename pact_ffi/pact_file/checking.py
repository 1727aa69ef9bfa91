"""The one check of a pact's whole shape, before anything runs: for files, URLs and brokers alike.

The core reads nearly everything: it asks ``GET /`` for what is not a request, passes any answer to a message without
contents, drops query parameters and rules of another shape, and panics on a status that is text. What it would read
otherwise than it is written is refused here, or mended where only one meaning is possible.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import PactFileError
from pact_ffi.pact_file.shape import check_names, check_shape, shown

LISTS = ("interactions", "messages")
_HTTP, _ASYNC, _SYNC = "Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages"
KINDS = {_HTTP: "HTTP", _ASYNC: "Async", _SYNC: "Sync"}

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OTHER_PATH = re.compile(r"[\x00-\x1f\x7f]|^//|/\.{1,2}(/|$)")
_RULES = ("matchingRules", "requestMatchingRules", "responseMatchingRules")  # the latter two are of old pacts
_CATEGORY = "path|method|status|body|headers?|query|metadata|contents?"
_V2_RULE = re.compile(rf"\$(\.|\[')({_CATEGORY})\b")
_GUESSED = {"regex", "min", "max", "timestamp", "time", "date"}  # what the core guesses a rule's type from


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
        check_shape(data, _PACT, "")
        check_names(data, (*LISTS, "consumer", "provider", "metadata"), "")
        lists = [name for name in data if isinstance(data[name], list)]
        for name in lists:
            if name not in LISTS and any("description" in item for item in data[name] if isinstance(item, dict)):
                raise ValueError(f"unknown list {name!r}; interactions stand in 'interactions' or 'messages'")
        if not lists:
            raise ValueError("the document has neither 'interactions' nor 'messages'")
        version = specification(data)
        if version is not None and not {"pactSpecification", "pact-specification"} & set(data["metadata"]):
            data["metadata"]["pactSpecification"] = {"version": version.number}  # where the core looks for it
        if data.get("messages") and version is PactSpecification.V4:
            raise ValueError("a pact of specification V4 has its messages in 'interactions', not in 'messages'")
        if data.get("messages") and version is not None and version < PactSpecification.V3:
            raise ValueError(f"messages need specification V3, but the metadata states {version}")
        for name in LISTS:
            for index, item in enumerate(data.get(name) or ()):
                _check_interaction(item, name, version, f"{name}[{index}]")
    except ValueError as error:
        raise PactFileError(f"pact file {source}: {error}") from None
    except RecursionError:
        raise PactFileError(f"pact file {source} is nested too deeply") from None


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
        check_shape(item, _BY_KIND[kind], "")
        check_names(item, _ITEM_NAMES, "")
        _check_states(item)
        if kind == _ASYNC:
            _check_message(item, "", is_v4)
        elif kind == _HTTP:
            _check_request(item["request"], version)
            _check_status(item["response"])
            for name in ("request", "response"):
                _check_part(item[name], f"{name}.", "body", is_v4)
        else:
            _check_part(item["request"], "request.", "contents", is_v4)
            for index, response in enumerate(item["response"]):
                _check_message(response, f"response[{index}].", is_v4)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _check_request(request: dict[str, Any], version: PactSpecification | None) -> None:
    request["path"] = request["path"].replace("#", "%23").replace("\\", "%5C")  # which the core would cut, or turn
    if request.get("query"):
        request["query"] = _query(request["query"], version is None or version >= PactSpecification.V3)


def _check_message(message: dict[str, Any], dot: str, is_v4: bool) -> None:
    _check_part(message, dot, "contents", is_v4)
    contents = message.get("contents")
    if "contents" not in message or (is_v4 and (not contents or contents["content"] in (None, ""))):
        raise ValueError(f"{dot}contents is missing or empty, so that any message would pass")


def _check_part(part: dict[str, Any], dot: str, body: str, is_v4: bool) -> None:
    """Check what a request, a response and a message have in common."""
    check_names(part, _PART_NAMES if body == "body" else _ITEM_NAMES, dot)
    if is_v4:
        _check_v4_body(part, body, dot)
    for header in part.get("headers", ()):
        if not _TOKEN.fullmatch(header):
            raise ValueError(f"{dot}headers: {header!r} is not a header name")
    for key in _RULES:
        for category, entry in part.get(key, {}).items():
            _check_rules(category, entry, f"{dot}{key}")
    for category, entry in part.get("generators", {}).items():
        _by_category(category, entry, f"{dot}generators", _generator)


def _check_states(item: dict[str, Any]) -> None:
    """Refuse states of which the core would drop one: it reads the first of these members."""
    names = [state["name"] for state in item.get("providerStates") or ()]
    for key in ("providerState", "provider_state"):
        if "providerStates" in item and item.get(key) and item[key] not in names:
            raise ValueError(f"providerStates are {names}, but {key} is {item[key]!r}; there must be one of them")


def _check_status(response: dict[str, Any]) -> None:
    status = response.get("status", 200)
    ruled = any(key in ("status", "$.status") for key in response.get("matchingRules", ()))
    if not 100 <= status <= 599 and not (status == 0 and ruled):  # 0 is what some write beside a rule
        raise ValueError(f"response.status must be from 100 to 599, not {status}")


def _check_v4_body(part: dict[str, Any], name: str, dot: str) -> None:
    body = part.get(name)
    if body is None:
        return
    if not isinstance(body, dict):
        raise ValueError(f"{dot}{name} must be an object with 'content', not {shown(body)}")
    if body and "content" not in body:  # written by hand; newer cores take it as the content, older ones drop it
        body = part[name] = {"content": body, "contentType": "application/json", "encoded": False}
    check_shape(body, {"contentType?": str, "encoded?": (bool, str), "contentTypeHint?": str}, f"{dot}{name}")
    encoding = body.get("encoded", False)
    if encoding is True or (isinstance(encoding, str) and encoding.lower() not in ("base64", "json")):
        raise ValueError(f"{dot}{name}.encoded must be false, 'base64' or 'JSON', not {shown(encoding)}")
    if str(encoding).lower() == "base64":
        try:
            base64.b64decode(body.get("content"), validate=True)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise ValueError(f"{dot}{name}.content is not base64: {shown(body.get('content'))}") from None


def _check_rules(category: str, entry: Any, place: str) -> None:
    if not category.startswith("$"):
        _by_category(category, entry, place, _rule_list)
    elif not _V2_RULE.match(category):
        raise ValueError(f"{place}: {category!r} must begin with $.path, $.query, $.header, $.body or $.status")
    else:
        _rule(entry, f"{place}.{category}")


def _by_category(category: str, entry: Any, place: str, check_entry: Callable[[Any, str], None]) -> None:
    if not re.fullmatch(_CATEGORY, category):
        raise ValueError(f"{place}: unknown category {category!r}; known are {_CATEGORY.replace('?', '')}")
    where = f"{place}.{category}"
    check_shape(entry, {}, where)
    single = category in ("path", "method", "status") and entry and not {"$", ""} & set(entry)
    if single or "matchers" in entry:
        check_entry(entry, where)
    else:
        for key, inner in entry.items():
            check_entry(inner, f"{where}.{key}")


def _rule_list(entry: Any, place: str) -> None:
    check_shape(entry, {"matchers": [{}], "combine?": str}, place)
    if entry.get("combine", "AND").upper() not in ("AND", "OR"):
        raise ValueError(f"{place}.combine must be 'AND' or 'OR', not {shown(entry['combine'])}")
    for index, rule in enumerate(entry["matchers"]):
        _rule(rule, f"{place}.matchers[{index}]")


def _rule(rule: Any, place: str) -> None:
    check_shape(rule, {"match?": (str, _name)}, place)
    kind = rule.get("match", rule.get("pact:matcher:type"))
    if kind is None and not _GUESSED & set(rule):
        raise ValueError(f"{place}.match is missing")
    check_shape(rule, _RULE_MEMBERS.get(str(kind).replace("-", "").lower(), {}), place)
    if rule.get("status", "success") not in _STATUSES and not isinstance(rule["status"], list):
        raise ValueError(f"{place}.status must be one of {', '.join(_STATUSES)} or a list, not {shown(rule['status'])}")


def _generator(generator: Any, place: str) -> None:
    check_shape(generator, {"type": str}, place)
    if generator["type"] == "RandomInt":
        least, most = (generator.get(name, default) for name, default in (("min", 0), ("max", 10)))
        if type(least) is type(most) is int and least > most:  # the core panics
            raise ValueError(f"{place}: min {least} must not be greater than max {most}")


def _query(query: Any, objects: bool) -> Any:
    """Return a query as the core asks what is written: it drops what is not text, and names without a value."""
    if isinstance(query, str):
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise ValueError(f"request.query must be UTF-8, not {shown(query)}") from None
        same = query.isascii() and all("=" in part for part in query.split("&") if part)
    else:
        pairs = [(name, value) for name, values in query.items() for value in _listed(values)]
        same = objects and all(isinstance(value, str) for _, value in pairs)
    return query if same else urlencode([(name, _query_text(value)) for name, value in pairs])


def _query_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _method(method: str) -> str | None:
    return None if _TOKEN.fullmatch(method) else "must be an HTTP method"


def _path(path: str) -> str | None:
    return "must be a path that can be asked for as it stands" if _OTHER_PATH.search(path) else None


def _name(name: str) -> str | None:
    return None if name.strip() else "must not be empty"


# What must (or, with "?", may) be where; "*" stands for every member. A pair of a type and a function: the function
# returns what is wrong with a value of that type. Other tuples are alternatives. Null for what may be is its absence.
# A list with "..." behind its items must not be empty.
_PARTY = {"name": (str, _name)}
_VERSION = {"version?": (str, int, float)}
_PACT: dict[str, Any] = {
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
}
_ITEM: dict[str, Any] = {
    "description": str,
    "providerState?": str,
    "providerStates?": [{"name": str, "params?": {}}],
    "pending?": bool,
    "key?": str,
    "comments?": {},
    "transport?": str,
    "pluginConfiguration?": {"*": {}},
    "interactionMarkup?": {},
    "references?": {},
}
_STATUSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")
_NUMBER = (int, float, str)
_RULE_MEMBERS: dict[str, Any] = {
    "regex": {"regex": str},
    "include": {"value": (str, int, float, bool)},
    "contenttype": {"value": str},
    "arraycontains": {"variants": [{"rules?": {}, "generators?": {}}]},
    "min": {"min": _NUMBER},
    "max": {"max": _NUMBER},
    "mintype": {"min": _NUMBER},
    "maxtype": {"max": _NUMBER},
    "eachkey": {"rules?": [{}]},
    "eachvalue": {"rules?": [{}]},
    "statuscode": {"status?": (str, [int])},
}
_RULED: dict[str, Any] = {f"{name}?": {} for name in (*_RULES, "generators")}
_SCALAR: Any = (str, int, float, bool, type(None))
_QUERY = {"*": (*_SCALAR, [_SCALAR, ...])}
_MESSAGE: dict[str, Any] = {"metadata?": {}, "metaData?": {}, **_RULED}
_VALUE = (str, int, float, bool)
_PART: dict[str, Any] = {"headers?": {"*": (*_VALUE, [_VALUE, ...])}, **_RULED}
_BY_KIND: dict[str, dict[str, Any]] = {
    _HTTP: {
        **_ITEM,
        "request": {"method": (str, _method), "path": (str, _path), "query?": (str, _QUERY), **_PART},
        "response": {"status?": int, **_PART},
    },
    _ASYNC: {**_ITEM, **_MESSAGE},
    _SYNC: {**_ITEM, "request": _MESSAGE, "response": [_MESSAGE, ...]},
}
_PART_NAMES = ("method", "path", "query", "status", "headers", "body", "matchingRules", "generators")
_ITEM_NAMES = (
    *("description", "providerState", "provider_state", "providerStates", "pending", "type", "request", "response"),
    *("contents", "metadata", "metaData", "matchingRules", "generators"),
)
