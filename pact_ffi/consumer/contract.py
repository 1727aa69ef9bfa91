"""What one consumer expects of one provider: recordings, and the core's pact that is built of them."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pact_ffi.consumer.recording import Recording
from pact_ffi.core import plugins
from pact_ffi.core.pact import Kind, PactHandle
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import (
    InvalidInputError,
    PactConflictError,
    PactFileError,
    PactWarning,
    PluginError,
    SpecificationError,
    UsageError,
)
from pact_ffi.pact_file import file as pact_file
from pact_ffi.pact_file import session
from pact_ffi.values import guards

KINDS: tuple[Kind, ...] = ("HTTP", "Async", "Sync")
_KIND_OF: dict[str, Kind] = {
    "Synchronous/HTTP": "HTTP",
    "Asynchronous/Messages": "Async",
    "Synchronous/Messages": "Sync",
}


class Built:
    """What the core was told so far: all that a recording knows of its contract, lest one keeps the other alive."""

    def __init__(self) -> None:
        self.serving = 0  # mock servers that run now
        self.handles: dict[frozenset[Kind], PactHandle] = {}

    def changing(self) -> None:
        """Forget it; raises `UsageError` while a mock server runs, which would not see the change."""
        if self.serving:
            raise UsageError("the mock server is running and cannot see what is added now; describe it before serving")
        self.handles.clear()


class Contract:
    """The interactions between a consumer and a provider, in the words of both APIs' engine."""

    def __init__(self, consumer: str, provider: str, specification: PactSpecification) -> None:
        self.consumer = guards.name(consumer, "consumer")
        self.provider = guards.name(provider, "provider")
        self.specification = specification
        self.recordings: list[Recording] = []
        self.metadata: dict[str, dict[str, str]] = {}
        self.built = Built()
        self.changing = self.built.changing
        self._plugins: dict[str, str] = {}  # name: version
        self._transports: dict[tuple[str, Kind], str] = {}
        self._plugin_keeper: PactHandle | None = None

    def add(self, kind: Kind, description: str) -> Recording:
        """Begin an interaction."""
        self.changing()
        guards.text(description, "the description of an interaction")
        recording = Recording(kind, description, self.changing)
        self.recordings.append(recording)
        return recording

    def plugin(self, name: str, version: str | None, delay_ms: int) -> None:
        """Load a plugin, for as long as this contract lives."""
        self.changing()
        if isinstance(delay_ms, bool) or not isinstance(delay_ms, int) or not 0 <= delay_ms < 2**31:
            raise InvalidInputError(f"the delay of a plugin is a number of milliseconds, not {delay_ms!r}")
        self._check_plugins(guards.text(name, "the plugin's name"))
        found = plugins.resolve(name, version and guards.text(version, "the plugin's version"))
        if self._plugins.get(name, found) != found:
            raise PluginError(f"plugin {name!r} is in use in version {self._plugins[name]}; it cannot be {found}, too")
        if name in self._plugins:
            return
        if self._plugin_keeper is None or not self._plugin_keeper.usable:
            self._plugin_keeper = self._new_handle()
        self._plugin_keeper.plugin(name, found, delay_ms)
        self._plugins[name] = found

    def served(self, recordings: Collection[Recording], transport: str) -> None:
        """Remember the plugin's transport that ``recordings`` are for; the provider's side has to know it."""
        self._transports.update({(each.description, each.kind): transport for each in recordings})

    def _check_plugins(self, *names: str) -> None:
        for name in names:
            if self.specification < PactSpecification.V4:
                raise SpecificationError(
                    f"plugin {name!r} needs specification V4, but this pact is {self.specification}"
                )

    def build(self, kinds: Collection[Kind] = KINDS) -> PactHandle:
        """Describe all interactions of ``kinds`` to the core; raises what they lack."""
        key, handles = frozenset(kinds), self.built.handles
        if key not in handles or not handles[key].usable:
            handles[key] = self.build_only([each for each in self.recordings if each.kind in key])
        return handles[key]

    def only(self, recordings: Sequence[Recording]) -> Contract:
        """Return a contract of ``recordings`` alone, between the same parties."""
        part = Contract(self.consumer, self.provider, self.specification)
        part.recordings, part.metadata, part._plugins = list(recordings), self.metadata, self._plugins
        part._transports = self._transports
        return part

    def annotate(self, namespace: str, entries: Mapping[str, str]) -> None:
        """Add entries to the metadata of the pact file."""
        self.changing()
        for text in (namespace, *guards.mapping(entries, "pact metadata"), *entries.values()):
            guards.text(text, "pact metadata")
        self.metadata.setdefault(namespace, {}).update(entries)

    def default_path(self, directory: Path | str | None) -> Path:
        """Return ``{consumer}-{provider}.json`` in ``directory``, which defaults to the current one."""
        if not isinstance(directory, (str, os.PathLike, type(None))) or "\0" in str(directory):
            raise PactFileError(f"{directory!r} is no path of a folder")
        return Path(directory or ".") / f"{self.consumer}-{self.provider}.json"

    def _new_handle(self) -> PactHandle:
        return PactHandle(self.consumer, self.provider, self.specification)

    def build_only(self, recordings: Sequence[Recording]) -> PactHandle:
        """Describe ``recordings`` to a pact of their own."""
        if len(recordings) > 1:
            _check_identities(recordings)
        self._check_plugins(*self._plugins)
        for recording in recordings if not self._plugins else ():
            if recording.has_plugin_contents:
                raise UsageError(f"interaction {recording.title!r} has plugin contents; say using_plugin(...) as well")
        handle = self._new_handle()
        for name, version in self._plugins.items():
            handle.plugin(name, version, 0)
        for namespace, entries in self.metadata.items():
            for key, value in entries.items():
                handle.metadata(namespace, key, value)
        for recording in recordings:
            recording.replay(handle, self.specification)
        return handle

    def text(self) -> str:
        """Return the pact as the core writes it."""
        kinds = {each.kind for each in self.recordings}
        if self.specification < PactSpecification.V4 and len(kinds) > 1:
            raise SpecificationError(
                "HTTP interactions and messages in one pact need specification V4,"
                f" but this pact is {self.specification}"
            )
        text = self.build(kinds).file_text()  # often what was served, so it is there already
        if not self._transports:
            return text
        document = json.loads(text)  # the core has no function that sets an interaction's transport
        for item in document["interactions"]:
            transport = self._transports.get((item["description"], _KIND_OF[item["type"]]))
            item.update({"transport": transport} if transport else {})
        return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)

    def write(self, path: Path, *, overwrite: bool = False) -> Path:
        """Write the pact to ``path``, merged with what is there unless ``overwrite``; raises `PactFileError`."""
        if not self.recordings:
            raise UsageError(f"there is no interaction between {self.consumer!r} and {self.provider!r} to write")
        self.put(pact_file.PactFile.parse(self.text(), "this pact"), path, overwrite=overwrite)
        return path

    def put(self, file: pact_file.PactFile, path: Path, *, overwrite: bool = False) -> None:
        """Write ``file``, a pact of this contract's parties and version, as `write` does."""
        session.put(path, file, overwrite=overwrite, upgraded=self._upgraded)

    def _upgraded(self, text: str) -> str:
        """Let the core read an older pact and write it in this contract's version."""
        return self._new_handle().merged_text(text)

    def close(self) -> None:
        """Give everything back to the core, plugins included."""
        for handle in self.built.handles.values():
            handle.close()
        self.built.handles.clear()
        if self._plugin_keeper is not None:
            self._plugin_keeper.close()
            self._plugin_keeper = None


def check_served(recordings: Sequence[Recording]) -> None:
    """Raise `InvalidInputError` for interactions that an earlier one with the same request would hide."""
    if len(recordings) < 2:
        return
    seen: dict[str, Recording] = {}
    for recording in recordings:
        first = seen.setdefault(recording.request_key(), recording)
        if first is not recording and first.response_key() != recording.response_key():
            raise InvalidInputError(
                f"interactions {first.title!r} and {recording.title!r} have the same request but different responses:"
                " a mock server could only ever serve the first. Serve them one at a time, or make the requests differ."
            )
        if first is not recording and first.identity != recording.identity:
            titles = f"{first.title!r} and {recording.title!r}"
            warnings.warn(f"{titles} are served as one: request and response are equal", PactWarning, stacklevel=3)


def _check_identities(recordings: Sequence[Recording]) -> None:
    seen: dict[tuple[str, str, str], Recording] = {}
    for recording in recordings:
        first = seen.setdefault(recording.identity, recording)
        if first is not recording and not first.says_the_same(recording):
            known, new = (json.dumps(each.shown(), indent=2, default=str) for each in (first, recording))
            raise PactConflictError(pact_file.conflict(recording.identity, known, new, "this pact"))
