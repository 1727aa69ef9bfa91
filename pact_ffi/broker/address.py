"""URLs: which of them are the broker's own, and how they are shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

_PORTS = {"http": 80, "https": 443}


def split(url: str) -> SplitResult:
    """Split an http(s) URL with a host; raises ValueError for anything else."""
    parts = urlsplit(url)
    _ = parts.port
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("it is not an http(s) URL with a host")
    return parts


def shown(url: str) -> str:
    """Return the address without user, password and query, for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(base: str, url: str) -> bool:
    """Whether what may be sent to ``base`` may be sent to ``url``: same host and port, or its step up to https."""
    ours, theirs = _origin(base), _origin(url)
    upgrade = (ours[1:], theirs[1:]) == (("http", 80), ("https", 443))
    return _same_host(ours[0], theirs[0]) and (ours[1:] == theirs[1:] or upgrade)


def on_ours(base: str, url: str) -> str:
    """Return ``url`` with the scheme of ``base``, where the scheme is all that differs in the two addresses.

    A broker behind TLS that is not told so makes links with ``http``.
    """
    ours, theirs = urlsplit(base), split(url)
    ports = {ours.port or _PORTS[ours.scheme], theirs.port or _PORTS[theirs.scheme]}
    default = ours.port in (None, _PORTS[ours.scheme]) and theirs.port in (None, _PORTS[theirs.scheme])
    upgrade = default and (ours.scheme, theirs.scheme) == ("http", "https")
    same = _same_host(ours.hostname or "", theirs.hostname or "") and (default or len(ports) == 1)
    if same and not upgrade and ours.scheme != theirs.scheme:
        return theirs._replace(scheme=ours.scheme, netloc=ours.netloc).geturl()
    return url


def expand(template: str, **values: str) -> str:
    """Fill in a URI template; every value is one path segment or query value."""
    return re.sub(r"\{(\w+)\}", lambda part: quote(values.get(part[1], ""), safe=""), template)


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.scheme, parts.port or _PORTS.get(parts.scheme, 0)


def _same_host(one: str, other: str) -> bool:
    return one == other or (is_loopback(one) and is_loopback(other))
