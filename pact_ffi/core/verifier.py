"""The core's verifier: one handle for one run."""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Sequence
from typing import Any, NamedTuple

from pact_ffi.core import library, logs
from pact_ffi.core.library import ffi, lib
from pact_ffi.core.owned import Owned
from pact_ffi.core.text import c_text, last_error, optional_text, taken
from pact_ffi.errors import CoreError, UsageError


class Executed(NamedTuple):
    """The core's code, why it broke down if it did, and the errors that it logged."""

    code: int
    panic: str | None
    errors: list[str]


class VerifierHandle(Owned):
    """Verifies the provider ``name``; the main address comes first because the core forgets the rest when it is set."""

    def __init__(self, name: str, scheme: str, host: str, port: int, path: str) -> None:
        logs.sync_level()
        library.quiet_telemetry()
        super().__init__(lib.pactffi_verifier_new_for_application(b"pact-ffi", b"1"), "pactffi_verifier_shutdown")
        self._finalizer.atexit = False  # an abandoned run may still be under way at exit
        self._running = threading.Lock()
        self._close_wanted = False
        texts = (c_text(scheme, "the scheme"), c_text(host, "the host"))
        self._call("set_provider_info", c_text(name, "the provider's name"), *texts, port, c_text(path, "the path"))

    def _call(self, function: str, *arguments: Any) -> None:
        last_error()
        code = getattr(lib, f"pactffi_verifier_{function}")(self.raw, *arguments)
        reason = last_error()
        if code or reason:
            raise CoreError(f"the core refused {function.replace('_', ' ')}: {reason or f'code {code}'}")

    def add_transport(self, protocol: str, port: int, path: str, scheme: str) -> None:
        """Add a further address of the provider, on the same host."""
        texts = c_text(path, "the path"), c_text(scheme, "the scheme")
        self._call("add_provider_transport", c_text(protocol, "the protocol"), port, *texts)

    def add_file(self, path: str) -> None:
        """Add a pact file."""
        self._call("add_file_source", c_text(path, "the pact file"))

    def add_url(self, url: str, username: str | None, password: str | None, token: str | None) -> None:
        """Add one pact by its URL."""
        self._call("url_source", c_text(url, "the URL"), *_credentials(username, password, token))

    def add_broker(
        self,
        url: str,
        username: str | None,
        password: str | None,
        token: str | None,
        *,
        pending: bool,
        wip_since: str | None,
        provider_tags: Sequence[str],
        provider_branch: str | None,
        selectors: Sequence[str],
        consumer_tags: Sequence[str],
    ) -> None:
        """Add the pacts that a broker selects; ``selectors`` are JSON texts."""
        wip = optional_text(wip_since, "the WIP date")
        branch = optional_text(provider_branch, "the provider's branch")
        address = (c_text(url, "the broker's URL"), *_credentials(username, password, token))
        lists = [
            _texts(values, what)
            for values, what in (
                (provider_tags, "a provider tag"),
                (selectors, "a consumer version selector"),
                (consumer_tags, "a consumer tag"),
            )
        ]
        self._call("broker_source_with_selectors", *address, pending, wip, *lists[0], branch, *lists[1], *lists[2])

    def set_filter(self, description: str | None, state: str | None, no_state: bool) -> None:
        """Verify only interactions whose description and state match these regexes, or that have no state."""
        texts = optional_text(description, "the description filter"), optional_text(state, "the state filter")
        self._call("set_filter_info", *texts, no_state)

    def set_consumers(self, names: Sequence[str]) -> None:
        """Verify only the pacts of these consumers."""
        self._call("set_consumer_filters", *_texts(names, "a consumer's name"))

    def set_states(self, url: str, teardown: bool) -> None:
        """Let the core announce provider states to ``url``, as JSON bodies."""
        self._call("set_provider_state", c_text(url, "the state URL"), teardown, True)

    def set_options(self, disable_ssl_verification: bool, request_timeout_ms: int) -> None:
        """Set how the core talks to the provider."""
        self._call("set_verification_options", disable_ssl_verification, request_timeout_ms)

    def set_publish(self, version: str, url: str | None, branch: str | None, tags: Sequence[str]) -> None:
        """Publish the results for this provider version."""
        texts = c_text(version, "the provider's version"), optional_text(url, "the build URL")
        self._call("set_publish_options", *texts, *_texts(tags, "a tag"), optional_text(branch, "the branch"))

    def add_header(self, name: str, value: str) -> None:
        """Add a header to every request."""
        self._call("add_custom_header", c_text(name, "the header's name"), c_text(value, "the header's value"))

    def set_follow_redirects(self, follow: bool) -> None:
        """Follow redirects of the provider, or not."""
        self._call("set_follow_redirects", follow)

    def set_coloured(self, coloured: bool) -> None:
        """Colour the core's own report, or not."""
        self._call("set_coloured_output", coloured)

    def set_no_pacts_is_error(self, is_error: bool) -> None:
        """Fail when a broker has no pacts for the provider, or not."""
        self._call("set_no_pacts_is_error", is_error)

    def execute(self) -> Executed:
        """Verify; blocks.

        May be abandoned in its thread: the handle is then released when the core has finished.
        """
        if not self._running.acquire(blocking=False):
            raise UsageError("this verification is already running")
        try:
            last_error()
            with logs.captured_errors() as errors:
                code: int = lib.pactffi_verifier_execute(self.raw)
            return Executed(code, last_error(), errors)
        finally:
            self._running.release()
            if self._close_wanted:
                super().close()

    def close(self) -> None:
        """Release it, or let a run that is under way do so at its end."""
        self._close_wanted = True
        if self._running.acquire(blocking=False):
            super().close()
            self._running.release()

    @property
    def idle(self) -> bool:
        """Whether no run is under way."""
        return not self._running.locked()

    def json(self) -> dict[str, Any]:
        """Return the core's results."""
        found: dict[str, Any] = json.loads(taken(lib.pactffi_verifier_json(self.raw)) or "{}")
        return found

    def output(self, strip_ansi: bool) -> str:
        """Return the core's report as it would have printed it."""
        return taken(lib.pactffi_verifier_output(self.raw, strip_ansi)) or ""

    def logs(self) -> str:
        """Return what the core logged about this provider."""
        return taken(lib.pactffi_verifier_logs(self.raw)) or ""


def _credentials(username: str | None, password: str | None, token: str | None) -> tuple[Any, Any, Any]:
    return (
        optional_text(username, "the user name"),
        optional_text(password, "the password"),
        optional_text(token, "the token"),
    )


def _texts(values: Sequence[str], what: str) -> tuple[Any, int]:
    """Return a C array of texts and its length."""
    texts = [ffi.new("char[]", c_text(value, what)) for value in values]
    array = ffi.new("char *[]", texts) if texts else ffi.NULL
    if texts:
        _texts_of[array] = texts
    return array, len(texts)


_texts_of: weakref.WeakKeyDictionary[Any, list[Any]] = weakref.WeakKeyDictionary()  # an array does not own its texts
