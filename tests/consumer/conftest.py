"""What the tests of the consumer side share: a plain HTTP client, a pact, and the file that it writes."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pact import Pact


@dataclass
class Answer:
    """What a mock server sent back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The header's values, joined as HTTP allows; ``None`` where it is missing."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


Headers = Mapping[str, str] | Iterable[tuple[str, str]] | None


def _send(server: object, method: str = "GET", target: str = "/", headers: Headers = None, body: Any = None) -> Answer:
    """Send one request exactly as it is given; a dict or list becomes JSON."""
    url = urlsplit(str(server))
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers or [])
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        if not any(name.lower() == "content-type" for name, _ in pairs):
            pairs.append(("Content-Type", "application/json"))
    data = body.encode() if isinstance(body, str) else body
    assert url.hostname
    connection: http.client.HTTPConnection
    if url.scheme == "https":
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=10, context=context)
    else:
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in pairs:
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


@pytest.fixture
def send() -> Callable[..., Answer]:
    """``send(server, method, target, headers, body)`` returns the answer."""
    return _send


@pytest.fixture
def pact() -> Pact:
    return Pact("consumer", "provider")


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Pact], dict[str, Any]]:
    """``written(pact)`` is the pact file, read back."""

    def write(pact: Pact) -> dict[str, Any]:
        pact.write_file(tmp_path / "written", overwrite=True)
        path = tmp_path / "written" / f"{pact.consumer}-{pact.provider}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    return write


@pytest.fixture
def only(written: Callable[[Pact], dict[str, Any]]) -> Callable[[Pact], dict[str, Any]]:
    """``only(pact)`` is the single interaction or message of the pact file."""

    def read(pact: Pact) -> dict[str, Any]:
        content = written(pact)
        (item,) = content.get("interactions") or content["messages"]
        found: dict[str, Any] = item
        return found

    return read
