"""What the core asks for while it verifies, answered by a user's handlers and application."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import urlsplit, urlunsplit

from pact_ffi.core.stdout import loud
from pact_ffi.errors import PactError, PactWarning
from pact_ffi.pact_file.terms import state_names
from pact_ffi.provider.calling import Caller
from pact_ffi.provider.limits import TimeLimitReached, interrupted_after
from pact_ffi.provider.messages import MessageError, MessageFunction, message_response
from pact_ffi.provider.relay import NoAnswerError, send
from pact_ffi.provider.results import RELAY_FAILED, HandlerFailure
from pact_ffi.provider.state_values import Needed, check_values, needed_values
from pact_ffi.provider.states import StateFunction
from pact_ffi.provider.wire import Request, RequestFilter, Response

_MOST_HEADERS = 100
_REDIRECTS = 301, 302, 303, 307, 308
_HANDLER_FAILED = 422  # never 5xx for a state: the core would repeat the call for two minutes
STATES, MESSAGES, PROVIDER, ENDPOINT, NOBODY = "/states", "/messages", "/provider", "/endpoint", "/nobody"
UNKNOWN = "/unknown"  # followed by the name of a transport, in hexadecimal digits

# A number before the room says at which of the provider's addresses to ask.
_ROOM = re.compile(f"(?:/(\\d+))?({'|'.join((STATES, MESSAGES, PROVIDER, ENDPOINT, NOBODY, UNKNOWN))})")


if TYPE_CHECKING:
    from pact_ffi.provider.apps import Application


class UnansweredError(PactError):
    """An HTTP interaction that has no answer: nobody said where the provider is, or the core cannot read it."""


class Address(NamedTuple):
    """Where requests are sent on to, and for how many seconds an answer is waited for."""

    url: str
    seconds: float
    verify_ssl: bool

    def send(self, request: Request) -> Response:
        """Send a request on; raises `NoAnswerError`."""
        return send(
            request.method,
            self.url + request.target,
            request.headers.items(),
            request.body,
            timeout=self.seconds,
            verify_ssl=self.verify_ssl,
        )


class Callbacks:
    """Answers the core's calls by what it was given, one interaction after the other.

    `failures` is what went wrong in users' code since `begin`, `errors` what explains a failure, if there is one: the
    exceptions of the application.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.state: StateFunction | None = None
        self.message: MessageFunction | None = None
        self.request_filter: RequestFilter | None = None
        self.application: Application | None = None
        self.addresses: list[Address] = []
        self.transports: list[str] = []
        self.replay: Response | None = None
        self.follow_redirects = True
        self.root = ""
        self.end_of_time: float | None = None
        self.begin(None)

    def begin(self, interaction: Mapping[str, Any] | None, parts: int = 1) -> None:
        """Expect the calls for one ``interaction`` (that many times, for one of its responses), or for several."""
        self.failures: list[HandlerFailure] = []
        self.errors: list[HandlerFailure] = []
        self.exchanges: list[tuple[list[HandlerFailure], Response]] = []
        self._redirecting = False
        self.response: Response | None = None
        self._needed: list[Needed] = needed_values(interaction) if interaction is not None else []
        self._states_left = len(state_names(interaction)) if interaction is not None else 0
        self._values: dict[str, Any] = {}
        self._returned_values = False
        self._answers: list[Response] = []
        self._repeated: list[Response] = []
        self._produced: Any = None
        self._has_produced = False
        self._part, self._parts = 0, parts

    def repeat(self, part: int = 0) -> None:
        """Expect the same calls once more, and do not call the handlers of its states again."""
        self._repeated = list(self._answers)
        self._part = part

    @property
    def on_the_running_loop(self) -> bool:
        """Whether answers may wait for the event loop of the test."""
        return self._caller.on_the_running_loop

    async def end(self) -> None:
        """Tear down what the handlers of the interaction have left to do."""
        while self._caller.holds():
            await self._guarded("provider state teardown", "", self._caller.tear_down())

    async def answer(self, request: Request) -> Response:
        """Answer one call of the core."""
        found = _ROOM.match(request.target)
        number, room = found.groups() if found else (None, "")
        prefix = found[0] if found else ""
        address = None if number is None else self.addresses[int(number)]
        local = request.target[len(prefix) :]
        request.target = local if local.startswith("/") else f"/{local}"
        with loud():
            if room == PROVIDER:
                return await self._provided(request, address, self.root + prefix)
            if room == ENDPOINT:
                request.target = local
                return await self._endpoint(request, address)
            if room == UNKNOWN:
                return self._unknown(request)
            if room == STATES:
                return await self._state_changed(json.loads(request.body or b"{}"))
            if room == MESSAGES:
                return await self._message(json.loads(request.body or b"{}"))
            return self._nobody(request)

    async def _provided(self, request: Request, address: Address | None, root: str) -> Response:
        if self.replay is not None:
            return self.replay
        if self.request_filter is not None:
            changed = await self._guarded("request filter", _shown(request), self._filtered(request))
            if not isinstance(changed, Request):
                return Response(RELAY_FAILED)
            request = changed
        if address is not None:
            self.response = await self._sent_on(address, request)
        elif self.application is not None:
            self.response = await self._application(self.application, request)
        if self.response is None:
            return Response(RELAY_FAILED)
        if len(self.response.headers) >= _MOST_HEADERS:
            error = UnansweredError(
                f"the answer to {_shown(request)} has {len(self.response.headers)} headers;"
                f" the core's HTTP client reads fewer than {_MOST_HEADERS}"
            )
            self.failures.append(HandlerFailure("provider", _shown(request), error))
            return Response(RELAY_FAILED)
        if not self.follow_redirects or not 300 <= self.response.status < 400:
            return self.response
        host = urlsplit(address.url).netloc if address is not None else request.headers.get("Host", "")
        headers = [
            (name, _followed(value, host, root) if name.lower() == "location" else value)
            for name, value in self.response.headers
        ]
        return Response(self.response.status, self.response.body, headers)

    async def _filtered(self, request: Request) -> Request:
        filter_function = self.request_filter
        returned = filter_function and await self._caller.call(filter_function, ["request"], {"request": request})
        if returned is None:
            return request
        if not isinstance(returned, Request):
            raise TypeError(f"a request filter returns a Request or None, not {returned!r:.200}")
        return returned

    async def _application(self, application: Application, request: Request) -> Response:
        subject = _shown(request)
        try:
            with interrupted_after(self.end_of_time, f"the application at {subject}", self._caller.on_the_running_loop):
                response = await application.answer(request)
        except (Exception, SystemExit) as error:
            if isinstance(error, TimeLimitReached):
                raise
            response = Response(500, b"Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            if error not in application.errors:
                application.errors.append(error)
        errors = [HandlerFailure("application", subject, error) for error in application.errors]
        self.errors += errors
        if self._redirecting and self.exchanges:
            errors = [*self.exchanges.pop()[0], *errors]
        self.exchanges.append((errors, response))
        self._redirecting = self.follow_redirects and response.status in _REDIRECTS
        return response

    async def _sent_on(self, address: Address, request: Request) -> Response | None:
        try:
            answer: Response = await self._caller.aside(address.send, request)
        except NoAnswerError as error:
            self.failures.append(HandlerFailure("provider", _shown(request), error))
            return None
        return answer

    async def _endpoint(self, request: Request, address: Address | None) -> Response:
        """Ask the provider's own message endpoint, whose status the core would ignore."""
        response = None
        if address is not None:
            response = await self._sent_on(address, request)
        elif self.application is not None:
            response = await self._application(self.application, request)
        if response is not None and response.status >= 300:
            said = response.body.decode("utf-8", "replace").strip()[:500]
            where = address.url if address is not None else "of the application"
            error = MessageError(f"the message endpoint {where} answered {response.status}: {said}")
            self.failures.append(HandlerFailure("message endpoint", _shown(request), error))
        return response or Response(RELAY_FAILED)

    def _nobody(self, request: Request) -> Response:
        error = UnansweredError(
            f"there is no HTTP provider to send {_shown(request)} to: call add_transport(url=...) or app(...)"
        )
        self.failures.append(HandlerFailure("provider", _shown(request), error))
        return Response(404)

    def _unknown(self, request: Request) -> Response:
        """Refuse an interaction whose transport nobody configured; the core would send it to the main address."""
        name = bytes.fromhex(request.target.split("/")[1]).decode()
        known = ", ".join(map(repr, dict.fromkeys(self.transports))) or "none"
        error = UnansweredError(
            f"the interaction is for the transport {name!r}, and the transports that were added are: {known};"
            f" call add_transport({name!r}, url=...)"
        )
        self.failures.append(HandlerFailure("provider", name, error))
        return Response(404)

    async def _state_changed(self, asked: dict[str, Any]) -> Response:
        if self._repeated:
            return self._repeated.pop(0)
        role = f"provider state {'teardown' if asked.get('action') == 'teardown' else 'handler'}"
        answer = await self._guarded(role, str(asked.get("state", "")), self._changed(asked))
        response = answer if isinstance(answer, Response) else Response(_HANDLER_FAILED)
        self._answers.append(response)
        return response

    async def _changed(self, asked: dict[str, Any]) -> Response:
        values = await self.state(self._caller, asked) if self.state is not None else None
        if asked.get("action") != "teardown":
            self._returned_values |= bool(values)
            self._values.update({**asked.get("params", {}), **(values or {})})
            self._states_left -= 1
            if self._states_left == 0 and self._needed:
                self._check_values()
        return Response(200, json.dumps(values or {}).encode(), [("Content-Type", "application/json")])

    def _check_values(self) -> None:
        missing = [item.name for item in self._needed if item.name not in self._values]
        if self._returned_values or not missing:
            check_values(self._needed, self._values)
        else:
            names = ", ".join(map(repr, missing))
            text = f"the request needs the values {names} of its provider states, and their handlers returned none:"
            warnings.warn(f"{text} the examples of the pact are sent", PactWarning, stacklevel=2)

    async def _message(self, asked: dict[str, Any]) -> Response:
        name = str(asked.get("description", ""))
        answer = await self._guarded("message handler", name, self._produced_message(name, asked))
        return answer if isinstance(answer, Response) else Response(_HANDLER_FAILED)

    async def _produced_message(self, name: str, asked: dict[str, Any]) -> Response:
        if not self._has_produced and self.message is not None:
            self._produced = await self.message(self._caller, asked)
            self._has_produced = self._parts > 1
        made, parts = self._produced, self._parts
        if parts > 1:
            if not isinstance(made, (list, tuple)) or len(made) != parts:
                raise MessageError(
                    f"message {name!r} has {parts} responses: return a list of {parts}, not {made!r:.200}"
                )
            made = made[self._part]
        return message_response(name, made)

    async def _guarded(self, role: str, subject: str, work: Awaitable[Any]) -> Any:
        """Return what a user's code returns; what it raises is kept as the failure that it is."""
        what = f"{role} {subject!r}" if subject else f"the {role}"
        process, raised = os.getpid(), None
        try:
            with interrupted_after(self.end_of_time, what, self._caller.on_the_running_loop):
                return await work
        except TimeLimitReached:
            raise
        except (Exception, SystemExit) as error:
            raised = error
            self.failures.append(HandlerFailure(role, subject, error))
            return None
        finally:
            if os.getpid() != process:
                _end_child(what, raised)


def _end_child(what: str, error: BaseException | None) -> NoReturn:
    """End a process that a handler forked and that came back from it: all that is here is its parent's."""
    code = error.code if isinstance(error, SystemExit) else 1
    if not isinstance(error, SystemExit):
        os.write(2, f"{what} forked a process that came back from it: end it with os._exit(0)\n".encode())
    os._exit(code if isinstance(code, int) else int(code is not None))


def _followed(location: str, host: str, root: str) -> str:
    """Return a redirect to another path of the provider at ``host`` as one that leads back to here."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return location
    if (
        parts.scheme not in ("", "http", "https")
        or parts.netloc not in ("", host)
        or not (parts.path.startswith("/") or parts.netloc)
    ):
        return location
    return urlunsplit(("", "", root + parts.path, parts.query, parts.fragment))


def _shown(request: Request) -> str:
    return f"{request.method} {request.target}"
