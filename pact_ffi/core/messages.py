"""Contents of messages with their generators applied."""

from __future__ import annotations

from pact_ffi.core.library import ffi, lib
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.text import last_error, taken
from pact_ffi.errors import CoreError


def generated_contents(pact: PactHandle, *, sync: bool) -> str | bytes:
    """Return the contents of the only message of ``pact`` (the request of a sync one), generators applied."""
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
            text = taken(lib.pactffi_message_contents_get_contents_str(contents))
            if text is not None:
                return text
            size = lib.pactffi_message_contents_get_contents_length(contents)
            return bytes(ffi.buffer(lib.pactffi_message_contents_get_contents_bin(contents), size))
        finally:
            lib.pactffi_message_contents_delete(contents)
    finally:
        getattr(lib, f"pactffi_pact_{kind}_message_iter_delete")(iterator)
