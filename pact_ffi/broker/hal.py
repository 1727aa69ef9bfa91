"""HTTP with a Pact Broker: its address, our credentials, its links (HAL), and its errors as readable text.

No message, repr or log made here holds a secret; nothing is retried.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from pact_ffi.errors import BrokerError, InvalidInputError


class BrokerSettings:
    """A broker's URL and our credentials (``given``: whether there are any); the repr shows the URL alone.

    What is not given comes from ``user:password@`` in the URL, then from ``PACT_BROKER_BASE_URL``, ``_USERNAME``,
    ``_PASSWORD`` and ``_TOKEN`` (if ``use_env``). Given credentials keep those of the environment out; there, a token
    goes before a user name.

    Raises:
        InvalidInputError: no URL, a malformed one, or credentials that HTTP cannot carry.
    """

    def __init__(
        self, url: str | None, username: str | None, password: str | None, token: str | None, *, use_env: bool = True
    ) -> None:
        def env(key: str) -> str | None:
            return (os.environ.get(f"PACT_BROKER_{key}") or None) if use_env else None

        address = str(url or env("BASE_URL") or "").strip()
        if not address:
            raise InvalidInputError("no broker URL: pass one or set PACT_BROKER_BASE_URL")
        parts = _split(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInputError(_MALFORMED)
        if parts.username:
            username = username or unquote(parts.username)
            password = password or unquote(parts.password or "")
        if username and token:
            raise InvalidInputError("both a broker token and a user name were given: choose one")
        if not username and not token:
            token = env("TOKEN")
            username = None if token else env("USERNAME")
        self.username, self.token = username, token
        self.password = (password or env("PASSWORD") or "") if username else None
        for what, given in (("token", token), ("user name", username), ("password", self.password)):
            if given is not None and not isinstance(given, str):
                raise InvalidInputError(f"the broker {what} must be text, not {type(given).__name__}")
        if token and not re.fullmatch("[!-~]+", token):
            raise InvalidInputError("the broker token holds white space or non-ASCII characters (a trailing newline?)")
        if username and ":" in username:
            raise InvalidInputError("a broker user name cannot contain ':' (HTTP basic authentication)")
        self.url = _public(address).rstrip("/")
        basic = base64.b64encode(f"{username}:{self.password}".encode()).decode() if username else None
        self._header = f"Bearer {token}" if token else f"Basic {basic}" if basic else None
        self.given = self._header is not None
        self._secrets = [secret for secret in (token, basic, self.password) if secret]

    def __repr__(self) -> str:
        return f"<BrokerSettings {self.url}>"

    def __call__(self, request: Any) -> Any:
        """Sign a request (the ``auth`` of requests; true even without credentials, which keeps netrc out)."""
        if self._header:
            request.headers["Authorization"] = self._header
        return request

    def login(self) -> dict[str, Any]:
        """Return the credentials as keyword arguments."""
        return {"username": self.username, "password": self.password, "token": self.token}

    def scrub(self, text: str) -> str:
        """Return ``text`` without our secrets, in case the other side echoed them."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


class HalClient:
    """Requests to one broker; see `pact_ffi.broker.client.Broker` for the arguments."""

    def __init__(self, settings: BrokerSettings, verify: bool | str | Path, timeout: float) -> None:
        if not isinstance(verify, bool) and not Path(verify).exists():
            raise InvalidInputError(f"verify={str(verify)!r}: no such file or folder of CA certificates")
        if timeout <= 0:
            raise InvalidInputError(f"timeout={timeout!r} must be a positive number of seconds")
        self.settings, self.url, self._timeout = settings, settings.url, timeout
        self._verify = verify if isinstance(verify, bool) else str(verify)

    def index(self) -> dict[str, Any]:
        """Return the broker's index, where all links start."""
        index = self.send("GET", self.url if _split(self.url).path else self.url + "/")
        if not isinstance(index.get("_links"), dict):
            raise BrokerError(f"{self.url} answered, but not with a Pact Broker's index: is this its base URL?")
        return index

    def link(self, resource: dict[str, Any], relation: str, name: str | None = None, /, **values: str) -> str | None:
        """Return a relation's target (of several, the one called ``name``) with ``values`` in its template, or None."""
        links = (resource.get("_links") or {}).get(relation)
        for link in links if isinstance(links, list) else [links]:
            if isinstance(link, dict) and isinstance(link.get("href"), str) and name in (None, link.get("name")):
                return urljoin(self.url + "/", expand(link["href"], **values))
        return None

    def required(self, resource: dict[str, Any], relation: str, /, **values: str) -> str:
        """Return a relation's target, or raise `BrokerError` if the broker does not offer it."""
        url = self.link(resource, relation, **values)
        if url is None:
            raise BrokerError(f"the broker at {self.url} offers no {relation}: its version is too old for this")
        return url

    def send(
        self, method: str, url: str, body: bytes | dict[str, Any] | None = None, kind: str = "application/json"
    ) -> dict[str, Any]:
        """Make one request and return the JSON object of the answer ({} if empty); raises `BrokerError`."""
        import requests

        settings, place, host = self.settings, f"{method} {_public(url)}", _split(url).hostname or ""
        if settings.given and not _same_origin(self.url, url):
            raise BrokerError(f"{place}: this is not the host of {self.url}, so the credentials were not sent there")
        headers = {"Accept": "application/hal+json, application/json, */*;q=0.1"}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            with requests.Session() as session:
                session.max_redirects = 5
                response = session.request(
                    method,
                    url,
                    data=json.dumps(body).encode() if isinstance(body, dict) else body,
                    headers=headers,
                    auth=settings,
                    timeout=self._timeout,
                    verify=self._verify,
                    allow_redirects=method == "GET",  # a redirected POST would arrive as a GET and look like a success
                    proxies={"no_proxy": host} if _loopback(host) else None,
                )
        except requests.TooManyRedirects:
            raise BrokerError(f"{place}: the broker redirects in circles") from None
        except requests.Timeout:
            raise BrokerError(f"{place}: no answer within {self._timeout:g} seconds") from None
        except (OSError, ValueError) as error:  # requests' own exceptions are OSErrors
            raise BrokerError(f"{place}: {settings.scrub(_root_cause(error))}") from None
        try:
            answer = response.json() if response.content else {}
        except (ValueError, RecursionError):
            answer = None
        if response.status_code // 100 == 2 and isinstance(answer, dict):
            return answer
        said = "\n".join(_texts(answer))[:4000] or _plain(response.text)
        if response.status_code // 100 == 2:
            said = f"expected a JSON object, got {response.headers.get('Content-Type', 'something else')}: {said}"
        elif response.status_code // 100 == 3:
            said = f"use the address it points to, {_public(urljoin(url, response.headers.get('Location', '')))}"
        elif response.status_code in (401, 403):
            said = f"{'the credentials were refused' if settings.given else 'no credentials were given'}. {said}"
        status = response.status_code
        raise BrokerError(settings.scrub(f"{place}: {status} {response.reason}: {said}").rstrip(": "), status)


def expand(template: str, **values: str) -> str:
    """Fill in a URI template; every value is one path segment or query value."""
    return re.sub(r"\{(\w+)\}", lambda found: quote(values.get(found[1], ""), safe=""), template)


# Without the value, for a password may be in it.
_MALFORMED = (
    "the broker URL must read http(s)://host[:port][/path], and characters like / # ? in its user:password part "
    "be percent-encoded"
)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise InvalidInputError(_MALFORMED) from None
    return parts


def _public(url: str) -> str:
    """The address without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _same_origin(base: str, url: str) -> bool:
    """Whether what may be sent to ``base`` may be sent to ``url``: same host and port, or its step up to https."""
    ours, theirs = (
        (parts.scheme, parts.port or {"http": 80}.get(parts.scheme, 443), parts.hostname or "")
        for parts in (_split(base), _split(url))
    )
    same_host = ours[2] == theirs[2] or (_loopback(ours[2]) and _loopback(theirs[2]))
    return same_host and (ours[:2] == theirs[:2] or (ours[:2], theirs[:2]) == (("http", 80), ("https", 443)))


def _root_cause(error: BaseException) -> str:
    """The operating system's or the TLS library's own words, without the HTTP library's wrapping."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _texts(value: Any, name: str = "") -> list[str]:
    """What a refusal says, in any of the broker's forms: notices, errors by field, an error, a problem document."""
    if isinstance(value, dict):
        known = ("notices", "logs", "errors", "error", "detail", "text", "message", "title")
        first = next((value[key] for key in known if value.get(key)), None)
        return _texts(first, name) if first else [text for key in value for text in _texts(value[key], str(key))]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, name)]
    return [] if value is None else [f"{name}: {value}" if name else str(value)]


def _plain(page: str) -> str:
    without = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", page[:20_000])
    return " ".join(without.split())[:300]
