"""A pact under construction in the core, and its interactions.

Each interaction is described once and in one pass: the core keeps the rules of what is set twice.
"""

from __future__ import annotations

import json
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pact_ffi.core import library, logs
from pact_ffi.core.environment import check_file_system
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import Owned
from pact_ffi.core.specification import PactSpecification
from pact_ffi.core.text import c_text, c_value, last_error, taken
from pact_ffi.errors import CoreError, InvalidInputError, PluginError

Kind = Literal["HTTP", "Async", "Sync"]
Part = Literal["Request", "Response"]

_NEW = {
    "HTTP": "pactffi_new_interaction",
    "Async": "pactffi_new_message_interaction",
    "Sync": "pactffi_new_sync_message_interaction",
}
_MEMORY, _ROOM_BYTES = "/dev/shm", 1 << 29
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


def _says(function: str, what: str, *, part: bool = False, success: int = 1) -> Callable[..., None]:
    """Return a method that calls the core's ``function`` with its arguments; ``what`` names them in errors.

    With ``part`` the first argument is ``"Request"`` or ``"Response"``.
    """

    def say(self: PactHandle | InteractionHandle, *args: Any) -> None:
        given = (_PARTS[args[0]], *args[1:]) if part else args
        try:
            values = [c_value(each, "") for each in given]
        except InvalidInputError:
            values = [c_value(each, what.format(*args)) for each in given]  # which says whose value it is
        if getattr(lib, function)(self.raw, *values) != success:
            raise CoreError(f"the core refused {what.format(*args)}: {last_error() or 'it gives no reason'}")

    return say


class PactHandle(Owned):
    """One pact of the core (``pactffi_new_pact``)."""

    _uses: weakref.finalize[[int, int, Any], Any] | None = None
    _era = 0
    _specification = _says("pactffi_with_specification", "the specification version {0}")
    metadata = _says("pactffi_with_pact_metadata", "pact metadata {0}.{1}")

    def __init__(self, consumer: str, provider: str, specification: PactSpecification) -> None:
        logs.sync_level()
        names = c_text(consumer, "the consumer's name"), c_text(provider, "the provider's name")
        super().__init__(lib.pactffi_new_pact(*names), "pactffi_free_pact_handle")
        self._count = 0
        self._specification(specification.value)

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
        return InteractionHandle(self, number, description)

    def file_text(self) -> str:
        """Return the pact as the core writes it to a file."""
        with _scratch_folder() as folder:
            self.write(folder)
            return _only_file(folder).read_text(encoding="utf-8")

    def interactions_text(self) -> str:
        """Return the interactions alone as the core writes them."""
        return json.dumps(json.loads(self.file_text())["interactions"])

    def merged_text(self, text: str) -> str:
        """Return what the core writes when it merges this pact into a file that holds ``text``."""
        with _scratch_folder() as folder:
            self.write(folder)
            file = _only_file(folder)
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
    """One interaction of a `PactHandle`; valid as long as that is. Values are texts or integration JSON."""

    given = _says("pactffi_given", "provider state {0!r}")
    given_with = _says("pactffi_given_with_params", "provider state {0!r}", success=0)
    request = _says("pactffi_with_request", "the request {0} {1}")
    status = _says("pactffi_response_status_v2", "status {0}")
    header = _says("pactffi_with_header_v2", "header {1!r}", part=True)
    query = _says("pactffi_with_query_parameter_v2", "query parameter {0!r}")
    body = _says("pactffi_with_body", "the body", part=True)
    matching_rules = _says("pactffi_with_matching_rules", "matching rules {1}", part=True)
    generators = _says("pactffi_with_generators", "generators {1}", part=True)
    key = _says("pactffi_set_key", "the key")
    pending = _says("pactffi_set_pending", "pending")
    comment = _says("pactffi_set_comment", "comment {0!r}")
    text_comment = _says("pactffi_add_text_comment", "the comment")
    test_name = _says("pactffi_interaction_test_name", "the test's name", success=0)
    reference = _says("pactffi_add_interaction_reference", "external reference {0}.{1}")
    _begin = _says("pactffi_upon_receiving", "the description")
    _metadata = _says("pactffi_with_metadata", "metadata {0!r}")
    _binary = _says("pactffi_with_binary_body", "the body", part=True)

    def __init__(self, pact: PactHandle, number: int, description: str) -> None:
        self._pact = pact
        self._number = number
        self._begin(description)

    @property
    def raw(self) -> int:
        """The core's number for it."""
        return self._number if self._pact.raw is not None else 0

    def binary_body(self, part: Part, content_type: str | None, body: bytes) -> None:
        """Set a body byte for byte."""
        self._binary(part, content_type, ffi.from_buffer("uint8_t[]", body), len(body))

    def metadata(self, part: Part, key: str, value: str) -> None:
        """Set a metadata value of a message."""
        self._metadata(key, value, _PARTS[part])

    def multipart(self, part: Part, content_type: str, path: str, name: str, boundary: str | None) -> None:
        """Add the file ``path`` as part ``name`` of a multipart body."""
        texts = [c_value(each, f"multipart part {name!r}") for each in (content_type, path, name, boundary)]
        result = lib.pactffi_with_multipart_file_v2(self.raw, _PARTS[part], *texts)
        reason = taken(result.value)
        if result.tag:
            raise CoreError(f"multipart part {name!r}: {reason or 'the core gives no reason'}")

    def plugin_contents(self, part: Part, content_type: str, contents: str) -> None:
        """Let the plugin that knows ``content_type`` fill the interaction (``contents`` is its JSON)."""
        what = f"plugin contents of type {content_type!r}"
        before = self._pact.interactions_text()
        code = lib.pactffi_interaction_contents(
            self.raw, _PARTS[part], c_text(content_type, what), c_text(contents, what)
        )
        if code:
            raise PluginError(f"{what}: {last_error() or _CONTENTS_CODES.get(code, f'code {code}')}")
        if self._pact.interactions_text() == before:  # the core calls that a success
            raise PluginError(f"{what}: no plugin in use made anything of them")


@contextmanager
def _scratch_folder() -> Iterator[str]:
    """Make a folder for a moment, in memory where there is room: the core hands out a pact only as a file."""
    check_file_system()
    if sys.platform == "linux" and os.access(_MEMORY, os.W_OK) and _room(_MEMORY) > _ROOM_BYTES:
        parent = _MEMORY
    else:
        import tempfile  # slow to import

        parent = tempfile.gettempdir()
    folder = os.path.join(parent, f"pact-{os.getpid()}-{os.urandom(8).hex()}")
    os.mkdir(folder, 0o700)
    try:
        yield folder
    finally:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)


def _room(folder: str) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _only_file(folder: str) -> Path:
    (name,) = os.listdir(folder)
    return Path(folder, name)


_plugin_era = 0  # changes when the core ends all plugins, whoever uses them


def plugins_ended() -> None:
    """Note that the core has ended all plugins, as each verification does."""
    global _plugin_era
    _plugin_era += 1


def _give_back(made: int, era: int, raw: Any) -> None:
    if era == _plugin_era:
        library.release(made, "pactffi_cleanup_plugins", raw)
