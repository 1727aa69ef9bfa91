"""Provider states: whatever a user gives becomes one function of state, action and parameters."""

from __future__ import annotations

import base64
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode

from pact_ffi.broker.address import split
from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.provider.calling import Caller, arranged, named
from pact_ffi.provider.state_values import as_values

StateFunction = Callable[[Caller, dict[str, Any]], Awaitable[dict[str, Any] | None]]
_URL_SECONDS = 15
_MOST_URL_BYTES = 4 << 20


class StateChangeError(PactError):
    """A provider state could not be set up: nobody handles it, or its URL answered with an error."""


def state_function(handler: Any, *, teardown: bool, body: bool | None) -> StateFunction:
    """Return ``handler`` (function, mapping, URL, or object with methods) as one function.

    The result takes what the core posts, and returns the values of the state, or ``None`` when there are none.
    Raises `InvalidInputError` for anything else, and for functions that need what a state change does not have.
    """
    if re.match(r"(?i)https?:", str(handler)) and not callable(handler):
        if body is None:
            raise InvalidInputError("a state URL needs body=True (a JSON body) or body=False (a query string)")
        return _url_function(str(handler), body)
    if inspect.isclass(handler):
        raise InvalidInputError(f"a state handler must not be a class: give an instance, {handler.__name__}(...)")
    single = callable(handler)
    functions = {"": handler} if single else handler if isinstance(handler, Mapping) else _methods(handler)
    offered = [*(["state"] if single else []), *(["action"] if teardown else []), "parameters"]
    for name, function in functions.items():
        if not callable(function):
            raise InvalidInputError(f"the handler of provider state {name!r} must be callable, not {function!r}")
    keyword_only = _keyword_only(handler) if single else set()
    if single:
        arranged(handler, offered, _values({}), dict.fromkeys(keyword_only))

    async def change(caller: Caller, asked: dict[str, Any]) -> dict[str, Any] | None:
        values = _values(asked)
        state, parameters = values["state"], values["parameters"]
        key = "" if single else state if isinstance(handler, Mapping) else _method_name(state)
        function = functions.get(key)
        if function is None:
            if not state:  # the core announces interactions without a state, too
                return None
            known = ", ".join(map(repr, functions)) or "none"
            raise StateChangeError(f"no handler for provider state {state!r}; there are handlers for {known}")
        if values["action"] == "teardown":
            held = caller.holds(state)
            while caller.holds(state):
                await caller.tear_down(state)
            if held or not teardown:
                return None
        if single:
            parameters = {name: value for name, value in parameters.items() if name in keyword_only}
        returned = await caller.call(function, offered, values, parameters, owner=state)
        return as_values(returned, named(function))

    return change


def _values(asked: dict[str, Any]) -> dict[str, Any]:
    """Return by name what the core asks for."""
    parameters = asked.get("params", {})
    state, action = asked.get("state", ""), asked.get("action", "")
    return {"state": state, "action": action, "params": parameters, "parameters": parameters}


def _keyword_only(function: Any) -> set[str]:
    """Return the parameters of a function for all states that cannot be meant for state, action and parameters."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except Exception:  # as in `arranged`
        return set()
    return {item.name for item in parameters if item.kind is item.KEYWORD_ONLY}


def _methods(handler: Any) -> dict[str, Any]:
    methods = {name: getattr(handler, name) for name in dir(handler) if not name.startswith("_")}
    methods = {name: method for name, method in methods.items() if callable(method)}
    if not methods or isinstance(handler, (str, bytes, int, float, complex, list, tuple, set, type(None))):
        raise InvalidInputError(
            "a state handler must be a function, a dict of functions, an object with methods, or an http(s) URL,"
            f" not {handler!r}"
        )
    return methods


def _method_name(state: str) -> str:
    return re.sub(r"\W+", "_", state).strip("_").lower()


def _url_function(given: str, body: bool) -> StateFunction:
    url, _ = state_url(given)

    async def change(caller: Caller, asked: dict[str, Any]) -> dict[str, Any] | None:
        values = _values(asked)
        state, action, parameters = values["state"], values["action"], values["parameters"]
        if body:
            content = {"state": state, "params": parameters, "action": action}
            return as_values(await caller.aside(announce, given, content), f"the state URL {_shown(url)}")
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in parameters.items()}
        query = urlencode({**texts, "state": state, "action": action})
        asking = f"{given}{'&' if '?' in given else '?'}{query}"
        return as_values(await caller.aside(announce, asking, None), f"the state URL {_shown(url)}")

    return change


def state_url(given: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a state URL without its user and password, and the header that says them.

    Raises `InvalidInputError` for what cannot be asked.
    """
    try:
        parts = split(given)
        sendable = given.isascii() and not parts.fragment and not re.search(r"[\s\0]", given)
    except ValueError:
        sendable = False
    if not sendable:  # it is not quoted: a password may be in it
        raise InvalidInputError(
            "a state URL must read http(s)://host[:port]/path, without a fragment, other characters percent-encoded"
        )
    url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.username is None:
        return url, []
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return url, [("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")]


def announce(given: str, content: dict[str, Any] | None) -> Any:
    """Post a state change to the provider's own URL and return the JSON of its answer, if it is JSON.

    Once: the core would repeat a call that is answered by 5xx for two minutes. Raises `StateChangeError`.
    """
    from pact_ffi.provider.relay import NoAnswerError, send

    url, login = state_url(given)
    headers = [*login, *([] if content is None else [("Content-Type", "application/json")])]
    data = b"" if content is None else json.dumps(content).encode()
    try:
        answer = send("POST", url, headers, data, timeout=_URL_SECONDS, most_bytes=_MOST_URL_BYTES)
    except NoAnswerError as error:
        raise StateChangeError(f"the state URL failed: {error}") from None
    if answer.status >= 300:
        said = answer.body.decode("utf-8", "replace").strip()[:500]
        raise StateChangeError(f"the state URL {_shown(url)} answered {answer.status}: {said}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _shown(url: str) -> str:
    return url.partition("?")[0]
