"""A pact under construction in the core, and its interactions.

Each interaction is described once and in one pass: the core keeps the rules of what is set twice.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Literal

from pact_ffi.core import library, logs
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import Owned
from pact_ffi.core.text import c_text, last_error, optional_text, taken
from pact_ffi.errors import CoreError, PluginError
from pact_ffi.specification import PactSpecification

Kind = Literal["HTTP", "Async", "Sync"]
Part = Literal["Request", "Response"]

_NEW = {
    "HTTP": "pactffi_new_interaction",
    "Async": "pactffi_new_message_interaction",
    "Sync": "pactffi_new_sync_message_interaction",
}
_MEMORY, _ROOM = "/dev/shm", 1 << 29
_PARTS = {"Request": 0, "Response": 1}
_PLUGIN_CODES = {1: "the core panicked", 2: "it could not be loaded", 3: "the pact is closed"}
_CONTENTS_CODES = {
    1: "the core panicked",
    2: "the mock server is already running",
    3: "the interaction is closed",
    4: "the content type is not valid",
    5: "the contents are not valid JSON",
    6: "the plugin returned an error",
}


class PactHandle(Owned):
    """One pact of the core (``pactffi_new_pact``)."""

    _uses: weakref.finalize[[int, int, Any], Any] | None = None
    _era = 0

    def __init__(self, consumer: str, provider: str, specification: PactSpecification) -> None:
        logs.sync_level()
        names = c_text(consumer, "the consumer's name"), c_text(provider, "the provider's name")
        super().__init__(lib.pactffi_new_pact(*names), "pactffi_free_pact_handle")
        self._count = 0
        _done(lib.pactffi_with_specification(self.raw, specification.value), "the specification version")

    def metadata(self, namespace: str, key: str, value: str) -> None:
        """Add an entry to the metadata of the pact file."""
        texts = [c_text(text, "pact metadata") for text in (namespace, key, value)]
        _done(lib.pactffi_with_pact_metadata(self.raw, *texts), f"pact metadata {namespace}.{key}")

    def plugin(self, name: str, version: str, delay_ms: int) -> None:
        """Load a plugin, once; ``delay_ms`` is what the core waits for it to settle.

        The core counts uses of a plugin and ends its process when all were given back. Nothing but
        ``pactffi_cleanup_plugins`` does that: neither freeing the pact nor the end of this process.
        """
        args = c_text(name, "the plugin's name"), c_text(version, "the plugin's version"), delay_ms
        code = lib.pactffi_using_plugin_with_delay(self.raw, *args)
        if code:
            raise PluginError(f"plugin {name!r} {version}: {last_error() or _PLUGIN_CODES.get(code, code)}")
        if self._uses is None:  # of two finalizers, the later one runs first
            self._era = _plugin_era
            self._uses = weakref.finalize(self, _give_back, self._generation, self._era, self._raw)

    @property
    def usable(self) -> bool:
        """Whether it is open and its plugins run."""
        return not self.closed and (self._uses is None or self._era == _plugin_era)

    def close(self) -> None:
        """Give it back, and its use of plugins; the core ends those that nobody uses any more."""
        if self._uses is not None:
            self._uses()
        super().close()

    def interaction(self, kind: Kind, description: str) -> InteractionHandle:
        """Begin an interaction.

        The core replaces an interaction of the same description whatever its states, so each gets a
        name of its own first and the real one afterwards.
        """
        self._count += 1
        number = getattr(lib, _NEW[kind])(self.raw, b"interaction %d" % self._count)
        if not number & 0xFFFF:
            raise CoreError(f"the core refused interaction {description!r}: {last_error() or 'it gives no reason'}")
        handle = InteractionHandle(self, number)
        _done(lib.pactffi_upon_receiving(number, c_text(description, "the description")), "the description")
        return handle

    def file_text(self) -> str:
        """Return the pact as the core writes it to a file."""
        with _scratch_folder() as folder:
            self.write(folder)
            return next(Path(folder).iterdir()).read_text(encoding="utf-8")

    def interactions_text(self) -> str:
        """Return the interactions alone as the core writes them."""
        return json.dumps(json.loads(self.file_text())["interactions"])

    def merged_text(self, text: str) -> str:
        """Return what the core writes when it merges this pact into a file that holds ``text``."""
        with _scratch_folder() as folder:
            self.write(folder)
            file = next(Path(folder).iterdir())
            file.write_text(text, encoding="utf-8")
            self.write(folder, overwrite=False)
            return file.read_text(encoding="utf-8")

    def write(self, folder: str, *, overwrite: bool = True) -> None:
        """Let the core write the pact file into ``folder``, merged with what is there unless ``overwrite``."""
        with logs.captured_errors() as errors:
            code = lib.pactffi_pact_handle_write_file(self.raw, os.fsencode(folder), overwrite)
        if code:
            reason = last_error() or "; ".join(errors) or f"code {code}"
            raise CoreError(f"the core could not write the pact: {reason}")


class InteractionHandle:
    """One interaction of a `PactHandle`; valid as long as that is."""

    def __init__(self, pact: PactHandle, number: int) -> None:
        self._pact = pact
        self._number = number

    @property
    def raw(self) -> int:
        """The core's number for it."""
        return self._number if self._pact.raw is not None else 0

    def given(self, state: str, parameters: str | None) -> None:
        """Add a provider state; ``parameters`` is a JSON object."""
        name = c_text(state, "the provider state")
        if parameters is None:
            _done(lib.pactffi_given(self.raw, name), f"provider state {state!r}")
        else:
            code = lib.pactffi_given_with_params(self.raw, name, c_text(parameters, "state parameters"))
            _done(code == 0, f"provider state {state!r}")

    def request(self, method: str, path: str) -> None:
        """Set method and path; ``path`` is text or integration JSON."""
        _done(lib.pactffi_with_request(self.raw, c_text(method, "the method"), c_text(path, "the path")), "the request")

    def status(self, status: str) -> None:
        """Set the response status, as text or integration JSON."""
        _done(lib.pactffi_response_status_v2(self.raw, c_text(status, "the status")), f"status {status}")

    def header(self, part: Part, name: str, index: int, value: str) -> None:
        """Set the header value number ``index`` from integration JSON."""
        args = c_text(name, "the header's name"), index, c_text(value, f"header {name!r}")
        _done(lib.pactffi_with_header_v2(self.raw, _PARTS[part], *args), f"header {name!r}")

    def query(self, name: str, index: int, value: str) -> None:
        """Set the query value number ``index`` from integration JSON."""
        args = c_text(name, "the query parameter's name"), index, c_text(value, f"query parameter {name!r}")
        _done(lib.pactffi_with_query_parameter_v2(self.raw, *args), f"query parameter {name!r}")

    def body(self, part: Part, content_type: str | None, text: str) -> None:
        """Set a body that the core reads: integration JSON, or text of no stated type."""
        args = optional_text(content_type, "the content type"), c_text(text, "the body")
        _done(lib.pactffi_with_body(self.raw, _PARTS[part], *args), "the body")

    def binary_body(self, part: Part, content_type: str | None, body: bytes) -> None:
        """Set a body byte for byte."""
        args = optional_text(content_type, "the content type"), ffi.from_buffer("uint8_t[]", body), len(body)
        _done(lib.pactffi_with_binary_body(self.raw, _PARTS[part], *args), "the body")

    def multipart(self, part: Part, content_type: str, path: str, name: str, boundary: str | None) -> None:
        """Add the file ``path`` as part ``name`` of a multipart body."""
        args = c_text(content_type, "the content type"), os.fsencode(path), c_text(name, "the part's name")
        limit = optional_text(boundary, "the boundary")
        result = lib.pactffi_with_multipart_file_v2(self.raw, _PARTS[part], *args, limit)
        reason = taken(result.value)
        if result.tag:
            raise CoreError(f"multipart part {name!r}: {reason or 'the core gives no reason'}")

    def metadata(self, part: Part, key: str, value: str) -> None:
        """Set a metadata value of a message from integration JSON."""
        args = c_text(key, "the metadata key"), c_text(value, f"metadata {key!r}")
        _done(lib.pactffi_with_metadata(self.raw, *args, _PARTS[part]), f"metadata {key!r}")

    def matching_rules(self, part: Part, rules: str) -> None:
        """Add matching rules, in the form of pact files."""
        _done(lib.pactffi_with_matching_rules(self.raw, _PARTS[part], c_text(rules, "matching rules")), rules)

    def generators(self, part: Part, generators: str) -> None:
        """Add generators, in the form of pact files."""
        _done(lib.pactffi_with_generators(self.raw, _PARTS[part], c_text(generators, "generators")), generators)

    def plugin_contents(self, part: Part, content_type: str, contents: str) -> None:
        """Let the plugin that knows ``content_type`` fill the interaction (``contents`` is its JSON)."""
        args = c_text(content_type, "the content type"), c_text(contents, "plugin contents")
        before = self._pact.interactions_text()
        code = lib.pactffi_interaction_contents(self.raw, _PARTS[part], *args)
        if code:
            reason = last_error() or _CONTENTS_CODES.get(code, f"code {code}")
            raise PluginError(f"plugin contents of type {content_type!r}: {reason}")
        if self._pact.interactions_text() == before:  # the core calls that a success
            raise PluginError(f"plugin contents of type {content_type!r}: no plugin in use made anything of them")

    def key(self, key: str) -> None:
        """Set the interaction's key."""
        _done(lib.pactffi_set_key(self.raw, c_text(key, "the key")), "the key")

    def pending(self, pending: bool) -> None:
        """Mark the interaction as pending."""
        _done(lib.pactffi_set_pending(self.raw, pending), "pending")

    def comment(self, key: str, value: str) -> None:
        """Set a comment to a JSON value."""
        _done(lib.pactffi_set_comment(self.raw, c_text(key, "the comment's key"), c_text(value, "comment")), "comment")

    def text_comment(self, text: str) -> None:
        """Add a line to the text comments."""
        _done(lib.pactffi_add_text_comment(self.raw, c_text(text, "the comment")), "the comment")

    def test_name(self, name: str) -> None:
        """Say which test the interaction comes from."""
        _done(lib.pactffi_interaction_test_name(self.raw, c_text(name, "the test's name")) == 0, "the test's name")

    def reference(self, group: str, name: str, value: str) -> None:
        """Add an external reference."""
        texts = [c_text(text, "the external reference") for text in (group, name, value)]
        _done(lib.pactffi_add_interaction_reference(self.raw, *texts), f"external reference {group}.{name}")


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for a moment, in memory where there is room: the core hands out a pact only as a file."""
    memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return tempfile.TemporaryDirectory(prefix="pact-", dir=_MEMORY if memory else None)


_plugin_era = 0  # changes when the core ends all plugins, whoever uses them


def plugins_ended() -> None:
    """Note that the core has ended all plugins, as each verification does."""
    global _plugin_era
    _plugin_era += 1


def _give_back(made: int, era: int, raw: Any) -> None:
    if era == _plugin_era:
        library.release(made, "pactffi_cleanup_plugins", raw)


def _done(ok: object, what: str) -> None:
    if not ok:
        raise CoreError(f"the core refused {what}: {last_error() or 'it gives no reason'}")
