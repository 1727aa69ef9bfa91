"""The address of a mock server: text, with the parts and the arithmetic that users expect of a URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from pact_ffi.errors import InvalidInputError
from pact_ffi.values.limits import is_integer


class URL(str):
    """A URL as text; ``url / "users"`` appends a path segment, ``with_path`` and ``with_query`` replace a part."""

    __slots__ = ()

    @property
    def scheme(self) -> str:
        """For example ``http``."""
        return urlsplit(self).scheme

    @property
    def host(self) -> str | None:
        """The host without port."""
        return urlsplit(self).hostname

    @property
    def port(self) -> int | None:
        """The port, that of the scheme where none is given."""
        return urlsplit(self).port or {"http": 80, "https": 443}.get(self.scheme)

    @property
    def path(self) -> str:
        """The path, ``/`` where there is none."""
        return urlsplit(self).path or "/"

    @property
    def path_qs(self) -> str:
        """Path and query string."""
        query = urlsplit(self).query
        return f"{self.path}?{query}" if query else self.path

    def __truediv__(self, segment: str) -> URL:
        return self._with(urlsplit(self).path.rstrip("/") + _quoted(segment))

    def with_path(self, path: str) -> URL:
        """Return this URL with another path and no query."""
        return self._with(_quoted(path))

    def with_query(
        self, query: Mapping[str, Any] | Iterable[tuple[str, Any]] | str | None = None, /, **kwargs: Any
    ) -> URL:
        """Return this URL with another query: a mapping, pairs of name and value, names as keywords, or text."""
        pairs: list[Any] = [*(query.items() if isinstance(query, Mapping) else query or ())]
        text = query if isinstance(query, str) else urlencode([*pairs, *kwargs.items()], doseq=True)
        return self._with(urlsplit(self).path, text)

    def _with(self, path: str, query: str = "") -> URL:
        return URL(urlsplit(self)._replace(path=path, query=query, fragment="").geturl())


def port_number(port: object) -> int:
    """Return a port as a number, also one given as text, as environment variables are; raises `InvalidInputError`."""
    number = int(port) if isinstance(port, str) and port.strip().isdecimal() else port
    if not is_integer(number, 0, 65535):
        raise InvalidInputError(f"the port must be a number from 1 to 65535, or 0 for a free one, not {port!r}")
    return number


def _quoted(path: str) -> str:
    return "/" + quote(path.lstrip("/"), safe="/:@!$&+,;=~%")


def bracketed(host: str) -> str:
    """Return ``host`` as it stands in a URL: an IPv6 address in brackets."""
    bare = host.strip("[]")
    return f"[{bare}]" if ":" in bare else bare
