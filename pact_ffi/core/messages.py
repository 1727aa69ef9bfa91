"""Contents of messages with their generators applied."""

from __future__ import annotations

from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import holding
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.text import copied, taken


def generated(pact: PactHandle, *, sync: bool, response: int | None = None) -> tuple[str | bytes, dict[str, str]]:
    """Return contents and metadata of the only message of ``pact``, generators applied.

    Of a synchronous message that is the request, or the response of the number ``response``.
    """
    kind = "sync" if sync else "async"
    generate = "sync_message_generate_request_contents" if sync else "async_message_generate_contents"
    which = () if response is None else (response,)
    if response is not None:
        generate = "sync_message_generate_response_contents"
    with holding("the contents of a message could not be generated") as own:
        messages = getattr(lib, f"pactffi_pact_handle_get_{kind}_message_iter")(pact.raw)
        own(messages, f"pactffi_pact_{kind}_message_iter_delete")
        message = own(getattr(lib, f"pactffi_pact_{kind}_message_iter_next")(messages))  # the iterator owns it
        contents = own(getattr(lib, f"pactffi_{generate}")(message, *which), "pactffi_message_contents_delete")
        body: str | bytes | None = taken(lib.pactffi_message_contents_get_contents_str(contents))
        if body is None:
            size = lib.pactffi_message_contents_get_contents_length(contents)
            body = bytes(ffi.buffer(lib.pactffi_message_contents_get_contents_bin(contents), size))
        pairs = own(lib.pactffi_message_contents_get_metadata_iter(contents), "pactffi_message_metadata_iter_delete")
        metadata = {}
        while (pair := lib.pactffi_message_metadata_iter_next(pairs)) != ffi.NULL:
            metadata[copied(pair.key) or ""] = copied(pair.value) or ""
            lib.pactffi_message_metadata_pair_delete(pair)
        return body, metadata
