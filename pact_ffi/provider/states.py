"""Provider states: whatever a user gives becomes one function of state, action and parameters."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.provider.calling import Caller, arranged
from pact_ffi.provider.loopback import Response
from pact_ffi.provider.relay import send

StateFunction = Callable[[Caller, dict[str, Any]], Response]


class StateChangeError(PactError):
    """A provider state could not be set up: nobody handles it, or its URL answered with an error."""


def state_function(handler: Any, *, teardown: bool, body: bool | None) -> StateFunction:
    """Return ``handler`` (function, mapping, URL, or object with methods) as one function.

    Raises `InvalidInputError` for anything else, and for functions that need what a state change does not have.
    """
    if re.match(r"https?://", str(handler)) and not callable(handler):
        if body is None:
            raise InvalidInputError("a state URL needs body=True (a JSON body) or body=False (a query string)")
        handler = partial(_post, str(handler), body)
    functions = {"": handler} if callable(handler) else handler if isinstance(handler, Mapping) else _methods(handler)
    offered = [*(["state"] if callable(handler) else []), *(["action"] if teardown else []), "parameters"]
    for name, function in functions.items():
        if not callable(function):
            raise InvalidInputError(f"the handler of state {name!r} must be a function, not {function!r}")
        arranged(function, offered, _values({}))

    def change(caller: Caller, asked: dict[str, Any]) -> Response:
        values = _values(asked)
        state = values["state"]
        key = "" if callable(handler) else state if isinstance(handler, Mapping) else _method_name(state)
        returned = None
        if key in functions:
            returned = caller.call(functions[key], offered, values)
        elif state:  # the core announces interactions without a state, too
            known = ", ".join(map(repr, functions)) or "none"
            raise StateChangeError(f"no handler for provider state {state!r}; there are handlers for {known}")
        # A mapping has values for the core's generators; anything else has none.
        content = json.dumps(returned if isinstance(returned, dict) else {}, allow_nan=False)
        return Response(200, content.encode(), [("Content-Type", "application/json")])

    return change


def _values(asked: dict[str, Any]) -> dict[str, Any]:
    """Return by name what the core asks for."""
    parameters = asked.get("params", {})
    state, action = asked.get("state", ""), asked.get("action", "")
    return {"state": state, "action": action, "params": parameters, "parameters": parameters}


def _methods(handler: Any) -> dict[str, Any]:
    methods = {name: getattr(handler, name) for name in dir(handler) if not name.startswith("_")}
    methods = {name: method for name, method in methods.items() if callable(method)}
    if not methods or isinstance(handler, (str, bytes, int, float, complex, list, tuple, set, type(None))):
        raise InvalidInputError(
            f"a state handler is a function, a dict of functions, an object with methods, or an http(s) URL;"
            f" not {handler!r}"
        )
    return methods


def _method_name(state: str) -> str:
    return re.sub(r"\W+", "_", state).strip("_").lower()


def _post(url: str, body: bool, state: str, action: str, parameters: dict[str, Any]) -> Any:
    if body:
        return announce(url, {"state": state, "params": parameters, "action": action})
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in parameters.items()}
    query = urlencode({**texts, "state": state, "action": action})
    return announce(f"{url}{'&' if '?' in url else '?'}{query}", None)


def announce(url: str, content: dict[str, Any] | None) -> Any:
    """Post a state change to the provider's own URL and return the JSON of its answer, if it is any.

    Once: the core would repeat a call that is answered by 5xx for two minutes. Raises `StateChangeError`.
    """
    headers = [] if content is None else [("Content-Type", "application/json")]
    shown = url.partition("?")[0]
    try:
        answer = send("POST", url, headers, b"" if content is None else json.dumps(content).encode())
    except (OSError, http.client.HTTPException) as error:
        raise StateChangeError(f"no answer from the state URL {shown}: {error}") from None
    if answer.status >= 300:
        said = answer.body.decode("utf-8", "replace").strip()[:500]
        raise StateChangeError(f"the state URL {shown} answered {answer.status}: {said}")
    try:
        return json.loads(answer.body)
    except ValueError:
        return None
