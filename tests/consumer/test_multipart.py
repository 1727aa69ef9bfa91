"""Multipart bodies: files as parts."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pact import Pact


def test_a_multipart_file(pact: Pact, send, only, tmp_path: Path) -> None:
    file = tmp_path / "cat.txt"
    file.write_bytes(b"meow")
    interaction = pact.upon_receiving("an upload").with_request("POST", "/upload")
    assert interaction.with_multipart_file("photo", file, "text/plain") is interaction
    interaction.will_respond_with(201)
    boundary = "some-boundary"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="cat.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nmeow\r\n--{boundary}--\r\n"
    )
    with pact.serve() as server:
        assert (
            send(server, "POST", "/upload", {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body).status
            == 201
        )
    assert only(pact)["request"]["body"]["contentType"] == "multipart/form-data"


def test_several_parts_make_one_multipart_body(pact: Pact, only, tmp_path: Path) -> None:
    interaction = pact.upon_receiving("an upload").with_request("POST", "/upload")
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"content of {name}")
        interaction.with_multipart_file(name, tmp_path / name, "text/plain", boundary="the-boundary")
    request = only(pact)["request"]
    text = base64.b64decode(request["body"]["content"]).decode()
    assert request["headers"] == {"Content-Type": ["multipart/form-data; boundary=the-boundary"]}
    assert text.count("--the-boundary\r\n") == 2
    assert "content of one" in text
    assert "content of two" in text


def test_a_multipart_body_without_a_boundary_is_the_same_in_every_run(pact: Pact, tmp_path: Path) -> None:
    (tmp_path / "cat.txt").write_bytes(b"meow")
    texts = []
    for _ in range(2):
        again = Pact("consumer", "provider")
        again.upon_receiving("an upload").with_request("POST", "/").with_multipart_file("a", tmp_path / "cat.txt")
        again.write_file(tmp_path)
        texts.append((tmp_path / "consumer-provider.json").read_text())
    assert texts[0] == texts[1]


def test_a_multipart_response(pact: Pact, send, tmp_path: Path) -> None:
    (tmp_path / "f.bin").write_bytes(bytes(range(256)))
    interaction = pact.upon_receiving("a download").with_request("GET", "/").will_respond_with(200)
    interaction.with_multipart_file("data", str(tmp_path / "f.bin"))
    with pact.serve() as server:
        answer = send(server)
    assert bytes(range(256)) in answer.body
    assert (answer.header("Content-Type") or "").startswith("multipart/form-data; boundary=")


def test_a_missing_multipart_file_is_refused(pact: Pact, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no file .*nothing.txt"):
        pact.upon_receiving("a").with_multipart_file("part", tmp_path / "nothing.txt", "text/plain")
