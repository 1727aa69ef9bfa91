"""Write a real pact file with the core, and read it back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.core.library import lib
from pact_ffi.values import http
from pact_ffi.values.contents import body
from pact_ffi.values.encoding import dumps


def write(value: Any, place: str = "body", content_type: str = "application/json") -> dict[str, Any]:
    """The request (or message) of a V4 pact file in which ``value`` stands at ``place``."""
    pact = lib.pactffi_new_pact(b"consumer", b"provider")
    try:
        lib.pactffi_with_specification(pact, 5)
        new = lib.pactffi_new_message_interaction if place == "metadata" else lib.pactffi_new_interaction
        interaction = new(pact, b"an interaction")
        text = (
            value if isinstance(value, str) and place.startswith("with_") else _text(value, place, content_type)
        ).encode()
        assert {
            "body": lambda: lib.pactffi_with_body(interaction, 0, content_type.encode(), text),
            "path": lambda: lib.pactffi_with_request(interaction, b"GET", text),
            "header": lambda: lib.pactffi_with_header_v2(interaction, 0, b"X-A", 0, text),
            "query": lambda: lib.pactffi_with_query_parameter_v2(interaction, b"q", 0, text),
            "metadata": lambda: lib.pactffi_with_metadata(interaction, b"k", text, 0),
            "with_matching_rules": lambda: lib.pactffi_with_matching_rules(interaction, 0, text),
            "with_generators": lambda: lib.pactffi_with_generators(interaction, 0, text),
        }[place]()
        with tempfile.TemporaryDirectory() as directory:
            for overwrite in (True, False):  # the second time, the core reads back what it wrote
                assert lib.pactffi_pact_handle_write_file(pact, directory.encode(), overwrite) == 0
            (file,) = Path(directory).iterdir()
            interaction_json: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["interactions"][0]
            return interaction_json if place == "metadata" else interaction_json["request"]
    finally:
        lib.pactffi_free_pact_handle(pact)


def _text(value: Any, place: str, content_type: str) -> str:
    if place == "body" and content_type != "application/json":
        return str(body(value, content_type)[0])
    return dumps(value) if place in ("body", "metadata") else http.query_parameter(value, place)


@pytest.fixture(name="written")
def written_fixture() -> Callable[..., dict[str, Any]]:
    """`write`, for tests."""
    return write
