"""Contents of messages with their generators applied."""

from __future__ import annotations

from typing import Any

from pact_ffi.core.library import ffi, lib
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.text import copied, last_error, taken
from pact_ffi.errors import CoreError


def generated(pact: PactHandle, *, sync: bool) -> tuple[str | bytes, dict[str, str]]:
    """Return contents and metadata of the only message of ``pact`` (a sync one's request), generators applied."""
    kind = "sync" if sync else "async"
    iterator = getattr(lib, f"pactffi_pact_handle_get_{kind}_message_iter")(pact.raw)
    if iterator == ffi.NULL:
        raise CoreError(f"the core gives no {kind} messages: {last_error()}")
    try:
        message = getattr(lib, f"pactffi_pact_{kind}_message_iter_next")(iterator)  # the iterator owns it
        function = "sync_message_generate_request_contents" if sync else "async_message_generate_contents"
        contents = getattr(lib, f"pactffi_{function}")(message)
        if contents == ffi.NULL:
            raise CoreError(f"the contents of a message could not be generated: {last_error()}")
        try:
            body: str | bytes | None = taken(lib.pactffi_message_contents_get_contents_str(contents))
            if body is None:
                size = lib.pactffi_message_contents_get_contents_length(contents)
                body = bytes(ffi.buffer(lib.pactffi_message_contents_get_contents_bin(contents), size))
            return body, _metadata(contents)
        finally:
            lib.pactffi_message_contents_delete(contents)
    finally:
        getattr(lib, f"pactffi_pact_{kind}_message_iter_delete")(iterator)


def _metadata(contents: Any) -> dict[str, str]:
    iterator = lib.pactffi_message_contents_get_metadata_iter(contents)
    found: dict[str, str] = {}
    if iterator == ffi.NULL:
        return found
    try:
        while (pair := lib.pactffi_message_metadata_iter_next(iterator)) != ffi.NULL:
            found[copied(pair.key) or ""] = copied(pair.value) or ""
            lib.pactffi_message_metadata_pair_delete(pair)
    finally:
        lib.pactffi_message_metadata_iter_delete(iterator)
    return found
