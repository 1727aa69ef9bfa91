"""Where the interactions of a run are verified: an address of the provider, or one of our own in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pact_ffi.errors import UsageError
from pact_ffi.pact_file.document import PactDocument
from pact_ffi.pact_file.terms import LISTS
from pact_ffi.provider.callbacks import ENDPOINT, MESSAGES, NOBODY, PROVIDER, UNKNOWN
from pact_ffi.provider.settings import Settings, Transport

# The names that the core itself knows. It verifies what names any other transport over HTTP, at the main address.
_HTTP = ("http", "https")
_MESSAGES = ("message", "async-message", "sync-message")


class Routes:
    """The provider's addresses as the core is told them, `main` first; ``here`` is the root of our own server.

    `first` is the number of the provider's own main address.

    Raises `UsageError` where nobody said where the provider is.
    """

    def __init__(self, settings: Settings, here: Transport) -> None:
        self._settings, self._here = settings, here
        given = dict(enumerate(settings.transports))
        self._numbers = {transport.protocol: number for number, transport in reversed(given.items())}
        endpoint = next((number for number, item in given.items() if item.protocol in _MESSAGES), None)
        if settings.message is not None and endpoint is not None:
            raise UsageError("a message transport and a message handler were given: choose one")
        if not given and all(other is None for other in (settings.app, settings.message, settings.replay)):
            raise UsageError("where is the provider? call add_transport(url=...), app(...) or message_handler(...)")
        if endpoint is not None:
            del given[endpoint]
        elif settings.app is None and given:
            endpoint = 0
        over_http = [number for number, item in given.items() if item.protocol in _HTTP]
        if settings.app is not None and over_http:
            raise UsageError("an application and the URL of a provider were given: choose one")
        self.first = next(iter(over_http or given), 0)
        room = ENDPOINT if settings.message is None else MESSAGES
        self._messages = self._own("message", room, endpoint)
        self.own_main = True
        if settings.replay is not None or settings.app is not None:
            self.main = self._own("http", PROVIDER)
        elif not given:
            self.main = self._own("http", NOBODY)
        elif settings.request_filter is not None:
            self.main = self._own("http", PROVIDER, self.first)
            del given[self.first]
        else:
            self.main = given.pop(self.first)
            self.own_main = False
        self._others = [transport for transport in given.values() if transport.protocol not in _MESSAGES]

    def prepared(self, document: PactDocument) -> PactDocument:
        """Return a pact whose messages do not name HTTP as their transport: its address is not one for messages.

        The core would ask it and ignore the status of the answer.
        """
        if document.needs_plugins or not any(map(_message_over_http, document.interactions)):
            return document
        return document.replaced({name: list(map(_without_http, document.data.get(name, ()))) for name in LISTS})

    def others(self, piece: PactDocument) -> list[Transport]:
        """Return the transports beside the main one, those first that the interactions of ``piece`` name."""
        if self._settings.replay is not None:
            return []
        needs_plugins = piece.needs_plugins
        found: dict[str, Transport] = {}
        messages = False
        for item in piece.interactions:
            is_http = is_http_interaction(item)
            messages |= not is_http
            name = str(item.get("transport") or "")
            if is_http:
                found |= self._for_http(name)
            elif name and not needs_plugins:
                found[name] = self._for_message(name)
        # An HTTP interaction must not be answered by a message endpoint of ours.
        return [*found.values(), *self._others, *([self._messages] if messages else [])]

    def _for_http(self, name: str) -> dict[str, Transport]:
        number = self._numbers.get(name)
        if not name or (name in _HTTP and number in (None, self.first)):
            return {}
        if number is None:
            return {name: self._unknown(name)}
        filtered = self._settings.request_filter is not None
        return {name: self._own(name, PROVIDER, number) if filtered else self._settings.transports[number]}

    def _for_message(self, name: str) -> Transport:
        number = self._numbers.get(name)
        if number is not None:
            return self._own(name, ENDPOINT, number)
        if self._settings.message is not None or name in _MESSAGES:
            return self._messages._replace(protocol=name)
        return self._unknown(name)

    def _unknown(self, name: str) -> Transport:
        return self._own(name, f"{UNKNOWN}/{name.encode().hex()}")

    def _own(self, protocol: str, room: str, number: int | None = None) -> Transport:
        """Return the address of a room of ours, which asks at that one of the provider's addresses."""
        path = self._here.path + ("" if number is None else f"/{number}") + room
        return self._here._replace(protocol=protocol, path=path)


def is_http_interaction(item: Mapping[str, Any]) -> bool:
    """Whether an interaction is a request with a response over HTTP, and no message."""
    request = item.get("request")
    return isinstance(request, Mapping) and "method" in request


def _message_over_http(item: Mapping[str, Any]) -> bool:
    return item.get("transport") in ("", *_HTTP) and not is_http_interaction(item)


def _without_http(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "transport"} if _message_over_http(item) else item
