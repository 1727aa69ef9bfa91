"""Bodies and contents of every content type and charset: written, read back by the core, judged; or refused by name."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from pact import Pact, Verifier
from pact_ffi.errors import InvalidInputError, PactWarning, SpecificationError

# name: body, content type, the bytes that a provider sends, the first version that can hold it (None: none can)
BODIES: dict[str, tuple[Any, str, bytes, str | None]] = {
    "json": ({"a": "é"}, "application/json", '{"a":"é"}'.encode(), "V2"),
    "json that says utf-8": ({"a": "é"}, "application/json; charset=UTF-8", '{"a":"é"}'.encode(), "V2"),
    "json as bytes": (b'{"a": 1}', "application/json", b'{"a":1}', "V2"),
    "json as text": ('{"a": 1}', "application/json", b'{"a":1}', "V2"),
    "json of a kind": ({"a": 1}, "application/cloudevents+json; charset=utf-8", b'{"a":1}', "V2"),
    "json in Latin-1": (b'{"a":"\xe9"}', "application/json;charset=iso-8859-1", b'{"a":"\xe9"}', None),
    "json of a kind in Latin-1": (b'{"a":"\xe9"}', "application/vnd.a+json", b'{"a":"\xe9"}', None),
    "a number": (5, "application/json", b"5", "V2"),
    "false": (False, "application/json", b"false", "V2"),
    "text": ("héllo", "text/plain", "héllo".encode(), "V2"),
    "text that says utf-8": ("héllo", "text/plain; charset=utf-8", "héllo".encode(), "V2"),
    "text in Latin-1": ("é".encode("latin-1"), "text/plain; charset=iso-8859-1", b"\xe9", "V4"),
    "text in UTF-16": ("é".encode("utf-16"), "text/plain; charset=utf-16", "é".encode("utf-16"), "V4"),
    "text in Shift JIS": ("日本".encode("shift_jis"), "text/html; charset=shift_jis", "日本".encode("shift_jis"), "V4"),
    "a table in Windows-1252": (b"a;\x80\n", "text/csv; charset=windows-1252", b"a;\x80\n", "V4"),
    "text with NUL": (b"a\x00b", "text/plain", b"a\x00b", "V2"),
    "xml": ("<a>é</a>", "application/xml; charset=utf-8", "<a>é</a>".encode(), "V2"),
    "xml in Latin-1": (b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>', "application/xml", b"", None),
    "octets": (b"\x00\x01\xff\xfe", "application/octet-stream", b"\x00\x01\xff\xfe", "V2"),
    "octets that are text": (b"hello", "application/octet-stream", b"hello", "V2"),
    "octets that are json": (b'{"a":1}', "application/octet-stream", b'{"a":1}', "V2"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "V2"),
    "a page": (b"%PDF-1.4\n%\xe2\xe3", "application/pdf", b"%PDF-1.4\n%\xe2\xe3", "V2"),
    "an archive": (b"PK\x03\x04\x14\x00", "application/zip", b"PK\x03\x04\x14\x00", "V2"),
    "a schema's own": (b"\x08\x96\x01", "application/protobuf", b"\x08\x96\x01", "V2"),
}
PLACES = ["response", "request", "message", "synchronous"]
ROWS = [(place, version) for place in PLACES for version in ("V2", "V3", "V4")]


def described(place: str, version: str, body: Any, kind: str) -> Pact:
    pact = Pact("shop", "stock").with_specification(version)
    if place == "response":
        pact.upon_receiving("d").with_request("GET", "/").will_respond_with(200).with_body(body, kind)
    elif place == "request":
        pact.upon_receiving("d").with_request("POST", "/").with_body(body, kind).will_respond_with(200)
    elif place == "message":
        pact.upon_receiving("d", "Async").with_body(body, kind)
    else:
        pact.upon_receiving("d", "Sync").with_body({"q": 1}).will_respond_with().with_body(body, kind)
    return pact


def verified(folder: Path, kind: str, data: bytes, received: list[bytes]) -> bool:
    def app(environ: Any, start: Any) -> list[bytes]:
        received.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start("200 OK", [("Content-Type", kind)])
        return [data]

    verifier = Verifier("stock").add_source(folder).app(app)
    verifier.message_handler(lambda: {"contents": data, "metadata": {}, "content_type": kind})
    try:
        verifier.verify()
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(("place", "version"), ROWS)
@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_back_as_it_was_written_or_refused(name: str, place: str, version: str, tmp_path: Path) -> None:
    body, kind, data, since = BODIES[name]
    if since is None and place == "request":
        since = "V4"  # nothing is compared with it there
    lowest = max({"message": "V3", "synchronous": "V4"}.get(place, "V2"), since or "V2")
    if since is None or version < lowest:
        with pytest.raises(SpecificationError if since else InvalidInputError):
            described(place, version, body, kind).write_file(tmp_path)
        assert not list(tmp_path.iterdir())
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)
        described(place, version, body, kind).write_file(tmp_path)
    received: list[bytes] = []
    assert verified(tmp_path, kind, b"" if place == "request" else data, received)
    if place == "request":
        sent = received[0]
        assert sent == (body if isinstance(body, bytes) else data) or json.loads(sent) == json.loads(data)
    else:
        assert not verified(tmp_path, kind, data + b"x", received)
        assert not verified(tmp_path, kind, data[:-1] + b"\x7f", received)


@pytest.mark.parametrize("body", [None, "", b""])
@pytest.mark.parametrize("version", ["V3", "V4"])
def test_a_message_without_contents_is_told_for_its_provider_could_send_anything(
    version: str, body: Any, tmp_path: Path
) -> None:
    pact = Pact("shop", "stock").with_specification(version)
    pact.upon_receiving("an event", "Async").with_body(body, "text/plain").with_metadata({"topic": "t"})
    with pytest.warns(PactWarning, match="'an event' has no contents, so that any message would pass"):
        pact.write_file(tmp_path)
