"""Where the broker is, who we are there, and how it is reached."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import unquote

from pact_ffi.broker.address import shown, split
from pact_ffi.errors import InvalidInputError
from pact_ffi.reporting.redaction import hide
from pact_ffi.values.limits import is_integer

# Variables that name certificate authorities; all of them count. requests knows the first two.
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
# Without the value, because a password may be in it.
_MALFORMED = (
    "the broker URL must read http(s)://host[:port][/path], and characters like / # ? in its user:password part "
    "must be percent-encoded"
)


class BrokerSettings:
    """A broker's URL and our credentials (``given``: whether there are any); the repr shows the URL alone.

    What is not given comes from ``user:password@`` in the URL, then from ``PACT_BROKER_BASE_URL``, ``_USERNAME``,
    ``_PASSWORD`` and ``_TOKEN`` (if ``use_env``). Given credentials keep those of the environment out; there, a token
    goes before a user name.

    Raises:
        InvalidInputError: no URL, a malformed one, or credentials that HTTP cannot carry.
    """

    def __init__(
        self,
        url: str | None,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        *,
        use_env: bool = True,
    ) -> None:
        def env(key: str) -> str | None:
            return (os.environ.get(f"PACT_BROKER_{key}") or None) if use_env else None

        address = str(url or env("BASE_URL") or "").strip()
        if not address:
            raise InvalidInputError("no broker URL: pass one (--broker-base-url), or set PACT_BROKER_BASE_URL")
        try:
            parts = split(address)
        except ValueError:
            raise InvalidInputError(_MALFORMED) from None
        if parts.username:
            username = username or unquote(parts.username)
            password = password or unquote(parts.password or "")
        if username and token:
            raise InvalidInputError("both a broker token and a user name were given; give one of them")
        if not username and not token:
            token = env("TOKEN")
            username = None if token else env("USERNAME")
        self.username, self.token = username, token
        self.password = (password or env("PASSWORD") or "") if username else None
        for what, given in (("token", token), ("user name", username), ("password", self.password)):
            if given is not None and not isinstance(given, str):
                raise InvalidInputError(f"the broker {what} must be text, not {type(given).__name__}")
        if token and not re.fullmatch("[!-~]+", token):
            raise InvalidInputError("the broker token has white space or non-ASCII characters (a trailing newline?)")
        if username and ":" in username:
            raise InvalidInputError("a broker user name cannot contain ':' (HTTP basic authentication)")
        self.url = shown(address).rstrip("/")
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

    def scrub(self, text: str) -> str:
        """Return ``text`` without our secrets, however it spells them, in case the other side echoed them."""
        return hide(text, *self._secrets)


class Reach(TypedDict, total=False):
    """The keywords that say how a broker is reached; see `Connection`."""

    verify: bool | str | Path
    cert: str | Path | Sequence[str | Path] | None
    timeout: float
    retries: int


@dataclass(frozen=True)
class Connection:
    """How a broker is reached.

    Attributes:
        verify: Check TLS certificates against the authorities that ``REQUESTS_CA_BUNDLE`` or ``SSL_CERT_FILE`` names,
            or the usual ones (True); against those in a PEM file or folder; or not at all (False).
        cert: A client certificate: a PEM file with its key, or a file and the key's file.
        timeout: How long one answer may take in whole, in seconds.
        retries: How often a call is repeated after 429, 502, 503 or a refused connection.
    """

    verify: bool | str | Path = True
    cert: str | Path | Sequence[str | Path] | None = None
    timeout: float = 30
    retries: int = 2

    def __post_init__(self) -> None:
        if not isinstance(self.verify, bool) and not Path(self.verify).exists():
            raise InvalidInputError(f"verify={str(self.verify)!r}: no such file or folder of CA certificates")
        certificate = self.certificate()
        for path in [certificate] if isinstance(certificate, str) else certificate or ():
            if not Path(path).is_file():
                raise InvalidInputError(f"cert={path!r}: there is no such file")
        timeout, retries = self.timeout, self.retries
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < 1e6:
            raise InvalidInputError(f"timeout={timeout!r} must be a positive number of seconds")
        if not is_integer(retries, 0):
            raise InvalidInputError(f"retries={retries!r} must be 0 or a positive whole number")

    def certificate(self) -> str | tuple[str, str] | None:
        """Return the client certificate's file, or its file and its key's."""
        if self.cert is None or isinstance(self.cert, (str, Path)):
            return None if self.cert is None else str(self.cert)
        try:
            file, key = self.cert
        except ValueError:
            raise InvalidInputError("cert is a PEM file, or a pair of files: the certificate and its key") from None
        return str(file), str(key)

    def authorities(self) -> list[bool | str]:
        """Return what certificates may be checked against, one after the other.

        Raises `InvalidInputError` for a file that a variable names and that is not there.
        """
        if self.verify is not True:
            return [self.verify if isinstance(self.verify, bool) else str(self.verify)]
        paths = []
        for variable in _CA_VARIABLES:
            if path := os.environ.get(variable):
                if not Path(path).exists():
                    raise InvalidInputError(f"{variable} names {path!r}, but there is no such file or folder")
                paths.append(path)
        return [*dict.fromkeys(paths)] or [True]
