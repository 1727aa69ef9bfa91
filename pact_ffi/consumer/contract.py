"""What one consumer expects of one provider: interactions, the core's pact that is built of them, and its file."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from pact_ffi.consumer.built import Built
from pact_ffi.consumer.comparing import distinct
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.pact import Kind, PactHandle
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import (
    InvalidInputError,
    PactFileError,
    PactWarning,
    SpecificationError,
    UsageError,
)
from pact_ffi.pact_file import file as pact_file
from pact_ffi.pact_file import session
from pact_ffi.pact_file.terms import file_name, identity
from pact_ffi.reporting.observers import observers
from pact_ffi.values import texts

_KIND_OF: dict[str, Kind] = {
    "Synchronous/HTTP": "HTTP",
    "Asynchronous/Messages": "Async",
    "Synchronous/Messages": "Sync",
}


class Contract:
    """The interactions between a consumer and a provider: what both APIs serve and write."""

    def __init__(self, consumer: str, provider: str, specification: PactSpecification = PactSpecification.V4) -> None:
        self.consumer = texts.party(consumer, "consumer")
        self.provider = texts.party(provider, "provider")
        self._built = Built(self.build)
        self._specification = specification
        self._interactions: list[Interaction] = []
        self._metadata: dict[str, dict[str, str]] = {}
        self._plugins: dict[str, str] = {}  # name: version
        self._transports: dict[tuple[str, Kind], str] = {}
        self._plugin_keeper: PactHandle | None = None

    @property
    def specification(self) -> PactSpecification:
        """The version of the specification that is written; V4 unless changed."""
        return self._specification

    def interactions(self, kind: Kind | Literal["All"] = "HTTP") -> list[Interaction]:
        """Return the interactions of one kind, in the order in which they were begun."""
        if kind not in ("HTTP", "Sync", "Async", "All"):
            raise InvalidInputError(f"Unknown interaction type: {kind!r}; it is 'HTTP', 'Sync', 'Async' or 'All'")
        return [interaction for interaction in self._interactions if kind in ("All", interaction.kind)]

    def _served(self, interactions: Sequence[Interaction], transport: str) -> None:
        """Remember the plugin's transport that ``interactions`` are for; the provider's side has to know it."""
        self._transports.update({(each.description, each.kind): transport for each in interactions})

    # -- telling the core --

    def _build_kind(self, kind: Kind | Literal["All"]) -> PactHandle:
        """Describe all interactions of ``kind`` to the core, unless that is done; raises what they lack."""
        handles = self._built.handles
        if kind not in handles or not handles[kind].usable:
            handles[kind] = self.build(self.interactions(kind))
        return handles[kind]

    def build(self, interactions: Sequence[Interaction]) -> PactHandle:
        """Describe ``interactions`` to a pact of their own."""
        if len(interactions) > 1:
            interactions = distinct(interactions)
        self._check_plugins(*self._plugins)
        for interaction in interactions if not self._plugins else ():
            if interaction._kept.count("plugin"):
                raise UsageError(f"interaction {interaction.title!r} has plugin contents; call using_plugin() as well")
        handle = self._new_handle()
        for name, version in self._plugins.items():
            handle.plugin(name, version, 0)
        for namespace, entries in self._metadata.items():
            for key, value in entries.items():
                handle.metadata(namespace, key, value)
        for interaction in interactions:
            interaction._tell(handle, self.specification)
        return handle

    def text(self, interactions: Sequence[Interaction] | None = None) -> str:
        """Return the pact, or one of some ``interactions``, as the core writes it."""
        chosen = self._interactions if interactions is None else interactions
        kinds = {interaction.kind for interaction in chosen}
        if self.specification < PactSpecification.V4 and len(kinds) > 1:
            raise SpecificationError(
                "HTTP interactions and messages in one pact need specification V4,"
                f" but this pact is {self.specification}"
            )
        if interactions is not None:
            handle = self.build(interactions)
        else:
            handle = self._build_kind(kinds.pop() if len(kinds) == 1 else "All")  # often the one that was served
        text = handle.file_text()
        for interaction in chosen:
            self._warn_of_gaps(interaction, any(other._tried for other in chosen))
        if self.specification < PactSpecification.V3 and any(each._query() for each in chosen):
            text = _with_queries(text, chosen)
        if not self._transports and all(set(each._spelled.values()) <= {"Content-Type"} for each in chosen):
            return text
        return self._completed(text, chosen)

    def _warn_of_gaps(self, interaction: Interaction, some_tried: bool) -> None:
        gap = interaction._missing()
        if gap is not None:
            warnings.warn(f"interaction {interaction.title!r} has no {gap}", PactWarning, stacklevel=5)
        elif some_tried and not interaction._tried:
            what = "no mock server served it" if interaction.kind == "HTTP" else "it was not verified with a handler"
            message = f"interaction {interaction.title!r} is written, but nothing checked it: {what}"
            warnings.warn(message, PactWarning, stacklevel=5)

    def _completed(self, text: str, interactions: Sequence[Interaction]) -> str:
        """Put into the file what the core has no function for: transports, and how a test spells Content-Type."""
        document = json.loads(text)
        spelled = {(each.description, each.kind): each._spelled for each in interactions}
        for item in document.get("interactions", ()):
            key = item["description"], _KIND_OF[item.get("type", "Synchronous/HTTP")]
            if transport := self._transports.get(key):
                item["transport"] = transport
            for part, name in spelled.get(key, {}).items():
                headers = item.get(part.lower(), {}).get("headers", {})
                if "Content-Type" in headers:
                    headers[name] = headers.pop("Content-Type")
        return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)

    def close(self) -> None:
        """Give everything back to the core, plugins included."""
        for handle in self._built.handles.values():
            handle.close()
        self._built.handles.clear()
        if self._plugin_keeper is not None:
            self._plugin_keeper.close()
            self._plugin_keeper = None

    def _check_plugins(self, *names: str) -> None:
        for name in names:
            if self.specification < PactSpecification.V4:
                raise SpecificationError(
                    f"plugin {name!r} needs specification V4, but this pact is {self.specification}"
                )

    def _new_handle(self) -> PactHandle:
        return PactHandle(self.consumer, self.provider, self.specification)

    # -- the file --

    def write_file(self, directory: Path | str | None = None, *, overwrite: bool = False) -> None:
        """Write ``{consumer}-{provider}.json`` into ``directory`` (default: the current one).

        It is merged with what the file holds, unless ``overwrite``, and complete when this returns.
        Raises `PactFileError` for a file that is no pact, is another's, or cannot be written.

        >>> answered = pact.upon_receiving("are you there?").with_request("GET", "/").will_respond_with(204)
        >>> pact.write_file("pacts")
        >>> sorted(os.listdir("pacts"))
        ['consumer-provider.json', 'shop-orders.json']
        """
        self.write(self.default_path(directory), overwrite=overwrite)

    def write(self, path: Path, *, overwrite: bool = False, interactions: Sequence[Interaction] | None = None) -> None:
        """Write the pact, or one of some ``interactions``, to ``path``, as `write_file` does."""
        if not (self._interactions if interactions is None else interactions):
            return  # nothing was described, as in a test that was skipped before
        text = self.text(interactions)
        self.put(pact_file.PactFile.parse(text, "this pact"), path, overwrite=overwrite)
        for observe in observers:
            observe({"side": "consumer", "consumer": self.consumer, "provider": self.provider, "text": text})

    def put(self, file: pact_file.PactFile, path: Path, *, overwrite: bool = False) -> None:
        """Write ``file``, a pact of the same parties and version, as `write` does."""
        session.put(path, file, overwrite=overwrite, upgraded=self._upgraded)

    def default_path(self, directory: Path | str | None) -> Path:
        """Return ``{consumer}-{provider}.json`` in ``directory``, which defaults to the current one."""
        if not isinstance(directory, (str, os.PathLike, type(None))) or "\0" in str(directory):
            raise PactFileError(f"the folder of a pact file must be a path, not {directory!r}")
        return Path(directory or ".") / file_name(self.consumer, self.provider)

    def _upgraded(self, text: str) -> str:
        """Let the core read an older pact and write it in this contract's version."""
        return self._new_handle().merged_text(text)


def _with_queries(text: str, interactions: Sequence[Interaction]) -> str:
    """Return a pact of version 2 with its queries percent-encoded: the core writes ``\xf6`` as ``%f6``, or as it is."""
    queries = {interaction._identity: interaction._query() for interaction in interactions}
    document = json.loads(text)
    for item in document["interactions"]:
        pairs = queries[identity(item, "HTTP")]
        if not all((name + value).isascii() for name, value in pairs):
            item["request"]["query"] = urlencode(pairs)
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)
