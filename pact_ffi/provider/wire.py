"""A request and a response, as handlers, filters and applications see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote


@dataclass
class Request:
    """A request as it arrived; `target` is path and query without the server's own prefix."""

    method: str
    target: str
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.target.partition("?")[0])


@dataclass
class Response:
    """An answer; a Content-Length is added where the headers have none."""

    status: int = 200
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()


RequestFilter = Callable[[Request], "Request | None"]
